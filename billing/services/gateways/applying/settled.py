"""How an invoice came to be owed no more, where no payment says so."""

import datetime as dt
from decimal import Decimal

from accounts.actor import MACHINE
from billing.enums import PaymentState
from billing.gateways.objects import RemoteInvoice
from billing.models import CreditNote, Invoice
from billing.selectors.invoices import invoice_sums_of
from billing.services.credit_notes import credit_note_record
from billing.services.gateways.applying.ground import Ground
from billing.services.payments import payment_record
from billing.services.settling import invoice_settle

VOID = "void:"
OUTSIDE = "outside:"


def credits_take(ground: Ground, invoice: Invoice, remote: RemoteInvoice) -> bool:
    """This will write credit notes; a void invoice is credited by what is left of it."""
    changed = False
    for number, amount, when in remote.credits:
        changed |= _credit(ground, invoice, number, amount, when)
    if remote.state == "void":
        number = f"{VOID}{remote.external_id}"
        when = remote.settled_at or ground.now
        changed |= _credit(ground, invoice, number, invoice.total, when)
    return changed


def _credit(
    ground: Ground, invoice: Invoice, number: str, amount: Decimal, when: dt.datetime
) -> bool:
    if CreditNote.objects.filter(external_id=number).exists():
        return False
    left = invoice.total - invoice_sums_of(invoice).credited
    amount = min(amount, left)
    if amount <= 0:
        return False
    when = ground.past(when)
    on = max(invoice.issued_on, ground.day(when))
    if not ground.history:
        credit_note_record(
            invoice=invoice,
            amount=amount,
            issued_on=on,
            external_id=number,
            by=MACHINE,
            now=ground.now,
        )
        invoice.refresh_from_db()
        return True
    CreditNote.objects.create(
        invoice=invoice,
        customer_id=invoice.customer_id,
        external_id=number,
        issued_on=on,
        amount=amount,
        currency=invoice.currency,
        recorded_at=ground.known_at(when),
        recorded_assumed=True,
    )
    invoice_settle(invoice=invoice, on=on, now=ground.known_at(when))
    return True


def rest_settle(ground: Ground, invoice: Invoice, remote: RemoteInvoice) -> bool:
    """This will settle an invoice that the gateway calls paid or void.

    What is missing of one that is paid came in beside the gateway. The last thing that is
    done to an invoice: its own payments and credits are here.
    """
    if remote.state not in {"paid", "void"}:
        return False
    invoice.refresh_from_db()
    if invoice.paid_on is not None:
        return False
    settled_at = ground.past(remote.settled_at or ground.now)
    on = max(invoice.issued_on, ground.day(settled_at))
    if ground.history:
        # An import reads the payments later; the gateway says that nothing is owed.
        invoice.paid_on, invoice.paid_recorded_at = on, settled_at
        invoice.save(update_fields=["paid_on", "paid_recorded_at"])
        return True
    owing = invoice_sums_of(invoice).owing
    if remote.state == "paid" and owing > 0:
        payment_record(
            invoice=invoice,
            state=PaymentState.SUCCEEDED,
            amount=owing,
            happened_at=settled_at,
            external_id=f"{OUTSIDE}{invoice.external_id}",
            by=MACHINE,
            now=ground.now,
        )
        invoice.refresh_from_db()
    return invoice_settle(invoice=invoice, on=on, now=ground.now) or owing > 0
