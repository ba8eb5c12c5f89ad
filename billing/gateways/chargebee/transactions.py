"""Chargebee's transactions (apidocs.chargebee.com/docs/api/transactions)."""

from collections.abc import Iterator

from billing.gateways import fields
from billing.gateways.chargebee.invoices import payment_name
from billing.gateways.declined import code_told
from billing.gateways.fields import Fields
from billing.gateways.objects import Remote, RemotePayment, RemoteRefund

STATES = {
    "success": "succeeded",
    "failure": "failed",
    "timeout": "open",
    "in_progress": "open",
    "needs_attention": "needs_action",
}
LONGEST = 300


def transaction_read(told: Fields, content: Fields) -> tuple[Remote, ...]:
    """This will read tries to pay, or money that went back. What was voided is neither."""
    kind, status = fields.text(told, "type"), fields.text(told, "status")
    if told.get("deleted") is True:
        return ()
    if kind == "payment" and status in STATES:
        return tuple(_payments(told, content, STATES[status]))
    if kind in {"refund", "payment_reversal"} and status == "success":
        return tuple(_refunds(told, content))
    return ()


def _payments(told: Fields, content: Fields, state: str) -> Iterator[RemotePayment]:
    currency = fields.identity(told, "currency_code")
    words = fields.text(told, "error_text")
    failed = state == "failed"
    for invoice, amount in _invoices(told, content):
        yield RemotePayment(
            external_id=payment_name(told, "id", invoice),
            invoice=invoice,
            state=state,
            amount=fields.major(amount, currency),
            currency=currency,
            happened_at=fields.known(fields.seconds(told, "date"), "date"),
            method=fields.text(told, "payment_source_id"),
            decline_code=code_told("", words) if failed else "",
            message=words[:LONGEST] if failed else "",
        )


def _invoices(told: Fields, content: Fields) -> Iterator[tuple[str, int]]:
    """This will return what it is for: a try that failed is applied to none, and comes
    beside its invoice."""
    whole = fields.number(told, "amount")
    linked = fields.rows(told, "linked_invoices")
    for one in linked:
        amount = fields.number(one, "applied_amount", whole)
        yield fields.identity(one, "invoice_id"), amount or whole
    if not linked and (beside := fields.part(content, "invoice")):
        yield fields.identity(beside), whole


def _refunds(told: Fields, content: Fields) -> Iterator[RemoteRefund]:
    """This will read money that went back, by the payment it belongs to.

    The payment is told by its transaction; which of its invoices, by the event.
    """
    currency = fields.identity(told, "currency_code")
    reversal = fields.text(told, "type") == "payment_reversal"
    linked = fields.rows(told, "linked_payments")
    paid = fields.text(told, "refunded_txn_id") or (
        fields.text(linked[0], "id") if linked else ""
    )
    invoice = fields.text(fields.part(content, "invoice"), "id")
    if not paid or not invoice:
        return
    yield RemoteRefund(
        external_id=fields.identity(told),
        payment=payment_name({"id": paid}, "id", invoice),
        amount=fields.minor(told, "amount", currency),
        currency=currency,
        happened_at=fields.known(fields.seconds(told, "date"), "date"),
        chargeback=reversal,
        reason=fields.text(told, "error_text")[:LONGEST],
    )
