"""Invoices: drafted, finalised, voided, written off, credited."""

from typing import Any

from fakegateway.errors import Obj, invalid
from fakegateway.events import changed, emit
from fakegateway.forms import needed, text, truth, whole
from fakegateway.lines import line_made, sums_of
from fakegateway.people import merged
from fakegateway.shapes import plain
from fakegateway.store import Store


def invoice_new(
    store: Store,
    customer: Obj,
    lines: list[Obj],
    *,
    currency: str,
    subscription: Obj | None = None,
    tax_percent: Any = 0,
    **given: Any,
) -> Obj:
    """This will draft an invoice. What is in `given` wins over what is usual."""
    name = str(given.pop("id", None) or store.next_id("in"))
    now = store.clock.now()
    row = plain("invoice", name, now, currency=currency, customer=customer["id"])
    row |= {"customer_name": customer["name"], "customer_email": customer["email"]}
    row |= {"period_start": now, "period_end": now, "auto_advance": True}
    row["_subscription"] = subscription["id"] if subscription else None
    if subscription is not None:
        row["parent"] = {
            "type": "subscription_details",
            "quote_details": None,
            "subscription_details": {
                "subscription": subscription["id"],
                "metadata": {},
            },
        }
        row["billing_reason"] = "subscription_cycle"
        row["collection_method"] = subscription["collection_method"]
    row |= given | sums_of(lines, name, tax_percent)
    store.put(row)
    emit(store, "invoice.created", row)
    return row


def invoice_made(store: Store, params: Obj) -> Obj:
    """This will draft an invoice over one amount (our own: Stripe takes items)."""
    customer = store.find("customer", needed(params, "customer"), "customer")
    currency = text(params, "currency", "eur") or "eur"
    amount = whole(params, "amount", 0) or 0
    lines = [line_made(store, amount=amount, currency=currency)] if amount else []
    return invoice_new(
        store,
        customer,
        lines,
        currency=currency,
        metadata=dict(params.get("metadata") or {}),
        collection_method=text(params, "collection_method", "charge_automatically"),
        auto_advance=truth(params, "auto_advance"),
        default_payment_method=text(params, "default_payment_method"),
    )


def invoice_changed(store: Store, row: Obj, params: Obj) -> Obj:
    """This will change what may be changed later: metadata, words, the method."""
    values: Obj = {}
    for name in ("description", "default_payment_method"):
        if name in params:
            values[name] = text(params, name)
    if "metadata" in params:
        values["metadata"] = merged(row["metadata"], params["metadata"])
    if "auto_advance" in params:
        values["auto_advance"] = truth(params, "auto_advance")
    changed(store, "invoice.updated", row, **values)
    return row


def invoice_finalized(store: Store, row: Obj) -> Obj:
    """This will make a draft an invoice that is owed, with its payment intent."""
    if row["status"] != "draft":
        raise invalid("This invoice is already finalized, you can't re-finalize it.")
    now = store.clock.now()
    row |= {"status": "open", "effective_at": now}
    row["number"] = row["number"] or f"FAKE-{row['id'][-8:]}"
    row["status_transitions"]["finalized_at"] = now
    if row["collection_method"] == "send_invoice" and row["due_date"] is None:
        row["due_date"] = now + 30 * 86_400
    intent_ensured(store, row)
    store.put(row)
    emit(store, "invoice.finalized", row)
    if row["amount_remaining"] == 0:
        settled(store, row)
    return row


def intent_ensured(store: Store, row: Obj) -> Obj:
    """This will return the payment intent of an invoice: one for all tries."""
    for link in store.related("invoice_payment", "invoice", row["id"]):
        return store.find("payment_intent", link["_intent"])
    now = store.clock.now()
    intent = plain("payment_intent", store.next_id("pi"), now)
    intent |= {"amount": row["amount_remaining"], "currency": row["currency"]}
    intent |= {"customer": row["customer"], "_invoice": row["id"]}
    intent["client_secret"] = f"{intent['id']}_secret_fake"
    store.put(intent)
    emit(store, "payment_intent.created", intent)
    link = plain("invoice_payment", store.next_id("inpay"), now, invoice=row["id"])
    link |= {"amount_requested": row["amount_remaining"], "currency": row["currency"]}
    link["_intent"] = intent["id"]
    link["payment"] = {"type": "payment_intent", "payment_intent": intent["id"]}
    store.put(link)
    return intent


def settled(store: Store, row: Obj, *, outside: bool = False) -> None:
    """This will note that nothing is owed any more."""
    now = store.clock.now()
    row |= {"status": "paid", "attempted": True, "next_payment_attempt": None}
    row |= {"auto_advance": False}
    row["status_transitions"]["paid_at"] = now
    if outside:
        row["amount_paid"] = row["amount_due"]
        row["amount_paid_off_stripe"] = row["amount_due"]
    row["amount_remaining"] = row["amount_due"] - row["amount_paid"]
    store.put(row)
    emit(store, "invoice.paid", row)
    emit(store, "invoice.payment_succeeded", row)
    _subscription_settled(store, row)


def _subscription_settled(store: Store, row: Obj) -> None:
    subscription = store.get(row["_subscription"])
    if subscription is None or subscription["status"] not in {"past_due", "incomplete"}:
        return
    others = store.related("invoice", "_subscription", subscription["id"])
    if not any(one["status"] == "open" for one in others):
        changed(store, "customer.subscription.updated", subscription, status="active")


def invoice_voided(store: Store, row: Obj) -> Obj:
    """This will take an invoice back: nothing is owed on it, and never was."""
    if row["status"] not in {"open", "uncollectible"}:
        raise invalid(f"You can't void an invoice that is {row['status']}.")
    row["status_transitions"]["voided_at"] = store.clock.now()
    _closed(store, row, "void")
    emit(store, "invoice.voided", row)
    _subscription_settled(store, row)
    return row


def invoice_written_off(store: Store, row: Obj) -> Obj:
    """This will give an invoice up; it may still be paid."""
    if row["status"] not in {"open", "draft"}:
        raise invalid(f"You can't write off an invoice that is {row['status']}.")
    row["status_transitions"]["marked_uncollectible_at"] = store.clock.now()
    _closed(store, row, "uncollectible")
    emit(store, "invoice.marked_uncollectible", row)
    return row


def _closed(store: Store, row: Obj, status: str) -> None:
    row |= {"status": status, "next_payment_attempt": None, "auto_advance": False}
    store.put(row)
    if status == "void":
        for link in store.related("invoice_payment", "invoice", row["id"]):
            link["status"] = "canceled"
            link["status_transitions"]["canceled_at"] = store.clock.now()
            store.put(link)
            intent = store.find("payment_intent", link["_intent"])
            changed(store, "payment_intent.canceled", intent, status="canceled")
