"""Paddle's transactions and adjustments (developer.paddle.com, "transaction.completed",
"transaction.payment_failed", "adjustment.updated").

A transaction is an invoice with the tries to pay it. The one that succeeded carries the
transaction's own number, because refunds name the transaction and not the try.
"""

from billing.enums import Collection, MethodKind
from billing.gateways import fields
from billing.gateways.declined import code_told
from billing.gateways.fields import Fields
from billing.gateways.objects import (
    Carried,
    RemoteInvoice,
    RemoteLine,
    RemoteMethod,
    RemotePayment,
    RemoteRefund,
)
from billing.gateways.paddle.catalogue import price_guessed

STATES = {
    "draft": "draft",
    "ready": "draft",
    "billed": "open",
    "past_due": "open",
    "paid": "paid",
    "completed": "paid",
    "canceled": "void",
}
PAYMENTS = {
    "captured": "succeeded",
    "error": "failed",
    "canceled": "failed",
    "action_required": "needs_action",
}
TAKEN = {"refund", "chargeback"}


def transaction_read(told: Fields, version: int) -> tuple[Carried, ...]:
    """This will read an invoice with its payments, the prices and cards it shows."""
    if not fields.text(told, "customer_id"):
        return ()  # A checkout that nobody has given a name yet.
    lines = fields.rows(told, "items")
    prices = [fields.part(one, "price") for one in lines]
    guessed = tuple(one for price in prices for one in price_guessed(price))
    invoice = _invoice(told)
    method = _method(told)
    methods = (Carried(method, version),) if method else ()
    return (*guessed, *methods, Carried(invoice, version))


def _invoice(told: Fields) -> RemoteInvoice:
    currency = fields.identity(told, "currency_code")
    details = fields.part(told, "details")
    totals = fields.part(details, "totals")
    tax = fields.minor(totals, "tax", currency)
    issued_at = fields.moment(told, "billed_at") or fields.moment(told, "created_at")
    payments = tuple(
        _payment(told, one, currency) for one in fields.rows(told, "payments")
    )
    taken = [one.happened_at for one in payments if one.state == "succeeded"]
    by_hand = fields.text(told, "collection_mode") == "manual"
    return RemoteInvoice(
        external_id=fields.identity(told),
        number=fields.text(told, "invoice_number") or fields.identity(told),
        customer=fields.identity(told, "customer_id"),
        subscription=fields.text(told, "subscription_id"),
        currency=currency,
        total=fields.minor(totals, "total", currency) - tax,
        tax=tax,
        owing=fields.minor(totals, "balance", currency),
        state=STATES.get(fields.text(told, "status"), "open"),
        collection=Collection.TRANSFER if by_hand else Collection.CHARGE,
        issued_at=fields.known(issued_at),
        due_at=issued_at,
        settled_at=max(taken, default=None),
        hosted_url=fields.text(fields.part(told, "checkout"), "url"),
        lines=tuple(_lines(told, details, currency)),
        payments=payments,
    )


def _lines(told: Fields, details: Fields, currency: str) -> list[RemoteLine]:
    period = fields.part(told, "billing_period")
    begins, ends = fields.moment(period, "starts_at"), fields.moment(period, "ends_at")
    recurring = {
        fields.text(fields.part(one, "price"), "id")
        for one in fields.rows(told, "items")
        if fields.part(one, "price").get("billing_cycle")
    }
    made = []
    for one in fields.rows(details, "line_items"):
        totals = fields.part(one, "totals")
        tax = fields.minor(totals, "tax", currency)
        repeats = fields.text(one, "price_id") in recurring
        made.append(
            RemoteLine(
                description=fields.text(fields.part(one, "product"), "name"),
                quantity=fields.decimal(one, "quantity"),
                amount=fields.minor(totals, "total", currency) - tax,
                tax=tax,
                recurring=repeats,
                price=fields.text(one, "price_id"),
                subscription=fields.text(told, "subscription_id"),
                begins_on=begins.date() if begins and repeats else None,
                ends_on=ends.date() if ends and repeats else None,
            )
        )
    return made


def _payment(told: Fields, one: Fields, currency: str) -> RemotePayment:
    state = PAYMENTS.get(fields.text(one, "status"), "open")
    paid = state == "succeeded"
    when = fields.moment(one, "captured_at") or fields.moment(one, "created_at")
    code = fields.text(one, "error_code")
    return RemotePayment(
        external_id=fields.identity(told if paid else one, _name(paid=paid)),
        invoice=fields.identity(told),
        state=state,
        amount=fields.minor(one, "amount", currency),
        currency=currency,
        happened_at=fields.known(when),
        method=_method_of(one),
        decline_code=code_told(code) if code else "",
        message=code,
    )


def _name(*, paid: bool) -> str:
    return "id" if paid else "payment_attempt_id"


def _method(told: Fields) -> RemoteMethod | None:
    """This will read what the last try was made with: brand, last four digits, expiry."""
    tries = [one for one in fields.rows(told, "payments") if _method_of(one)]
    if not tries:
        return None
    one = max(tries, key=lambda one: fields.text(one, "created_at"))
    details = fields.part(one, "method_details")
    number, card = _method_of(one), fields.part(details, "card")
    kind = fields.text(details, "type")
    return RemoteMethod(
        external_id=number,
        customer=fields.identity(told, "customer_id"),
        method=MethodKind.CARD if kind == "card" else MethodKind.WALLET,
        brand=fields.text(card, "type") or kind,
        last4=fields.last4(card, "last4"),
        expires_on=fields.expiry(card, "expiry_month", "expiry_year"),
        added_at=fields.known(fields.moment(one, "created_at")),
        is_default=True,
    )


def _method_of(one: Fields) -> str:
    return fields.text(one, "payment_method_id")


def adjustment_read(told: Fields, version: int) -> tuple[Carried, ...]:
    """This will read money that went back; credits show in the transaction's balance."""
    if fields.text(told, "action") not in TAKEN:
        return ()
    if fields.text(told, "status") != "approved":
        return ()
    currency = fields.identity(told, "currency_code")
    remote = RemoteRefund(
        external_id=fields.identity(told),
        payment=fields.identity(told, "transaction_id"),
        amount=fields.minor(fields.part(told, "totals"), "total", currency),
        currency=currency,
        happened_at=fields.known(fields.moment(told, "created_at")),
        chargeback=fields.text(told, "action") == "chargeback",
        reason=fields.text(told, "reason"),
    )
    return (Carried(remote, version),)
