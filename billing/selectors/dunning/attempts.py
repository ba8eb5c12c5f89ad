"""Tries to charge: what stands against one, and those that wait for somebody."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.selectors import company
from billing.enums import AttemptCause, AttemptState, CaseState, Collection
from billing.models import (
    DunningCase,
    GatewayAccount,
    Invoice,
    PaymentAttempt,
    PaymentMethod,
)
from billing.selectors.invoices import invoice_sums_of
from common.dates import local_day

# Whose outcome is open: of these an invoice has one at most.
OPEN = (AttemptState.PLANNED, AttemptState.ASKED, AttemptState.UNKNOWN)


def owed_now(invoice: Invoice) -> Decimal:
    """This will return what may be charged for an invoice. Three queries."""
    return invoice_sums_of(invoice).owing


def against_invoice(invoice: Invoice, *, now: dt.datetime) -> str:
    """This will return why an invoice is not to be charged, "" if nothing is against it.

    A code of `calculations.dunning.reasons`. Call it with the invoice locked. Four queries.
    """
    sums = invoice_sums_of(invoice)
    if sums.total and sums.credited >= sums.total:
        return "void"
    if sums.owing <= 0:
        return "paid"
    if invoice.collection != Collection.CHARGE:
        return "not_charged"
    ended_on = invoice.subscription.ended_on if invoice.subscription else None
    if ended_on and ended_on <= local_day(now, ZoneInfo(company().time_zone)):
        return "subscription_ended"
    return ""


def against_case(case: DunningCase | None, *, cause: str, now: dt.datetime) -> str:
    """This will return why a case is not worked on now; a person may try all the same."""
    if case is None:
        return ""
    if case.state != CaseState.OPEN:
        return "case_closed"
    waits = case.waits_until is not None and case.waits_until > now
    return "waits" if waits and cause != AttemptCause.PERSON else ""


def against_account(account: GatewayAccount | None) -> str:
    """This will return why we never charge there, "" where we do."""
    if account is None:
        return "no_gateway"
    if not account.is_on:
        return "gateway_off"
    return "" if account.collects else "gateway_collects"


def account_rests(account: GatewayAccount, *, now: dt.datetime) -> bool:
    """This will tell whether the gateway has refused us ourselves, and we do not ask yet."""
    return account.resumes_at is not None and account.resumes_at > now


def default_method(invoice: Invoice) -> PaymentMethod | None:
    """This will return what a charge of an invoice would be made with. One query."""
    rows = PaymentMethod.objects.filter(
        account=invoice.gateway_id, customer=invoice.customer_id
    )
    return rows.filter(is_default=True, removed_at__isnull=True).first()


def against_method(attempt: PaymentAttempt) -> str:
    """This will return whether what was to be charged has changed since. One query.

    Changed in place counts: what is new is tried at once, by an attempt of its own.
    """
    if attempt.method_id is None:
        return "method_changed"
    method = PaymentMethod.objects.filter(pk=attempt.method_id).first()
    if method is None or method.removed_at is not None or not method.is_default:
        return "method_changed"
    return "method_changed" if method.changed_at > attempt.planned_at else ""


def open_attempt(invoice: Invoice) -> PaymentAttempt | None:
    """This will return the try whose outcome is open, if there is one. One query."""
    return PaymentAttempt.objects.filter(invoice=invoice, state__in=OPEN).first()


def attempts_free(now: dt.datetime) -> QuerySet[PaymentAttempt]:
    """This will return planned tries of ours that nobody holds and that may be asked now."""
    due = Q(look_at__isnull=True) | Q(look_at__lte=now)
    return _unclaimed().filter(due, state=AttemptState.PLANNED, key__isnull=False)


def attempts_left_behind() -> QuerySet[PaymentAttempt]:
    """This will return tries under way that whoever asked has not told the end of."""
    return PaymentAttempt.objects.filter(
        state=AttemptState.ASKED, lease_until__lt=Now()
    )


def attempts_unknown(now: dt.datetime) -> QuerySet[PaymentAttempt]:
    """This will return tries of unknown outcome that may be asked about now."""
    due = Q(look_at__isnull=True) | Q(look_at__lte=now)
    return _unclaimed().filter(due, state=AttemptState.UNKNOWN, key__isnull=False)


def _unclaimed() -> QuerySet[PaymentAttempt]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    return PaymentAttempt.objects.filter(free)
