"""Invoices with their lines, credits and tries.

Amounts are net of discounts and tax, as ours are. What a customer's balance at Stripe paid
is told as a credit ("balance:<invoice>"). A negative invoice, which Stripe puts on that
balance, is told as one over nothing.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from billing.enums import Collection
from billing.gateways.objects import RemoteInvoice, RemoteLine, RemotePayment
from billing.gateways.stripe.money import amount_of, moment, moment_or_none, rounded
from billing.gateways.stripe.reading import day, id_of, told, translating

ZERO = Decimal(0)
STATES = {
    "draft": "draft",
    "open": "open",
    "paid": "paid",
    "void": "void",
    "uncollectible": "written_off",
}


def invoice_of(
    row: Any,
    *,
    lines: Sequence[Any],
    notes: Sequence[Any] = (),
    payments: Sequence[RemotePayment] = (),
) -> RemoteInvoice | None:
    """This will translate an invoice; None for a draft that was deleted."""
    with translating(row):
        if told(row, "deleted"):
            return None
        currency = row.currency.upper()
        gross = max(ZERO, amount_of(row.total, currency))
        net = max(ZERO, amount_of(_net(row), currency))
        moves = told(row, "status_transitions")
        ended = (
            told(moves, "paid_at")
            or told(moves, "voided_at")
            or told(moves, "marked_uncollectible_at")
        )
        issued = told(moves, "finalized_at") or told(row, "effective_at") or row.created
        sent = told(row, "collection_method") == "send_invoice"
        return RemoteInvoice(
            external_id=row.id,
            number=told(row, "number") or "",
            customer=id_of(told(row, "customer")),
            subscription=id_of(
                told(row, "parent", "subscription_details", "subscription")
            ),
            currency=currency,
            total=net,
            tax=gross - net,
            owing=amount_of(row.amount_remaining, currency),
            state=STATES[row.status],
            collection=Collection.TRANSFER if sent else Collection.CHARGE,
            issued_at=moment(issued),
            due_at=moment_or_none(told(row, "due_date")),
            settled_at=moment_or_none(ended),
            hosted_url=told(row, "hosted_invoice_url") or "",
            lines=tuple(_line(one, currency) for one in lines),
            credits=tuple(_credits(row, notes, net, gross)),
            payments=tuple(payments),
        )


def _net(row: Any) -> int:
    """This will return an amount without tax, of an invoice or a credit note."""
    exact = told(row, "total_excluding_tax")
    if exact is not None:
        return int(exact)
    return int(row.total - sum(one.amount for one in told(row, "total_taxes") or ()))


def _credits(row: Any, notes: Sequence[Any], net: Decimal, gross: Decimal) -> Any:
    currency = row.currency
    for note in notes:
        if told(note, "status") != "void":
            when = told(note, "effective_at") or note.created
            yield note.id, amount_of(_net(note), currency), moment(when)
    early = told(row, "pre_payment_credit_notes_amount") or 0
    used = amount_of(row.total - early - row.amount_due, currency)
    if used > 0 and gross:
        # With its share of tax, as credit notes are.
        yield f"balance:{row.id}", rounded(used * net / gross), moment(row.created)


def _line(line: Any, currency: str) -> RemoteLine:
    with translating(line):
        off = sum(one.amount for one in told(line, "discount_amounts") or ())
        taxes = told(line, "taxes") or ()
        inside = sum(one.amount for one in taxes if one.tax_behavior == "inclusive")
        item = told(line, "parent", "subscription_item_details")
        other = told(line, "parent", "invoice_item_details")
        begins, ends = day(moment(line.period.start)), day(moment(line.period.end))
        lasts = ends > begins
        quantity = told(line, "quantity_decimal") or told(line, "quantity")
        return RemoteLine(
            description=told(line, "description") or "",
            quantity=Decimal(1 if quantity is None else quantity),
            amount=amount_of(line.amount - off - inside, currency),
            tax=amount_of(sum(one.amount for one in taxes), currency),
            # A correction for some days lies over the days that it corrects.
            recurring=item is not None and not told(item, "proration") and lasts,
            price=id_of(told(line, "pricing", "price_details", "price")),
            subscription=id_of(
                told(item, "subscription") or told(other, "subscription")
            ),
            begins_on=begins if lasts else None,
            ends_on=ends if lasts else None,
        )
