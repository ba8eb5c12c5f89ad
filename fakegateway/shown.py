"""Objects as they are sent: with what is computed, and what was asked to be expanded."""

from typing import Any

from fakegateway.errors import Obj, invalid
from fakegateway.shapes import listing
from fakegateway.store import Store, copied

DEEPEST = 4
# Of an invoice's lines so many come along; the others are asked for.
LINES = 10
# Lists that are sent only when they are asked for: (kind, name) -> (kind there, by what).
LISTS = {
    ("invoice", "payments"): ("invoice_payment", "invoice"),
    ("charge", "refunds"): ("refund", "charge"),
    ("customer", "subscriptions"): ("subscription", "customer"),
}
# Told only to who asks, where there is any: (kind, name).
OPTIONAL = {("price", "tiers"), ("coupon", "applies_to")}


def shown(store: Store, row: Obj, expand: list[str] | None = None) -> Obj:
    """This will return what a client sees of an object. Raises Refusal."""
    made = _plain(store, row)
    for path in expand or []:
        parts = path.split(".")
        if len(parts) > DEEPEST:
            words = "You cannot expand more than 4 levels of a property. Property: "
            raise invalid(words + path, param="expand")
        _expand(store, made, parts, path)
    return made


def _plain(store: Store, row: Obj) -> Obj:
    made: Obj = {key: copied(v) for key, v in row.items() if not key.startswith("_")}
    if row["object"] == "invoice":
        lines = made["lines"]
        lines["has_more"] = len(lines["data"]) > LINES
        lines["data"] = lines["data"][:LINES]
        if row["status"] != "draft":
            made["hosted_invoice_url"] = f"{store.address}/i/{row['id']}"
    if row["object"] == "billing_portal.session":
        made["url"] = f"{store.address}/p/{row['id']}"
    if row["object"] == "event":
        made["data"] = {"object": copied(row["_object"])}
        if row["_before"]:
            made["data"]["previous_attributes"] = copied(row["_before"])
    return made


def _expand(store: Store, made: Any, parts: list[str], path: str) -> None:
    if isinstance(made, list):
        for inner in made:
            _expand(store, inner, parts, path)
        return
    if not isinstance(made, dict) or not parts:
        return
    name, rest = parts[0], parts[1:]
    if (made.get("object"), name) in LISTS and name not in made:
        made[name] = _list(store, made, name)
    if (made.get("object"), name) in OPTIONAL:
        made.setdefault(name, None)
    if name not in made:
        words = f"This property cannot be expanded ({path})."
        raise invalid(words, param="expand")
    made[name] = _filled(store, made[name])
    _expand(store, made[name], rest, path)


def _filled(store: Store, value: Any) -> Any:
    if isinstance(value, str):
        found = store.get(value)
        return value if found is None else _plain(store, found)
    if isinstance(value, list):
        return [_filled(store, inner) for inner in value]
    return value


def _list(store: Store, made: Obj, name: str) -> Obj:
    kind, by = LISTS[made["object"], name]
    url = f"/v1/{kind}s?{by}={made['id']}"
    rows = [_plain(store, row) for row in store.related(kind, by, made["id"])]
    return listing(rows[::-1], url)
