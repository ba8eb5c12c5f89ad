"""Chargebee's invoices (apidocs.chargebee.com/docs/api/invoices)."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from billing.enums import Collection
from billing.gateways import fields
from billing.gateways.fields import Fields
from billing.gateways.objects import (
    Remote,
    RemoteInvoice,
    RemoteLine,
    RemotePayment,
)

STATES = {
    "pending": "draft",
    "posted": "open",
    "payment_due": "open",
    "not_paid": "open",
    "voided": "void",
    "paid": "paid",
}
ONCE = {"adhoc", "charge_item_price", "plan_setup"}
# A credit note that counts.
GIVEN = {"adjusted", "refunded", "refund_due", ""}


def invoice_read(told: Fields, content: Fields) -> tuple[Remote, ...]:
    """This will read an invoice with its lines, credits and the payments that came in."""
    if told.get("deleted") is True:
        return ()
    currency = fields.identity(told, "currency_code")
    issued_at = fields.known(
        fields.seconds(told, "date") or fields.seconds(told, "generated_at"), "date"
    )
    tax = fields.minor(told, "tax", currency)
    return (
        RemoteInvoice(
            external_id=fields.identity(told),
            number=fields.identity(told),
            customer=fields.identity(told, "customer_id"),
            subscription=fields.text(told, "subscription_id"),
            currency=currency,
            total=fields.minor(told, "total", currency) - tax,
            tax=tax,
            owing=fields.minor(told, "amount_due", currency),
            state=_state(told),
            collection=_collection(told, content),
            issued_at=issued_at,
            due_at=fields.seconds(told, "due_date") or issued_at,
            settled_at=_settled_at(told),
            lines=tuple(_lines(told, currency)),
            credits=tuple(_credits(told, currency, issued_at)),
            payments=tuple(_payments(told, currency, issued_at)),
        ),
    )


def _state(told: Fields) -> str:
    written_off = fields.number(told, "write_off_amount") > 0
    if written_off and not fields.number(told, "amount_due"):
        return "written_off"
    return STATES.get(fields.text(told, "status"), "open")


def _settled_at(told: Fields) -> dt.datetime | None:
    return fields.seconds(told, "paid_at") or fields.seconds(told, "voided_at")


def _collection(told: Fields, content: Fields) -> Collection:
    """This will say how it is collected: the subscription says it, else the customer."""
    ways = [
        fields.text(fields.part(content, name), "auto_collection")
        for name in ("subscription", "customer")
    ]
    way = next(filter(None, ways), "")
    by_hand = way == "off" or (not way and fields.number(told, "net_term_days") > 0)
    return Collection.TRANSFER if by_hand else Collection.CHARGE


def _lines(told: Fields, currency: str) -> Iterator[RemoteLine]:
    included = fields.text(told, "price_type") == "tax_inclusive"
    for one in fields.rows(told, "line_items"):
        tax = fields.minor(one, "tax_amount", currency)
        off = fields.minor(one, "discount_amount", currency)
        amount = fields.minor(one, "amount", currency) - off
        begins, ends = fields.seconds(one, "date_from"), fields.seconds(one, "date_to")
        repeats = fields.text(one, "entity_type") not in ONCE
        yield RemoteLine(
            description=fields.text(one, "description"),
            quantity=Decimal(fields.number(one, "quantity", 1)),
            amount=amount - tax if included else amount,
            tax=tax,
            recurring=repeats,
            price=fields.text(one, "entity_id"),
            subscription=fields.text(one, "subscription_id"),
            begins_on=begins.date() if begins and repeats else None,
            ends_on=ends.date() if ends and repeats else None,
        )


def _credits(
    told: Fields, currency: str, issued_at: dt.datetime
) -> Iterator[tuple[str, Decimal, dt.datetime]]:
    """This will list what was credited, net: notes are told with their tax."""
    total = fields.minor(told, "total", currency)
    net = total - fields.minor(told, "tax", currency)
    share = net / total if total else Decimal(1)
    for name in ("adjustment_credit_notes", "issued_credit_notes"):
        for one in fields.rows(told, name):
            if fields.text(one, "cn_status") in GIVEN:
                amount = fields.minor(one, "cn_total", currency) * share
                when = fields.seconds(one, "cn_date") or issued_at
                number = fields.identity(one, "cn_id")
                yield number, amount.quantize(fields.CENT), when


def _payments(
    told: Fields, currency: str, issued_at: dt.datetime
) -> Iterator[RemotePayment]:
    """This will list what came in; tries that failed come as transactions."""
    for one in fields.rows(told, "linked_payments"):
        if fields.text(one, "txn_status") == "success":
            when = fields.seconds(one, "applied_at") or fields.seconds(one, "txn_date")
            yield RemotePayment(
                external_id=payment_name(one, "txn_id", fields.identity(told)),
                invoice=fields.identity(told),
                state="succeeded",
                amount=fields.minor(one, "applied_amount", currency),
                currency=currency,
                happened_at=when or issued_at,
            )


def payment_name(told: Fields, name: str, invoice: str) -> str:
    """This will name the part of a transaction that pays an invoice: one may pay many."""
    return f"{fields.identity(told, name)}:{invoice}"[: fields.ID_LENGTH]
