"""Which of Stripe's addresses does what. What is not here answers 404, as Stripe does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

from fakegateway import backs, catalogue, invoices, paying, people
from fakegateway import subscriptions as subs
from fakegateway.errors import Obj, Refusal, invalid
from fakegateway.forms import needed, text, truth
from fakegateway.lists import lines_page, page
from fakegateway.shapes import plain
from fakegateway.store import Store

Handler = Callable[[Store, str, Obj], Obj]
# Lists by address: (kind, what may be filtered by).
LISTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "customers": ("customer", ("email",)),
    "products": ("product", ("active",)),
    "prices": ("price", ("active", "product", "currency", "type")),
    "payment_methods": ("payment_method", ("customer", "type")),
    "subscriptions": ("subscription", ("customer", "status", "collection_method")),
    "invoices": (
        "invoice",
        ("customer", "status", "subscription", "collection_method"),
    ),
    "invoice_payments": ("invoice_payment", ("invoice", "status", "payment")),
    "payment_intents": ("payment_intent", ("customer",)),
    "charges": ("charge", ("customer", "payment_intent")),
    "credit_notes": ("credit_note", ("customer", "invoice")),
    "refunds": ("refund", ("charge", "payment_intent")),
    "disputes": ("dispute", ("charge", "payment_intent")),
    "events": ("event", ("type", "types")),
    "coupons": ("coupon", ()),
}
# By which filter a list is found without looking at everything.
BY_LINK = {"customer", "invoice", "payment_intent", "charge"}


def listed(name: str, store: Store, _id: str, params: Obj) -> Obj:
    """This will answer with a page of a list. Raises Refusal."""
    kind, filters = LISTED[name]
    known = {*filters, "limit", "starting_after", "ending_before", "created", "expand"}
    if strange := sorted(set(params) - known):
        words = f"Received unknown parameter: {strange[0]}"
        raise invalid(words, code="parameter_unknown", param=strange[0])
    rows = _found(store, kind, params)
    rows = [row for row in rows if _fits(row, params, filters)]
    return page(store, rows, params, f"/v1/{name}")


def _found(store: Store, kind: str, params: Obj) -> list[Obj]:
    for by in BY_LINK & set(params):
        if store.linked(kind, by):
            return store.related(kind, by, params[by])
    if intent := (params.get("payment") or {}).get("payment_intent"):
        return store.related(kind, "_intent", intent)
    if kind == "invoice" and "subscription" in params:
        return store.related(kind, "_subscription", params["subscription"])
    return store.rows(kind)


def _fits(row: Obj, params: Obj, filters: tuple[str, ...]) -> bool:
    if row.get("deleted"):
        return False
    for name in filters:
        wanted = params.get(name)
        if not wanted:
            continue
        if name == "types":
            if row["type"] not in wanted:
                return False
        elif name == "subscription":
            if row["_subscription"] != wanted:
                return False
        elif name == "payment":
            if any(row["payment"].get(key) != told for key, told in wanted.items()):
                return False
        elif name == "status" and row["object"] == "subscription":
            if wanted not in {"all", row["status"]}:
                return False
        elif str(row.get(name)).lower() != str(wanted).lower():
            return False
    # Without being asked for, subscriptions that ended are left out.
    hides = row["object"] == "subscription" and not params.get("status")
    return not (hides and row["status"] == "canceled")


def found(kind: str, store: Store, name: str, _params: Obj) -> Obj:
    """This will answer with one object; of a deleted one only that it is."""
    row = store.find(kind, name)
    if row.get("deleted"):
        return {"id": name, "object": kind, "deleted": True}
    return row


def account(_store: Store, _id: str, _params: Obj) -> Obj:
    """This will answer who we are here."""
    return {
        "id": "acct_fake",
        "object": "account",
        "business_profile": {"name": "Fake gateway", "url": None},
        "charges_enabled": True,
        "country": "DE",
        "default_currency": "eur",
        "details_submitted": True,
        "email": None,
        "payouts_enabled": False,
        "settings": {"dashboard": {"display_name": "Fake gateway"}},
        "type": "standard",
    }


def portal(store: Store, _id: str, params: Obj) -> Obj:
    """This will open a page on which a customer changes how they pay."""
    customer = store.find("customer", needed(params, "customer"), "customer")
    row = plain("billing_portal.session", store.next_id("bps"), store.clock.now())
    row |= {"customer": customer["id"], "return_url": text(params, "return_url")}
    return store.put(row)


def pay(store: Store, name: str, params: Obj) -> Obj:
    """This will try to collect an invoice, or note that it was paid elsewhere."""
    row = store.find("invoice", name, "invoice")
    if truth(params, "paid_out_of_band"):
        if row["status"] not in paying.PAYABLE:
            raise invalid("Invoice is already paid")
        invoices.settled(store, row, outside=True)
        return row
    return paying.invoice_paid(store, row, text(params, "payment_method"))


def intent_confirmed(store: Store, name: str, params: Obj) -> Obj:
    """This will try the intent of an invoice with a method."""
    intent = store.find("payment_intent", name, "intent")
    invoice = store.find("invoice", intent["_invoice"])
    if intent["status"] in {"succeeded", "canceled", "processing"}:
        words = f"This PaymentIntent's status is {intent['status']}."
        raise invalid(words, code="payment_intent_unexpected_state")
    method = text(params, "payment_method") or paying.method_of(store, invoice)
    row = store.find("payment_method", method or "", "payment_method")
    refusal = paying.intent_tried(store, intent, invoice, row)
    if refusal is not None and intent["status"] != "requires_action":
        raise refusal
    return intent


def gone(store: Store, name: str, _params: Obj) -> Obj:
    """This will delete a draft."""
    row = store.find("invoice", name)
    if row["status"] != "draft":
        raise invalid("You can only delete draft invoices")
    row["deleted"] = True
    store.put(row)
    return {"id": name, "object": "invoice", "deleted": True}


def _ended(store: Store, name: str, params: Obj) -> Obj:
    row = store.find("subscription", name)
    said = (params.get("cancellation_details") or {}).get("comment")
    row["cancellation_details"] = row["cancellation_details"] | {"comment": said}
    return subs.subscription_ended(store, row, reason="cancellation_requested")


def _on(kind: str, act: Callable[[Store, Obj, Obj], Obj]) -> Handler:
    return lambda store, name, params: act(store, store.find(kind, name), params)


def _only(kind: str, act: Callable[[Store, Obj], Obj]) -> Handler:
    return lambda store, name, _params: act(store, store.find(kind, name))


def _new(act: Callable[[Store, Obj], Obj]) -> Handler:
    return lambda store, _name, params: act(store, params)


def _attached(store: Store, name: str, params: Obj) -> Obj:
    return people.method_attached(store, name, needed(params, "customer"))


@dataclass(frozen=True, slots=True)
class Route:
    """An address with at most one name in it."""

    verb: str
    pattern: re.Pattern[str]
    act: Handler


def _route(verb: str, path: str, act: Handler) -> Route:
    pattern = re.compile("^/v1/" + path.replace("{}", "([^/]+)") + "$")
    return Route(verb, pattern, act)


ROUTES = [
    _route("GET", "account", account),
    *(_route("GET", name, partial(listed, name)) for name in LISTED),
    _route("GET", "invoices/{}/lines", lines_page),
    *(_route("GET", name + "/{}", partial(found, LISTED[name][0])) for name in LISTED),
    _route("POST", "customers", _new(people.customer_made)),
    _route("POST", "customers/{}", _on("customer", people.customer_changed)),
    _route("DELETE", "customers/{}", _only("customer", people.customer_gone)),
    _route("POST", "payment_methods", _new(people.method_made)),
    _route("POST", "payment_methods/{}/attach", _attached),
    _route(
        *("POST", "payment_methods/{}/detach"),
        _only("payment_method", people.method_detached),
    ),
    _route("POST", "products", _new(catalogue.product_made)),
    _route("POST", "products/{}", _on("product", catalogue.catalogue_changed)),
    _route("POST", "prices", _new(catalogue.price_made)),
    _route("POST", "prices/{}", _on("price", catalogue.catalogue_changed)),
    _route("POST", "coupons", _new(catalogue.coupon_made)),
    _route("POST", "subscriptions", _new(subs.subscription_made)),
    _route("POST", "subscriptions/{}", _on("subscription", subs.subscription_changed)),
    _route("DELETE", "subscriptions/{}", _ended),
    _route("POST", "invoices", _new(invoices.invoice_made)),
    _route("POST", "invoices/{}", _on("invoice", invoices.invoice_changed)),
    _route("DELETE", "invoices/{}", gone),
    _route(
        "POST", "invoices/{}/finalize", _only("invoice", invoices.invoice_finalized)
    ),
    _route("POST", "invoices/{}/void", _only("invoice", invoices.invoice_voided)),
    _route(
        *("POST", "invoices/{}/mark_uncollectible"),
        _only("invoice", invoices.invoice_written_off),
    ),
    _route("POST", "invoices/{}/pay", pay),
    _route("POST", "payment_intents/{}/confirm", intent_confirmed),
    _route("POST", "refunds", _new(backs.refund_made)),
    _route("POST", "credit_notes", _new(backs.credit_note_made)),
    _route("POST", "billing_portal/sessions", portal),
]


def routed(verb: str, path: str) -> tuple[Handler, str]:
    """This will find who answers an address, and the name in it. Raises Refusal."""
    for route in ROUTES:
        match = route.pattern.match(path)
        if match and route.verb == verb:
            return route.act, unquote(next(iter(match.groups()), ""))
    words = f"Unrecognized request URL ({verb}: {path})."
    raise Refusal(404, "invalid_request_error", words)
