"""Customers, and what they pay with."""

import datetime as dt
from typing import Any

from fakegateway.cards import FATES, brand_of, named
from fakegateway.errors import Obj, invalid
from fakegateway.events import changed, emit
from fakegateway.forms import needed, text
from fakegateway.shapes import plain
from fakegateway.store import Store

TEST_LAST4 = {"visa": "4242", "mastercard": "4444", "amex": "8431"}
PLAIN_FIELDS = ("name", "email", "phone", "description")


def customer_made(store: Store, params: Obj) -> Obj:
    """This will make a customer from what a client sends."""
    row = plain("customer", store.next_id("cus"), store.clock.now())
    row |= {name: text(params, name) for name in PLAIN_FIELDS}
    row["address"] = params.get("address") or None
    row["metadata"] = dict(params.get("metadata") or {})
    store.put(row)
    emit(store, "customer.created", row)
    if wanted := text(params, "payment_method"):
        method_attached(store, wanted, row["id"])
    _settings_taken(store, row, params)
    return row


def customer_changed(store: Store, row: Obj, params: Obj) -> Obj:
    """This will change a customer; a default method must be one of theirs."""
    values: Obj = {n: text(params, n) for n in PLAIN_FIELDS if n in params}
    if "address" in params:
        values["address"] = params["address"] or None
    if "metadata" in params:
        values["metadata"] = merged(row["metadata"], params["metadata"])
    changed(store, "customer.updated", row, **values)
    _settings_taken(store, row, params)
    return row


def _settings_taken(store: Store, row: Obj, params: Obj) -> None:
    settings = params.get("invoice_settings") or {}
    if "default_payment_method" in settings:
        default_set(store, row, settings["default_payment_method"] or None)


def default_set(store: Store, customer: Obj, method: str | None) -> None:
    """This will have a customer's invoices charged to a method from now on."""
    if method is not None:
        found = store.find("payment_method", method, "default_payment_method")
        if found["customer"] != customer["id"]:
            words = "The customer does not have a payment method with the ID "
            raise invalid(f"{words}{method}.", code="resource_missing")
    new = customer["invoice_settings"] | {"default_payment_method": method}
    changed(store, "customer.updated", customer, invoice_settings=new)


def customer_gone(store: Store, row: Obj) -> Obj:
    """This will delete a customer: their subscriptions end, their name stays known."""
    row["deleted"] = True
    store.put(row)
    emit(store, "customer.deleted", row)
    return {"id": row["id"], "object": "customer", "deleted": True}


def merged(old: Obj, new: Any) -> Obj:
    """This will change metadata as Stripe does: "" takes a name out."""
    if not isinstance(new, dict):
        return {}
    both = old | new
    return {name: value for name, value in both.items() if value != ""}


def method_new(
    store: Store,
    *,
    behaves: list[str],
    brand: str = "visa",
    last4: str = "",
    expires: str = "",
    kind: str = "card",
    created: int | None = None,
    name: str = "",
) -> Obj:
    """This will make a payment method of no customer yet. `expires`: "2030-12"."""
    for fate in behaves:
        if fate not in FATES:
            raise invalid(f"No such test card: {fate}", param="behaves")
    made = plain(
        "payment_method",
        name or store.next_id("pm"),
        created or store.clock.now(),
        type=kind,
    )
    made[kind] = _details(store, kind, brand, last4, expires)
    store.behaviour()[made["id"]] = behaves
    store.changed()
    return store.put(made)


def _details(store: Store, kind: str, brand: str, last4: str, expires: str) -> Obj:
    last4 = last4 or TEST_LAST4.get(brand, "4242")
    if kind != "card":
        return {"last4": last4, "bank_code": "37040044", "country": "DE"}
    if not expires:
        year = dt.datetime.fromtimestamp(store.clock.now(), dt.UTC).year
        expires = f"{year + 3}-12"
    year_text, month_text = expires.split("-")[:2]
    return {
        "brand": brand,
        "checks": {"cvc_check": "pass"},
        "country": "DE",
        "display_brand": brand,
        "exp_month": int(month_text),
        "exp_year": int(year_text),
        "fingerprint": f"fake{brand}{last4}",
        "funding": "credit",
        "last4": last4,
        "networks": {"available": [brand], "preferred": None},
        "wallet": None,
    }


def method_made(store: Store, params: Obj) -> Obj:
    """This will make a method from a token of a test card: no number is ever taken."""
    kind = needed(params, "type")
    token = str((params.get(kind) or {}).get("token", "tok_visa"))
    if "number" in (params.get(kind) or {}):
        raise invalid("Numbers of cards are not taken here.", param="card[number]")
    behaves = named(token) if kind == "card" else "processing"
    if behaves is None:
        raise invalid(f"No such token: '{token}'", code="resource_missing")
    return method_new(store, behaves=[behaves], brand=brand_of(token), kind=kind)


def method_attached(store: Store, name: str, customer: str) -> Obj:
    """This will give a method to a customer. `pm_card_visa` makes one of its own."""
    store.find("customer", customer, "customer")
    fate = named(name)
    if fate is not None and store.get(name) is None:
        row = method_new(store, behaves=[fate], brand=brand_of(name))
    else:
        row = store.find("payment_method", name)
    if row["customer"] not in {None, customer}:
        raise invalid("The payment method is attached to another customer.")
    row["customer"] = customer
    store.put(row)
    emit(store, "payment_method.attached", row)
    return row


def method_detached(store: Store, row: Obj) -> Obj:
    """This will take a method from its customer, for good."""
    owner = store.get(row["customer"])
    if owner is None:
        raise invalid("The payment method is not attached to a customer.")
    settings = owner["invoice_settings"]
    if settings["default_payment_method"] == row["id"]:
        default_set(store, owner, None)
    row["customer"] = None
    store.put(row)
    emit(store, "payment_method.detached", row, customer=owner["id"])
    return row


def method_renewed(store: Store, row: Obj, *, last4: str, expires: str) -> Obj:
    """This will do what a card updater does: new details on the same method."""
    before = dict(row["card"])
    row["card"] = _details(store, "card", row["card"]["brand"], last4, expires)
    store.put(row)
    emit(store, "payment_method.automatically_updated", row, card=before)
    return row
