"""Tries to charge an invoice, and what becomes of them by the method's behaviour."""

from fakegateway.cards import Fate, fate_of
from fakegateway.errors import Obj, Refusal, declined, invalid
from fakegateway.events import asking, emit
from fakegateway.invoices import intent_ensured, invoice_finalized, settled
from fakegateway.shapes import plain
from fakegateway.shown import shown
from fakegateway.store import Store

PAYABLE = {"open", "uncollectible"}
CONFIRM = (
    "This payment requires additional user action before it can be completed "
    "successfully. Payment can be completed using the PaymentIntent associated with "
    "the invoice."
)


def method_of(store: Store, invoice: Obj) -> str | None:
    """This will say what an invoice is charged to: its own, or by who ordered it."""
    customer = store.find("customer", invoice["customer"])
    subscription = store.get(invoice["_subscription"]) or {}
    chosen = (
        invoice["default_payment_method"]
        or subscription.get("default_payment_method")
        or customer["invoice_settings"]["default_payment_method"]
    )
    return str(chosen) if chosen else None


def invoice_paid(
    store: Store, invoice: Obj, method: str | None, *, automatic: bool = False
) -> Obj:
    """This will try to collect an invoice. Raises Refusal, also where it is declined."""
    if invoice["status"] == "draft":
        invoice_finalized(store, invoice)
    again = invoice["status"] == "paid" and store.settings.get("pays_again")
    if invoice["status"] == "paid" and not again:
        raise invalid("Invoice is already paid")
    if invoice["status"] not in PAYABLE and not again:
        raise invalid("Invoice is no longer payable")
    method = method or method_of(store, invoice)
    if method is None:
        words = "There is no `default_payment_method` set on this Customer or Invoice."
        raise invalid(words, code="resource_missing", param="payment_method")
    row = store.find("payment_method", method, "payment_method")
    if row["customer"] != invoice["customer"]:
        words = "The customer does not have a payment method with the ID "
        raise invalid(words + method, code="resource_missing", param="payment_method")
    intent = intent_ensured(store, invoice)
    if intent["status"] == "processing":
        words = "A payment of this invoice is still being processed."
        raise invalid(words, code="payment_intent_unexpected_state")
    refusal = intent_tried(store, intent, invoice, row, automatic=automatic)
    if refusal is not None:
        raise refusal
    return invoice


def intent_tried(
    store: Store, intent: Obj, invoice: Obj, method: Obj, *, automatic: bool = False
) -> Refusal | None:
    """This will try once, and return how that is told where it was not paid."""
    # Of a paid invoice nothing remains; `pays_again` has it charged all the same.
    left = invoice["amount_remaining"] or invoice["amount_due"]
    intent |= {"amount": left, "payment_method": method["id"]}
    intent["next_action"] = None
    counted = automatic or invoice["attempt_count"] == 0
    invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + counted}
    store.put(invoice)
    fate = _drawn(store, method["id"])
    if fate.way == "succeeds":
        paid(store, intent, invoice, charge_made(store, intent, invoice, fate))
        return None
    if fate.way == "processing":
        _processing(store, intent, charge_made(store, intent, invoice, fate))
        return None
    if fate.way == "action":
        return _confirmation(store, intent, invoice)
    return refused(
        store, intent, invoice, charge_made(store, intent, invoice, fate), fate
    )


def _drawn(store: Store, method: str) -> Fate:
    """The behaviour's first entry, which goes unless it is the last."""
    fates = store.behaviour().get(method) or ["succeeds"]
    if len(fates) > 1:
        store.behaviour()[method] = fates[1:]
        store.changed()
    return fate_of(fates[0])


def charge_made(store: Store, intent: Obj, invoice: Obj, fate: Fate) -> Obj:
    """This will write down a try; only one that succeeds moves money."""
    method = store.find("payment_method", intent["payment_method"])
    kind = method["type"]
    row = plain("charge", store.next_id("ch"), store.clock.now())
    row |= {"amount": intent["amount"], "currency": intent["currency"]}
    row |= {"customer": intent["customer"], "payment_intent": intent["id"]}
    row |= {"payment_method": method["id"], "_invoice": invoice["id"]}
    row["payment_method_details"] = {"type": kind, kind: dict(method[kind])}
    row["metadata"] = dict(intent["metadata"])
    row["status"] = {"succeeds": "succeeded", "processing": "pending"}.get(
        fate.way, "failed"
    )
    row["outcome"] = _outcome(fate)
    if fate.way == "declined":
        row |= {"failure_code": fate.code, "failure_message": fate.message}
    intent["latest_charge"] = row["id"]
    return store.put(row)


