"""Invoices, with what was paid on them, credited and given back."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import MACHINE
from billing.enums import ObjectKind
from billing.gateways.objects import RemoteInvoice
from billing.models import Invoice, InvoiceLine
from billing.services.gateways.applying.dunning import (
    invoice_case_stop,
    invoice_case_touch,
)
from billing.services.gateways.applying.errors import UnableToApply
from billing.services.gateways.applying.ground import Ground, customer_of, owner_note
from billing.services.gateways.applying.invoice_values import invoice_values
from billing.services.gateways.applying.payments import payments_take
from billing.services.gateways.applying.settled import credits_take, rest_settle
from billing.services.invoices import InvoiceValues, invoice_record
from billing.services.ledger import ledger_refresh
from billing.services.settling import invoice_locked
from customers.models import Customer

LONGEST_URL = 500
LONGEST_NUMBER = 60


def invoice_apply(ground: Ground, remote: RemoteInvoice) -> bool:
    """This will write an invoice and all that belongs to it.

    A draft is nothing anybody owes yet. What was finalised never changes its amounts; one
    that does is refused. A void one is credited in full, one that is written off is
    collected no more. Locks the invoice first.
    """
    if remote.state == "draft":
        return False
    customer = customer_of(ground, remote.customer)
    row = Invoice.objects.filter(external_id=remote.external_id).first()
    made = row is None
    if row is None:
        row = _made(ground, remote, customer)
    invoice = invoice_locked(row)
    _check(invoice, remote, customer)
    owner_note(ground, ObjectKind.INVOICE, remote.external_id, customer)
    changed = _columns(ground, invoice, remote) or made
    changed |= credits_take(ground, invoice, remote)
    changed |= payments_take(ground, invoice, remote)
    changed |= rest_settle(ground, invoice, remote)
    if changed:
        ledger_refresh(customers=[customer.pk], now=ground.now)
    if ground.history:
        return changed
    if remote.state == "written_off":
        changed |= invoice_case_stop(ground, invoice)
    elif changed:
        invoice_case_touch(ground, invoice)
    return changed


def _check(invoice: Invoice, remote: RemoteInvoice, customer: Customer) -> None:
    if invoice.customer_id != customer.pk:
        text = _("Invoice %(number)s belongs to another customer here.")
        raise UnableToApply(text % {"number": remote.external_id})
    ours = (invoice.total, invoice.tax, invoice.currency)
    if ours == (remote.total, remote.tax, remote.currency):
        return
    text = _(
        "Invoice %(number)s is here already over %(ours)s, and %(theirs)s at the gateway. "
        "Correct ours with a credit note."
    )
    raise UnableToApply(
        text
        % {
            "number": remote.external_id,
            "ours": f"{invoice.total} + {invoice.tax} {invoice.currency}",
            "theirs": f"{remote.total} + {remote.tax} {remote.currency}",
        }
    )


def _made(ground: Ground, remote: RemoteInvoice, customer: Customer) -> Invoice:
    values = invoice_values(ground, remote, customer)
    if ground.history:
        return _made_then(ground, remote, values)
    return invoice_record(values=values, by=MACHINE, now=ground.now).row


def _made_then(ground: Ground, remote: RemoteInvoice, values: InvoiceValues) -> Invoice:
    """This will write an invoice of the past: known since then, and noted by no one."""
    row = Invoice.objects.create(
        external_id=values.external_id,
        recorded_at=ground.known_at(remote.issued_at),
        recorded_assumed=True,
        **values.fields(),
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(invoice=row, customer_id=row.customer_id, **line.fields(place))
        for place, line in enumerate(values.lines, 1)
    )
    return row


def _columns(ground: Ground, invoice: Invoice, remote: RemoteInvoice) -> bool:
    """This will bring in step what may change after an invoice is written."""
    hosted = remote.hosted_url if len(remote.hosted_url) <= LONGEST_URL else ""
    wanted: dict[str, Any] = {
        "gateway_id": ground.account.pk,
        "collection": str(remote.collection),
        "hosted_url": hosted,
        "printed_number": remote.number[:LONGEST_NUMBER],
        "due_on": _due_on(ground, invoice.issued_on, remote),
    }
    changed = [
        name for name, value in wanted.items() if getattr(invoice, name) != value
    ]
    for name in changed:
        setattr(invoice, name, wanted[name])
    if changed:
        invoice.save(update_fields=[name.removesuffix("_id") for name in changed])
    return bool(changed)


def _due_on(ground: Ground, issued_on: dt.date, remote: RemoteInvoice) -> dt.date:
    due = ground.day(remote.due_at) if remote.due_at else issued_on
    return max(issued_on, due)
