"""Recurly's invoices and transactions (recurly.com/developers/api/v2021-02-25)."""

from billing.enums import Collection
from billing.gateways import fields
from billing.gateways.base import UnableToRead
from billing.gateways.declined import code_told
from billing.gateways.fields import Fields
from billing.gateways.objects import (
    RemoteInvoice,
    RemoteLine,
    RemotePayment,
    RemoteRefund,
)

STATES = {
    "open": "open",
    "pending": "open",
    "processing": "open",
    "past_due": "open",
    "paid": "paid",
    "closed": "paid",
    "voided": "void",
    # Everything was tried, and the debt is no longer asked for.
    "failed": "written_off",
}
PAYMENTS = {
    "success": "succeeded",
    "declined": "failed",
    "error": "failed",
    "void": "failed",
    "pending": "open",
    "scheduled": "open",
    "processing": "open",
}
PAYING = {"purchase", "capture"}
LONGEST = 300


def invoice_read(told: Fields) -> RemoteInvoice:
    """This will read an invoice with its lines and the tries to pay it.

    Raises UnableToRead for a credit invoice: it takes from another one, which shows it.
    """
    if fields.text(told, "type") == "credit":
        msg = "It is a credit invoice."
        raise UnableToRead(msg)
    issued_at = fields.known(fields.moment(told, "created_at"))
    tax = fields.decimal(told, "tax")
    by_hand = fields.text(told, "collection_method") == "manual"
    subscriptions = told.get("subscription_ids") or [""]
    return RemoteInvoice(
        external_id=fields.identity(told, "number"),
        number=fields.identity(told, "number"),
        customer=fields.identity(fields.part(told, "account"), "code"),
        subscription=str(subscriptions[0]),
        currency=fields.identity(told, "currency"),
        total=fields.decimal(told, "total") - tax,
        tax=tax,
        owing=fields.decimal(told, "balance"),
        state=STATES.get(fields.text(told, "state"), "open"),
        collection=Collection.TRANSFER if by_hand else Collection.CHARGE,
        issued_at=issued_at,
        due_at=fields.moment(told, "due_at") or issued_at,
        settled_at=fields.moment(told, "closed_at"),
        lines=tuple(_line(one) for one in fields.rows(told, "line_items")),
        payments=tuple(_payments(told)),
    )


def _line(told: Fields) -> RemoteLine:
    begins, ends = fields.moment(told, "start_date"), fields.moment(told, "end_date")
    plan = fields.text(told, "plan_code")
    repeats = bool(plan and fields.text(told, "subscription_id"))
    amount = fields.decimal(told, "subtotal") - fields.decimal(told, "discount")
    return RemoteLine(
        description=fields.text(told, "description"),
        quantity=fields.decimal(told, "quantity"),
        amount=amount,
        tax=fields.decimal(told, "tax"),
        recurring=repeats,
        price=f"{plan}:{fields.text(told, 'currency')}" if plan else "",
        subscription=fields.text(told, "subscription_id"),
        begins_on=begins.date() if begins and repeats else None,
        ends_on=ends.date() if ends and repeats else None,
    )


def _payments(told: Fields) -> list[RemotePayment]:
    """This will list the tries, each with what went back of it."""
    rows = fields.rows(told, "transactions")
    number = fields.identity(told, "number")
    back = [_refund(one) for one in rows if fields.text(one, "type") == "refund"]
    return [
        _payment(one, number, tuple(r for r in back if r.payment == one.get("id")))
        for one in rows
        if fields.text(one, "type") in PAYING
    ]


def transaction_read(told: Fields) -> RemotePayment | RemoteRefund | None:
    """This will read a try to pay, or money that went back; None for a mere check."""
    kind = fields.text(told, "type")
    if kind == "refund":
        return _refund(told)
    number = fields.text(fields.part(told, "invoice"), "number")
    return _payment(told, number) if kind in PAYING and number else None


def _payment(
    told: Fields, invoice: str, refunds: tuple[RemoteRefund, ...] = ()
) -> RemotePayment:
    state = PAYMENTS.get(fields.text(told, "status"), "open")
    words = fields.text(told, "status_message")
    failed = state == "failed"
    code = fields.text(told, "status_code")
    when = fields.moment(told, "collected_at") or fields.moment(told, "created_at")
    return RemotePayment(
        external_id=fields.identity(told),
        invoice=invoice,
        state=state,
        amount=fields.decimal(told, "amount"),
        currency=fields.identity(told, "currency"),
        happened_at=fields.known(when),
        method=fields.text(fields.part(told, "account"), "code"),
        decline_code=code_told(code, words) if failed else "",
        message=words[:LONGEST] if failed else "",
        refunds=refunds,
    )


def _refund(told: Fields) -> RemoteRefund:
    return RemoteRefund(
        external_id=fields.identity(told),
        payment=fields.text(told, "original_transaction_id"),
        amount=fields.decimal(told, "amount"),
        currency=fields.identity(told, "currency"),
        happened_at=fields.known(fields.moment(told, "created_at")),
        chargeback=fields.text(told, "origin") == "chargeback",
        reason=fields.text(told, "status_message")[:LONGEST],
    )
