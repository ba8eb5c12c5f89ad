"""Planning a try to charge: a row with its key, before anything is asked."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actor import Actor
from billing.enums import AttemptCause
from billing.models import DunningCase, Invoice, PaymentAttempt, PaymentMethod
from billing.selectors.dunning.attempts import (
    account_rests,
    against_account,
    against_case,
    against_invoice,
    default_method,
    open_attempt,
    owed_now,
)
from common.errors import KeepwellError
from common.jobs import enqueue

# What stands against charging, and what to do about it.
AGAINST = {
    "paid": gettext_noop("Nothing is owed on this invoice any more."),
    "void": gettext_noop("This invoice was credited in full: nothing is owed on it."),
    "not_charged": gettext_noop(
        "This invoice is paid by transfer; it cannot be charged."
    ),
    "subscription_ended": gettext_noop(
        "The subscription has ended, so it is not charged any more. Ask the customer for "
        "the amount, or write it off."
    ),
    "case_closed": gettext_noop(
        "The collecting of this invoice is over. Take it up again first."
    ),
    "waits": gettext_noop("Somebody asked to leave this invoice alone for now."),
    "no_gateway": gettext_noop(
        "This invoice belongs to no gateway: note the payment when it comes in."
    ),
    "gateway_off": gettext_noop("The gateway is switched off. Switch it on first."),
    "gateway_collects": gettext_noop(
        "The gateway tries failed payments again by itself. Let Keepwell do it in the "
        "settings of the gateway, or wait."
    ),
    "gateway_trouble": gettext_noop(
        "The gateway does not let us in at the moment. See its page in the settings."
    ),
    "open_attempt": gettext_noop(
        "A try is under way already. Wait until it is known what became of it."
    ),
    "no_method": gettext_noop(
        "The customer has no payment method that could be charged. Ask for a new one."
    ),
}


class UnableToCharge(KeepwellError):
    """An invoice is not to be charged; `reason` is a code of dunning's reasons."""

    def __init__(self, reason: str) -> None:
        super().__init__(_(AGAINST[reason]))
        self.reason = reason


@transaction.atomic
def attempt_plan(
    *,
    invoice: Invoice,
    case: DunningCase | None,
    cause: AttemptCause,
    by: Actor,
    now: dt.datetime,
) -> PaymentAttempt:
    """This will note that an invoice is to be charged, and wake a worker to do it.

    Call it with the invoice locked. The row carries the key that the gateway will be asked
    with, however often it takes. Raises UnableToCharge where something stands against it;
    all of it is looked at again right before the charge. About fifteen statements.
    """
    account, method = invoice.gateway, default_method(invoice)
    reason = (
        against_invoice(invoice, now=now)
        or against_case(case, cause=cause, now=now)
        or against_account(account)
        or _against_trying(invoice, method, now=now)
    )
    if reason or account is None:
        raise UnableToCharge(reason)
    attempt = PaymentAttempt.objects.create(
        invoice=invoice,
        case=case,
        customer_id=invoice.customer_id,
        account=account,
        method=method,
        number=next_number(invoice),
        key=uuid.uuid4(),
        cause=cause,
        amount=owed_now(invoice),
        currency=invoice.currency,
        planned_at=now,
        actor=by.user,
    )
    enqueue("billing.attempt_ask", attempt_id=attempt.pk)
    return attempt


def _against_trying(
    invoice: Invoice, method: PaymentMethod | None, *, now: dt.datetime
) -> str:
    """What passes by itself, or by another payment method."""
    if invoice.gateway is not None and account_rests(invoice.gateway, now=now):
        return "gateway_trouble"
    if open_attempt(invoice) is not None:
        return "open_attempt"
    return "" if method else "no_method"


def next_number(invoice: Invoice) -> int:
    """This will number the next try of an invoice that is locked. One query."""
    last = invoice.attempts.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
