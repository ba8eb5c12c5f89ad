"""Tries to collect an invoice."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.selectors import company
from accounts.services.audit import audit_record
from billing.enums import PaymentState
from billing.models import Invoice, Payment
from billing.selectors.invoices import invoice_sums_of
from billing.services.ledger import ledger_refresh
from billing.services.recorded import (
    Recorded,
    amount_check,
    happened_check,
    known_as,
    same_or_refused,
)
from billing.services.settling import invoice_locked, invoice_settle
from common.dates import local_day
from common.templatetags.ui import money_exact


@transaction.atomic
def payment_record(
    *,
    invoice: Invoice,
    state: PaymentState,
    amount: Decimal,
    happened_at: dt.datetime,
    by: Actor,
    now: dt.datetime,
    external_id: str | None = None,
    currency: str = "",
    reason: str = "",
) -> Recorded[Payment]:
    """This will note a try to collect an invoice, and settle it when all is paid.

    More than what is owed is taken and said. Raises UnableToRecord for another currency
    than the invoice's, a moment to come, or a number that stands for something else.
    """
    invoice = invoice_locked(invoice)
    currency = currency or invoice.currency
    values = {
        "invoice_id": invoice.pk,
        "state": str(state),
        "amount": amount,
        "currency": currency,
        "happened_at": happened_at,
        "reason": reason,
    }
    there = known_as(Payment.objects.all(), external_id)
    if there is not None:
        words = _("Payment %(number)s") % {"number": external_id}
        return same_or_refused(there, values, number=words)
    amount_check(amount, currency, of=invoice.currency)
    happened_check(happened_at, now=now)
    row = Payment.objects.create(
        customer_id=invoice.customer_id,
        external_id=external_id,
        recorded_at=now,
        **values,
    )
    notes: list[str] = []
    if state == PaymentState.SUCCEEDED:
        day = local_day(happened_at, ZoneInfo(company().time_zone))
        invoice_settle(invoice=invoice, on=day, now=now)
        more = invoice_sums_of(invoice).overpaid
        if more:
            msg = _("%(amount)s more than was owed.")
            notes.append(msg % {"amount": money_exact(more, currency)})
    audit_record(
        by=by,
        action="billing.payment_recorded",
        now=now,
        subject=invoice,
        after={"state": str(state), "amount": amount, "currency": currency},
    )
    ledger_refresh(customers=[invoice.customer_id], now=now)
    return Recorded(row, created=True, notes=notes)
