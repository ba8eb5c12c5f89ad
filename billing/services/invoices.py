"""Invoices with their lines."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from billing.models import Invoice, InvoiceLine, Subscription
from billing.services.invoice_lines import (
    LineValues,
    lines_check,
    lines_overlap_check,
)
from billing.services.ledger import ledger_refresh
from billing.services.recorded import (
    Recorded,
    UnableToRecord,
    cents_check,
    currency_check,
    same_or_refused,
)
from common.templatetags.ui import day_long
from customers.models import Customer

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class InvoiceValues:
    """An invoice as its source tells it; `total` is net of tax.

    Without lines an invoice stands for itself; with lines it is their sum.
    """

    customer: Customer
    external_id: str
    issued_on: dt.date
    due_on: dt.date
    total: Decimal
    currency: str
    tax: Decimal = ZERO
    mrr: Decimal | None = None
    subscription: Subscription | None = None
    lines: Sequence[LineValues] = ()

    def fields(self) -> dict[str, Any]:
        """This will return the invoice's own columns."""
        return {
            "customer_id": self.customer.pk,
            "subscription_id": self.subscription.pk if self.subscription else None,
            "issued_on": self.issued_on,
            "due_on": self.due_on,
            "total": self.total,
            "tax": self.tax,
            "mrr": self.mrr,
            "currency": self.currency,
        }


def invoice_record(
    *, values: InvoiceValues, by: Actor, now: dt.datetime
) -> Recorded[Invoice]:
    """This will note an invoice with its lines.

    The same one again changes nothing and says so; one with the same number that differs
    raises UnableToRecord with the fields, and so does whatever makes no sense: a due day
    before the issue, lines that do not sum up, days that another invoice has charged, an
    unknown currency. About eight statements.
    """
    notes = _check(values)
    try:
        return _stored(values, notes, by, now)
    except IntegrityError:
        # Somebody else was quicker with the same number or the same days: now that it is
        # there, either it is the same or there is a text that says what is wrong.
        return _stored(values, notes, by, now)


def _check(values: InvoiceValues) -> list[str]:
    cents_check(total=values.total, tax=values.tax)
    if values.total < 0 or values.tax < 0:
        msg = _(
            "An invoice is never negative. Note a credit on the invoice it is about."
        )
        raise UnableToRecord(msg)
    if values.due_on < values.issued_on:
        msg = _(
            "Due on %(due)s, before it was issued on %(issued)s: correct one of the days."
        )
        days = {
            "due": day_long(values.due_on),
            "issued": day_long(values.issued_on),
        }
        raise UnableToRecord(msg % days)
    subscription = values.subscription
    if subscription and subscription.customer_id != values.customer.pk:
        raise UnableToRecord(_("The subscription is another customer's."))
    lines_check(
        values.lines,
        customer_id=values.customer.pk,
        total=values.total,
        tax=values.tax,
    )
    return currency_check(values.currency, values.issued_on)


@transaction.atomic
def _stored(
    values: InvoiceValues, notes: list[str], by: Actor, now: dt.datetime
) -> Recorded[Invoice]:
    _locked(values.lines)
    number = values.external_id
    there = Invoice.objects.filter(external_id=number).first()
    if there is not None:
        more = [] if _same_lines(there, values.lines) else [_("lines")]
        words = _("Invoice %(number)s") % {"number": number}
        return same_or_refused(there, values.fields(), number=words, more=more)
    lines_overlap_check(values.lines)
    row = Invoice.objects.create(external_id=number, recorded_at=now, **values.fields())
    InvoiceLine.objects.bulk_create(
        InvoiceLine(invoice=row, customer_id=row.customer_id, **line.fields(place))
        for place, line in enumerate(values.lines, 1)
    )
    audit_record(
        by=by,
        action="billing.invoice_recorded",
        now=now,
        subject=row,
        after={
            "number": number,
            "total": values.total,
            "tax": values.tax,
            "currency": values.currency,
        },
    )
    ledger_refresh(customers=[row.customer_id], now=now)
    return Recorded(row, created=True, notes=notes)


def _locked(lines: Sequence[LineValues]) -> None:
    """This will let one at a time charge for a subscription.

    Two that both insert overlapping days would each wait for the other's to be decided.
    """
    ids = {line.subscription.pk for line in lines if line.subscription}
    rows = Subscription.objects.filter(pk__in=ids).select_for_update(no_key=True)
    list(rows.order_by("pk").values_list("pk", flat=True))


def _same_lines(invoice: Invoice, lines: Sequence[LineValues]) -> bool:
    wanted = [line.fields(place) for place, line in enumerate(lines, 1)]
    names = list(wanted[0]) if wanted else ["number"]
    return list(invoice.lines.order_by("number").values(*names)) == wanted
