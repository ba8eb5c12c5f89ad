"""Credit notes: parts of an invoice that are no longer owed."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from billing.models import CreditNote, Invoice
from billing.selectors.invoices import invoice_sums_of
from billing.services.ledger import ledger_refresh
from billing.services.recorded import (
    Recorded,
    UnableToRecord,
    amount_check,
    known_as,
    same_or_refused,
)
from billing.services.settling import invoice_locked, invoice_settle
from common.templatetags.ui import day_long, money_exact


@transaction.atomic
def credit_note_record(
    *,
    invoice: Invoice,
    amount: Decimal,
    issued_on: dt.date,
    by: Actor,
    now: dt.datetime,
    external_id: str | None = None,
    currency: str = "",
    reason: str = "",
) -> Recorded[CreditNote]:
    """This will note that a part of an invoice is no longer owed; `amount` is net of tax.

    All credit notes of an invoice together are never more than it. One over the rest
    settles it on the day of the note: nobody waits for money_exact any more, so it is neither
    overdue nor late from then on, and its lines may be charged again by another invoice.
    """
    invoice = invoice_locked(invoice)
    currency = currency or invoice.currency
    values = {
        "invoice_id": invoice.pk,
        "amount": amount,
        "currency": currency,
        "issued_on": issued_on,
        "reason": reason,
    }
    there = known_as(CreditNote.objects.all(), external_id)
    if there is not None:
        words = _("Credit note %(number)s") % {"number": external_id}
        return same_or_refused(there, values, number=words)
    amount_check(amount, currency, of=invoice.currency)
    _room_check(invoice, amount, issued_on)
    row = CreditNote.objects.create(
        customer_id=invoice.customer_id,
        external_id=external_id,
        recorded_at=now,
        **values,
    )
    invoice_settle(invoice=invoice, on=issued_on, now=now)
    audit_record(
        by=by,
        action="billing.credit_noted",
        now=now,
        subject=invoice,
        after={"amount": amount, "currency": currency, "issued_on": issued_on},
    )
    ledger_refresh(customers=[invoice.customer_id], now=now)
    return Recorded(row, created=True)


def _room_check(invoice: Invoice, amount: Decimal, issued_on: dt.date) -> None:
    if issued_on < invoice.issued_on:
        msg = _("The credit note is of %(day)s, before the invoice of %(issued)s.")
        days = {"day": day_long(issued_on), "issued": day_long(invoice.issued_on)}
        raise UnableToRecord(msg % days)
    left = invoice.total - invoice_sums_of(invoice).credited
    if amount > left:
        msg = _(
            "A credit of %(amount)s is more than the invoice: %(left)s without tax is "
            "left to credit."
        )
        raise UnableToRecord(
            msg
            % {
                "amount": money_exact(amount, invoice.currency),
                "left": money_exact(left, invoice.currency),
            }
        )