def _outcome(fate: Fate) -> Obj:
    bad = fate.way == "declined"
    return {
        "advice_code": fate.advice or None,
        "network_status": "declined_by_network" if bad else "approved_by_network",
        "reason": fate.decline_code or None,
        "risk_level": "normal",
        "seller_message": fate.message or "Payment complete.",
        "type": "issuer_declined" if bad else "authorized",
    }


def paid(store: Store, intent: Obj, invoice: Obj, charge: Obj) -> None:
    """This will move the money, and note it in the ledger."""
    amount = charge["amount"]
    charge |= {"status": "succeeded", "paid": True, "captured": True}
    charge["amount_captured"] = amount
    store.put(charge)
    intent |= {"status": "succeeded", "amount_received": amount, "next_action": None}
    intent |= {"last_payment_error": None, "processing": None}
    store.put(intent)
    number, key = asking.get()
    store.moved(
        "charge",
        amount=amount,
        currency=charge["currency"],
        invoice=invoice["id"],
        customer=charge["customer"],
        payment_intent=intent["id"],
        charge=charge["id"],
        method=charge["payment_method"],
        key=key,
        request=number,
    )
    for link in store.related("invoice_payment", "invoice", invoice["id"]):
        link |= {"status": "paid", "amount_paid": amount}
        link["status_transitions"]["paid_at"] = store.clock.now()
        store.put(link)
        emit(store, "invoice_payment.paid", link)
    invoice["amount_paid"] += amount
    invoice["amount_remaining"] = max(0, invoice["amount_due"] - invoice["amount_paid"])
    emit(store, "charge.succeeded", charge)
    emit(store, "payment_intent.succeeded", intent)
    settled(store, invoice)


def _processing(store: Store, intent: Obj, charge: Obj) -> None:
    intent |= {"status": "processing", "processing": {"type": "sepa_debit"}}
    store.put(intent)
    emit(store, "charge.pending", charge)
    emit(store, "payment_intent.processing", intent)


def _confirmation(store: Store, intent: Obj, invoice: Obj) -> Refusal:
    intent |= {"status": "requires_action"}
    intent["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
    store.put(intent)
    emit(store, "payment_intent.requires_action", intent)
    emit(store, "invoice.payment_action_required", invoice)
    emit(store, "invoice.payment_failed", invoice)
    _past_due(store, invoice)
    code = "invoice_payment_intent_requires_action"
    return Refusal(402, "card_error", CONFIRM, code=code)


def refused(
    store: Store, intent: Obj, invoice: Obj, charge: Obj, fate: Fate
) -> Refusal:
    """This will note that a try was declined."""
    method = store.find("payment_method", intent["payment_method"])
    refusal = declined(
        fate.message,
        code=fate.code,
        decline_code=fate.decline_code,
        advice_code=fate.advice,
        charge=charge["id"],
        payment_method=shown(store, method),
        payment_method_type=method["type"],
    )
    intent |= {"status": "requires_payment_method", "payment_method": None}
    intent |= {"last_payment_error": dict(refusal.error), "processing": None}
    store.put(intent)
    # In the answer the intent is shown as it is after the try.
    refusal.error["payment_intent"] = shown(store, intent)
    charge |= {"status": "failed", "failure_code": fate.code}
    charge |= {"failure_message": fate.message, "outcome": _outcome(fate)}
    store.put(charge)
    emit(store, "charge.failed", charge)
    emit(store, "payment_intent.payment_failed", intent)
    emit(store, "invoice.payment_failed", invoice)
    _past_due(store, invoice)
    return refusal


def _past_due(store: Store, invoice: Obj) -> None:
    subscription = store.get(invoice["_subscription"])
    if subscription is not None and subscription["status"] == "active":
        subscription["status"] = "past_due"
        store.put(subscription)
        emit(store, "customer.subscription.updated", subscription, status="active")


def processed(store: Store, intent: Obj, fate: Fate) -> None:
    """This will have the bank answer at last, for what is being processed."""
    invoice = store.find("invoice", intent["_invoice"])
    charge = store.find("charge", intent["latest_charge"])
    if fate.way == "succeeds":
        paid(store, intent, invoice, charge)
    else:
        refused(store, intent, invoice, charge, fate)


def confirmed(store: Store, intent: Obj, fate: Fate) -> Refusal | None:
    """This will have the customer confirm a payment, or fail to."""
    if intent["status"] != "requires_action":
        raise invalid("There is nothing to confirm.")
    invoice = store.find("invoice", intent["_invoice"])
    intent["amount"] = invoice["amount_remaining"]
    charge = charge_made(store, intent, invoice, fate)
    if fate.way == "succeeds":
        paid(store, intent, invoice, charge)
        return None
    return refused(store, intent, invoice, charge, fate)
