"""Rows for tests and the demo: made directly, at any time in the past, quietly or not."""

from collections.abc import Callable
from typing import Any

from fakegateway.errors import Obj, Refusal, invalid
from fakegateway.events import emit
from fakegateway.invoices import intent_ensured, invoice_finalized, invoice_new, settled
from fakegateway.lines import line_made
from fakegateway.paying import invoice_paid
from fakegateway.people import default_set, method_new
from fakegateway.shapes import plain
from fakegateway.store import Store
from fakegateway.subscriptions import period_end, renewed, subscription_new


def made(store: Store, row: Obj) -> Obj:
    """This will make one row. `at` (seconds) is when; `quiet` makes no events of it."""
    told = dict(row)
    kind = str(told.pop("kind", ""))
    if kind not in MAKERS:
        raise invalid(f"No such kind: {kind}", param="kind")
    at, quiet = told.pop("at", None), bool(told.pop("quiet", False))
    known, standing = len(store.waiting), store.clock.standing
    if at is not None:
        store.clock.set(float(at))
    try:
        return MAKERS[kind](store, told)
    finally:
        if at is not None:
            store.clock.set(standing)
        if quiet:
            store.dropped(store.waiting[known:])


def _customer(store: Store, told: Obj) -> Obj:
    name = told.pop("id", None) or store.next_id("cus")
    row = plain("customer", name, store.clock.now())
    if our_id := told.pop("our_id", ""):
        row["metadata"]["keepwell_id"] = our_id
    if country := told.pop("country", ""):
        row["address"] = {"country": country}
    store.put(row | told)
    emit(store, "customer.created", store.find("customer", name))
    return store.find("customer", name)


def _method(store: Store, told: Obj) -> Obj:
    customer = store.find("customer", told.pop("customer"), "customer")
    behaves = told.pop("behaves", "succeeds")
    fates = [behaves] if isinstance(behaves, str) else list(behaves)
    default = told.pop("default", True)
    name = told.pop("id", "")
    words: dict[str, Any] = {n: v for n, v in told.items() if n != "type"}
    row = method_new(
        store, behaves=fates, kind=told.get("type", "card"), name=name, **words
    )
    row["customer"] = customer["id"]
    store.put(row)
    emit(store, "payment_method.attached", row)
    if default:
        default_set(store, customer, row["id"])
    return row


def _product(store: Store, told: Obj) -> Obj:
    now = store.clock.now()
    row = plain("product", told.pop("id", None) or store.next_id("prod"), now)
    store.put(row | {"updated": now} | told)
    emit(store, "product.created", store.find("product", row["id"]))
    return store.find("product", row["id"])


def _price(store: Store, told: Obj) -> Obj:
    row = plain(
        "price", told.pop("id", None) or store.next_id("price"), store.clock.now()
    )
    months, amount = told.pop("months", 1), int(told.pop("amount", 4900))
    row |= {"unit_amount": amount, "unit_amount_decimal": str(amount)}
    if months:
        row["recurring"] = {
            "interval": "month" if months % 12 else "year",
            "interval_count": months if months % 12 else months // 12,
            "meter": None,
            "trial_period_days": None,
            "usage_type": "licensed",
        }
    row["type"] = "recurring" if months else "one_time"
    store.put(row | told)
    emit(store, "price.created", store.find("price", row["id"]))
    return store.find("price", row["id"])


def _coupon(store: Store, told: Obj) -> Obj:
    name = told.pop("id", None) or store.next_id("co")
    return store.put(plain("coupon", name, store.clock.now(), **told))


def _subscription(store: Store, told: Obj) -> Obj:
    customer = store.find("customer", told.pop("customer"), "customer")
    items = told.pop("items", None)
    price, quantity = told.pop("price", ""), told.pop("quantity", 1)
    items = items or [{"price": price, "quantity": str(quantity)}]
    billed = told.pop("billed", False)
    row = subscription_new(
        store, customer, told | {"items": items}, start=store.clock.now()
    )
    row |= {n: told[n] for n in ("status", "pause_collection") if n in told}
    emit(store, "customer.subscription.created", row)
    if until := told.get("until"):
        for item in row["items"]["data"]:
            item["current_period_end"] = int(until)
    if billed:
        renewed(store, row)
    return store.put(row)


def _invoice(store: Store, told: Obj) -> Obj:
    """`state`: draft, open, paid (elsewhere). `intent`: its payment intent's name.

    `tries` are fates, one after the other, or {"fate", "at", "charge"} with the name that
    the charge gets.
    """
    customer = store.find("customer", told.pop("customer"), "customer")
    currency, amount = told.pop("currency", "eur"), int(told.pop("amount", 4900))
    state, tries = told.pop("state", "open"), told.pop("tries", [])
    subscription = store.get(told.pop("subscription", None))
    period, description = told.pop("period", None), told.pop("description", "")
    item = _of_item(store, subscription, period)
    lines = [
        line_made(store, currency=currency, **(item | one))
        for one in told.pop("lines", [{"amount": amount, "description": description}])
    ]
    if intent := told.pop("intent", ""):
        store.wished["pi"] = intent
    row = invoice_new(
        *(store, customer, lines), currency=currency, subscription=subscription, **told
    )
    if subscription is not None:
        subscription["latest_invoice"] = row["id"]
        store.put(subscription)
    if state != "draft":
        invoice_finalized(store, row)
    if state == "paid":
        settled(store, row, outside=True)
    for one in tries:
        named = {"fate": one} if isinstance(one, str) else one
        tried(store, row, **named)
    return row


def _of_item(store: Store, subscription: Obj | None, period: list[int] | None) -> Obj:
    if subscription is None:
        return {"period": tuple(period) if period else None}
    item = subscription["items"]["data"][0]
    when = period or [item["current_period_start"], period_end(subscription)]
    return {
        "period": (when[0], when[1]),
        "price": item["price"],
        "item": item,
        "quantity": item["quantity"],
    }


def tried(
    store: Store, invoice: Obj, fate: str, at: int | None = None, charge: str = ""
) -> None:
    """This will have the gateway itself try once, with one certain fate."""
    standing = store.clock.standing
    if charge:
        store.wished["ch"] = charge
    if at is not None:
        store.clock.set(at)
    method = store.find("customer", invoice["customer"])["invoice_settings"]
    name = method["default_payment_method"]
    before = store.behaviour().get(name, ["succeeds"])
    store.behaviour()[name] = [fate]
    try:
        invoice_paid(store, invoice, None, automatic=True)
    except Refusal as refusal:
        if refusal.status != 402:
            raise
    finally:
        store.wished.clear()
        store.behaviour()[name] = before
        store.changed()
        store.clock.set(standing)


def _try(store: Store, told: Obj) -> Obj:
    row = store.find("invoice", told["invoice"])
    tried(store, row, told["fate"])
    return row


def _intent(store: Store, told: Obj) -> Obj:
    return intent_ensured(store, store.find("invoice", told["invoice"]))


MAKERS: dict[str, Callable[[Store, Obj], Obj]] = {
    "customer": _customer,
    "method": _method,
    "product": _product,
    "price": _price,
    "coupon": _coupon,
    "subscription": _subscription,
    "invoice": _invoice,
    "try": _try,
    "intent": _intent,
}
