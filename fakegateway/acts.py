"""What happens at a gateway without our asking: customers and banks do something."""

from collections.abc import Callable

from fakegateway.backs import dispute_closed, dispute_made
from fakegateway.cards import FATES, fate_of
from fakegateway.errors import Obj, Refusal, invalid
from fakegateway.invoices import intent_ensured
from fakegateway.paying import confirmed, intent_tried, processed
from fakegateway.people import default_set, method_attached, method_new, method_renewed
from fakegateway.store import Store
from fakegateway.subscriptions import clock_followed, subscription_ended


def acted(store: Store, told: Obj) -> Obj:
    """This will have something happen, by its name in `do`. Raises Refusal."""
    act = ACTS.get(str(told.get("do")))
    if act is None:
        raise invalid(f"No such act: {told.get('do')}", param="do")
    return act(store, told)


def pays(store: Store, told: Obj) -> Obj:
    """The customer pays an invoice on its page, with a new card or the old one."""
    invoice = store.find("invoice", told["invoice"])
    if invoice["status"] not in {"open", "uncollectible"}:
        raise invalid(f"This invoice is {invoice['status']}.")
    intent = intent_ensured(store, invoice)
    if intent["status"] == "processing":
        raise invalid("A payment of this invoice is still being processed.")
    name = told.get("method")
    if not name:
        name = new_card(store, {**told, "customer": invoice["customer"]})["id"]
    method = store.find("payment_method", name)
    refusal = intent_tried(store, intent, invoice, method)
    return _told(invoice, refusal)


def confirms(store: Store, told: Obj) -> Obj:
    """The customer confirms a payment that waits for it, or fails to."""
    invoice = store.find("invoice", told["invoice"])
    fate = fate_of(told.get("fate", "succeeds"))
    return _told(invoice, confirmed(store, intent_ensured(store, invoice), fate))


def _told(invoice: Obj, refusal: Refusal | None) -> Obj:
    return {"status": invoice["status"], "error": refusal.error if refusal else None}


def new_card(store: Store, told: Obj) -> Obj:
    """The customer enters another card, which is charged from now on if `default`."""
    fate = told.get("fate", "succeeds")
    if fate not in FATES:
        raise invalid(f"No such test card: {fate}")
    brand, last4 = told.get("brand", "visa"), told.get("last4", "")
    row = method_new(store, behaves=[fate], brand=brand, last4=last4)
    method_attached(store, row["id"], told["customer"])
    if told.get("default", True):
        default_set(store, store.find("customer", told["customer"]), row["id"])
    return row


def _renews(store: Store, told: Obj) -> Obj:
    row = store.find("payment_method", told["method"])
    store.behaviour()[row["id"]] = [told.get("fate", "succeeds")]
    store.changed()
    last4 = told.get("last4", "1881")
    return method_renewed(store, row, last4=last4, expires=told.get("expires", ""))


def _bank_answers(store: Store, told: Obj) -> Obj:
    intent = intent_ensured(store, store.find("invoice", told["invoice"]))
    if intent["status"] != "processing":
        raise invalid("Nothing is being processed.")
    processed(store, intent, fate_of(told.get("fate", "succeeds")))
    return intent


def _disputes(store: Store, told: Obj) -> Obj:
    charge = store.find("charge", told["charge"])
    return dispute_made(store, charge, told.get("reason", "general"))


def _decides(store: Store, told: Obj) -> Obj:
    row = store.find("dispute", told["dispute"])
    return dispute_closed(store, row, won=bool(told.get("won")))


def _gives_up(store: Store, told: Obj) -> Obj:
    row = store.find("subscription", told["subscription"])
    return subscription_ended(store, row, reason="payment_failed")


def _follows(store: Store, _told: Obj) -> Obj:
    return {"made": clock_followed(store)}


ACTS: dict[str, Callable[[Store, Obj], Obj]] = {
    "pay": pays,
    "confirm": confirms,
    "new_card": new_card,
    "renew_card": _renews,
    "bank_answers": _bank_answers,
    "dispute": _disputes,
    "dispute_close": _decides,
    "give_up": _gives_up,
    "follow_clock": _follows,
}
