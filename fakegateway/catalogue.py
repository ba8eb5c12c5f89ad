"""Products, prices and coupons."""

from fakegateway.errors import Obj, invalid
from fakegateway.events import changed, emit
from fakegateway.forms import needed, text, truth, whole
from fakegateway.people import merged
from fakegateway.shapes import plain
from fakegateway.store import Store

INTERVALS = ("day", "week", "month", "year")


def product_made(store: Store, params: Obj) -> Obj:
    """This will make a product."""
    now = store.clock.now()
    row = plain("product", text(params, "id") or store.next_id("prod"), now)
    row |= {"name": needed(params, "name"), "updated": now}
    row["description"] = text(params, "description")
    row["active"] = truth(params, "active", default=True)
    row["metadata"] = dict(params.get("metadata") or {})
    store.put(row)
    emit(store, "product.created", row)
    return row


def price_made(store: Store, params: Obj) -> Obj:
    """This will make a price of a product, with `product_data` also the product."""
    product = text(params, "product")
    if product is None:
        product = product_made(store, params.get("product_data") or {})["id"]
    store.find("product", product, "product")
    amount = whole(params, "unit_amount", 0)
    row = plain("price", store.next_id("price"), store.clock.now())
    row |= {"currency": needed(params, "currency").lower(), "product": product}
    row |= {"unit_amount": amount, "unit_amount_decimal": str(amount)}
    row |= {"nickname": text(params, "nickname"), "recurring": _recurring(params)}
    row["type"] = "recurring" if row["recurring"] else "one_time"
    row["metadata"] = dict(params.get("metadata") or {})
    store.put(row)
    emit(store, "price.created", row)
    return row


def _recurring(params: Obj) -> Obj | None:
    told = params.get("recurring")
    if not told:
        return None
    interval = needed(told, "interval")
    if interval not in INTERVALS:
        raise invalid(f"Invalid recurring[interval]: {interval}", param="recurring")
    return {
        "interval": interval,
        "interval_count": whole(told, "interval_count", 1),
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def catalogue_changed(store: Store, row: Obj, params: Obj) -> Obj:
    """This will change a product or a price: its words, and whether it is sold."""
    names = ("name", "description", "nickname")
    values: Obj = {n: text(params, n) for n in names if n in params and n in row}
    if "active" in params:
        values["active"] = truth(params, "active")
    if "metadata" in params:
        values["metadata"] = merged(row["metadata"], params["metadata"])
    changed(store, f"{row['object']}.updated", row, **values)
    return row


def coupon_made(store: Store, params: Obj) -> Obj:
    """This will make a coupon: a share or an amount."""
    row = plain("coupon", text(params, "id") or store.next_id("co"), store.clock.now())
    percent = text(params, "percent_off")
    row["percent_off"] = float(percent) if percent else None
    row["amount_off"] = whole(params, "amount_off")
    row["currency"] = text(params, "currency")
    row["duration"] = text(params, "duration", "once")
    row["duration_in_months"] = whole(params, "duration_in_months")
    return store.put(row)
