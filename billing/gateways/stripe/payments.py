"""Tries to pay, and money that went back.

A try is a charge: an intent may be tried many times. Only an intent that waits for the
customer and was never charged stands for itself.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from billing.gateways.objects import RemotePayment, RemoteRefund
from billing.gateways.stripe.money import amount_of, moment
from billing.gateways.stripe.reading import id_of, told, translating

# Codes that mean: the bank wants the customer to confirm.
CONFIRM = frozenset(
    {
        "authentication_required",
        "invoice_payment_intent_requires_action",
        "subscription_payment_intent_requires_action",
    }
)
# The customer's bank has taken the money, for now or for good. Inquiries ("warning_…")
# move none, and what was won is ours again.
TAKEN = frozenset({"needs_response", "under_review", "lost"})
STATES = {"succeeded": "succeeded", "pending": "open", "failed": "failed"}


def payment_of(
    charge: Any,
    *,
    invoice: str,
    page: str = "",
    refunds: Sequence[RemoteRefund] = (),
) -> RemotePayment:
    """This will translate a charge; `page` is where the customer confirms it."""
    with translating(charge):
        code = code_of(charge)
        state = STATES[charge.status]
        confirm = state == "failed" and code in CONFIRM
        return RemotePayment(
            external_id=charge.id,
            invoice=invoice,
            state="needs_action" if confirm else state,
            amount=amount_of(charge.amount, charge.currency),
            currency=charge.currency.upper(),
            happened_at=moment(charge.created),
            method=id_of(told(charge, "payment_method")),
            decline_code=code if state == "failed" else "",
            message=str(told(charge, "failure_message") or "")[:200],
            action_url=page if confirm else "",
            refunds=tuple(refunds),
        )


def waiting_of(intent: Any, *, invoice: str, page: str = "") -> RemotePayment | None:
    """This will translate an intent that waits for the customer; None if it does not."""
    with translating(intent):
        if intent.status != "requires_action" or told(intent, "latest_charge"):
            return None
        return RemotePayment(
            external_id=intent.id,
            invoice=invoice,
            state="needs_action",
            amount=amount_of(intent.amount, intent.currency),
            currency=intent.currency.upper(),
            happened_at=moment(intent.created),
            method=id_of(told(intent, "payment_method")),
            decline_code="authentication_required",
            action_url=page,
        )


def elsewhere_of(row: Any, *, invoice: str) -> RemotePayment | None:
    """This will translate what was paid outside Stripe and is noted there."""
    with translating(row):
        if row.status != "paid" or not told(row, "amount_paid"):
            return None
        return RemotePayment(
            external_id=id_of(told(row, "payment", "payment_record")) or row.id,
            invoice=invoice,
            state="succeeded",
            amount=amount_of(row.amount_paid, row.currency),
            currency=row.currency.upper(),
            happened_at=moment(
                told(row, "status_transitions", "paid_at") or row.created
            ),
        )


def code_of(charge: Any) -> str:
    """This will return why a charge failed, as particular as Stripe tells it."""
    code = str(told(charge, "failure_code") or "")
    if code in {"", "card_declined"}:
        return str(told(charge, "outcome", "reason") or code)[:60]
    return code[:60]


def refund_of(row: Any) -> RemoteRefund | None:
    """This will translate a refund; None for one that came to nothing."""
    with translating(row):
        if told(row, "status") in {"failed", "canceled"}:
            return None
        return RemoteRefund(
            external_id=row.id,
            payment=id_of(told(row, "charge")),
            amount=amount_of(row.amount, row.currency),
            currency=row.currency.upper(),
            happened_at=moment(row.created),
            reason=str(told(row, "reason") or "")[:80],
        )


def chargeback_of(row: Any) -> RemoteRefund | None:
    """This will translate a dispute; None while, or once again, the money is ours."""
    with translating(row):
        if row.status not in TAKEN:
            return None
        return RemoteRefund(
            external_id=row.id,
            payment=id_of(row.charge),
            amount=amount_of(row.amount, row.currency),
            currency=row.currency.upper(),
            happened_at=moment(row.created),
            chargeback=True,
            reason=str(told(row, "reason") or "")[:80],
        )


def paid_by(row: Any) -> Decimal:
    """This will return what a payment of an invoice brought."""
    return amount_of(told(row, "amount_paid") or 0, row.currency)
