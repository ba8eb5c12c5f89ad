"""Subscriptions: started, changed, paused, ended, and renewed when the clock says so."""

import calendar
import datetime as dt
from decimal import Decimal

from fakegateway.errors import Obj, Refusal, invalid
from fakegateway.events import changed, emit
from fakegateway.forms import needed, text, truth, whole
from fakegateway.invoices import invoice_finalized, invoice_new
from fakegateway.lines import line_made, rounded
from fakegateway.paying import invoice_paid, method_of
from fakegateway.people import merged
from fakegateway.shapes import listing, plain
from fakegateway.store import Store

RUNNING = {"active", "past_due", "trialing", "unpaid"}
DAYS = {"day": 1, "week": 7}
# Somebody may move the clock by years.
MOST_RENEWALS = 60


def later(moment: int, recurring: Obj, *, anchor: int = 0) -> int:
    """This will return the end of an interval; the day of the month is the anchor's."""
    count = int(recurring["interval_count"])
    start = dt.datetime.fromtimestamp(moment, dt.UTC)
    if recurring["interval"] in DAYS:
        return moment + count * DAYS[recurring["interval"]] * 86_400
    months = count * (12 if recurring["interval"] == "year" else 1)
    total = start.year * 12 + start.month - 1 + months
    year, month = divmod(total, 12)
    wanted = dt.datetime.fromtimestamp(anchor or moment, dt.UTC).day
    day = min(wanted, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def subscription_made(store: Store, params: Obj) -> Obj:
    """This will start a subscription, with its first invoice, which is tried at once."""
    customer = store.find("customer", needed(params, "customer"), "customer")
    row = subscription_new(store, customer, params, start=store.clock.now())
    emit(store, "customer.subscription.created", row)
    if row["status"] == "active":
        invoice = renewed(store, row)
        if invoice["status"] == "open" and _collected_now(row):
            row["status"] = "incomplete"
            store.put(row)
    return row


def subscription_new(store: Store, customer: Obj, params: Obj, *, start: int) -> Obj:
    """This will make a subscription with its items and no invoice yet."""
    told = params.get("items") or []
    if not told:
        raise invalid("Missing required param: items.", param="items")
    name = text(params, "id") or store.next_id("sub")
    items = [_item(store, name, one, start) for one in told]
    row = plain("subscription", name, start, customer=customer["id"])
    row |= {"currency": items[0]["price"]["currency"], "start_date": start}
    row |= {"billing_cycle_anchor": start, "_asked": params.get("_asked", "")}
    row["collection_method"] = text(
        params, "collection_method", row["collection_method"]
    )
    row["default_payment_method"] = text(params, "default_payment_method")
    row["metadata"] = dict(params.get("metadata") or {})
    row["items"] = listing(items, f"/v1/subscription_items?subscription={name}")
    row["_tax"] = text(params, "tax_percent", "0")
    row["discounts"] = [
        _discount(store, row, one) for one in params.get("discounts", [])
    ]
    days = whole(params, "trial_period_days", 0) or 0
    if days:
        row |= {"status": "trialing", "trial_start": start}
        row["trial_end"] = start + days * 86_400
        for item in items:
            item["current_period_end"] = row["trial_end"]
    return store.put(row)


def _item(store: Store, subscription: str, told: Obj, start: int) -> Obj:
    price = store.find("price", needed(told, "price"), "items[0][price]")
    if price["recurring"] is None:
        raise invalid("The price specified is set to `type=one_time`.", param="items")
    price = price | told.get("_price", {})
    item = plain("subscription_item", store.next_id("si"), start)
    return item | {
        "subscription": subscription,
        "price": price,
        "plan": None,
        "quantity": whole(told, "quantity", 1),
        "discounts": [],
        "tax_rates": [],
        "current_period_start": start,
        "current_period_end": later(start, price["recurring"]),
    }


def _discount(store: Store, row: Obj, told: Obj) -> str:
    coupon = store.find("coupon", needed(told, "coupon"), "discounts[0][coupon]")
    made = plain("discount", store.next_id("di"), row["created"])
    made |= {"start": row["created"], "subscription": row["id"]}
    made["source"] = {"type": "coupon", "coupon": coupon["id"]}
    if coupon["duration"] == "repeating":
        months = {"interval": "month", "interval_count": coupon["duration_in_months"]}
        made["end"] = later(row["created"], months)
    return str(store.put(made)["id"])


def _off(store: Store, row: Obj, amount: int) -> tuple[str, int] | None:
    for name in row["discounts"]:
        discount = store.find("discount", name)
        if discount["end"] is not None and discount["end"] <= store.clock.now():
            continue
        coupon = store.find("coupon", discount["source"]["coupon"])
        if coupon["percent_off"]:
            share = Decimal(str(coupon["percent_off"])) / 100
            return name, rounded(amount * share)
        return name, min(amount, coupon["amount_off"] or 0)
    return None


def renewed(store: Store, row: Obj, *, automatic: bool = True) -> Obj:
    """This will bill the present period of a subscription and try to collect it."""
    customer = store.find("customer", row["customer"])
    lines = []
    for item in row["items"]["data"]:
        amount = item["price"]["unit_amount"] * (item["quantity"] or 1)
        period = item["current_period_start"], item["current_period_end"]
        made = line_made(
            *(store,),
            amount=amount,
            currency=row["currency"],
            description=f"{item['quantity']} x {item['price']['nickname'] or 'Plan'}",
            quantity=item["quantity"],
            period=period,
            price=item["price"],
            item=item,
            discount=_off(store, row, amount),
        )
        lines.append(made)
    invoice = invoice_new(
        *(store, customer, lines),
        currency=row["currency"],
        subscription=row,
        tax_percent=row["_tax"],
    )
    first = row["latest_invoice"] is None
    invoice["billing_reason"] = "subscription_create" if first else "subscription_cycle"
    changed(store, "customer.subscription.updated", row, latest_invoice=invoice["id"])
    if row["pause_collection"]:
        return invoice
    invoice_finalized(store, invoice)
    if _collected_now(row) and invoice["status"] == "open":
        _tried(store, invoice, automatic=automatic)
    return invoice


def _collected_now(row: Obj) -> bool:
    return bool(row["collection_method"] == "charge_automatically")


def _tried(store: Store, invoice: Obj, *, automatic: bool) -> None:
    if method_of(store, invoice) is None:
        emit(store, "invoice.payment_failed", invoice)
        return
    try:
        invoice_paid(store, invoice, None, automatic=automatic)
    except Refusal:
        _next_try(store, invoice)


def _next_try(store: Store, invoice: Obj) -> None:
    """Only where the gateway was told to try again by itself: days after the first."""
    days = store.settings.get("retries", [])
    made = invoice["attempt_count"]
    if made <= len(days) and invoice["status"] == "open":
        first = invoice["status_transitions"]["finalized_at"]
        invoice["next_payment_attempt"] = first + days[made - 1] * 86_400
    else:
        invoice["next_payment_attempt"] = None
    store.put(invoice)


def subscription_changed(store: Store, row: Obj, params: Obj) -> Obj:
    """This will pause or resume collecting, book an end, change method or quantity."""
    _must_run(row)
    values: Obj = {}
    if "pause_collection" in params:
        told = params["pause_collection"]
        values["pause_collection"] = told and {
            "behavior": needed(told, "behavior"),
            "resumes_at": whole(told, "resumes_at"),
        }
        values["pause_collection"] = values["pause_collection"] or None
    if "cancel_at_period_end" in params:
        booked = truth(params, "cancel_at_period_end")
        values["cancel_at_period_end"] = booked
        values["cancel_at"] = period_end(row) if booked else None
        values["canceled_at"] = store.clock.now() if booked else None
    if "default_payment_method" in params:
        values["default_payment_method"] = text(params, "default_payment_method")
    if "metadata" in params:
        values["metadata"] = merged(row["metadata"], params["metadata"])
    if "items" in params:
        values["items"] = _items_changed(store, row, params["items"])
    changed(store, "customer.subscription.updated", row, **values)
    return row


def _items_changed(store: Store, row: Obj, told: list[Obj]) -> Obj:
    """Nothing is charged for the rest of the period: that is not asked of us."""
    items = {item["id"]: dict(item) for item in row["items"]["data"]}
    for one in told:
        item = items.get(one.get("id", ""))
        if item is None:
            made = _item(store, row["id"], one, store.clock.now())
            items[made["id"]] = made
            continue
        if truth(one, "deleted"):
            del items[item["id"]]
            continue
        item["quantity"] = whole(one, "quantity", item["quantity"])
        if price := text(one, "price"):
            item["price"] = store.find("price", price)
    return listing(list(items.values()), row["items"]["url"])


def _must_run(row: Obj) -> None:
    if row["status"] in {"canceled", "incomplete_expired"}:
        raise invalid(
            "A canceled subscription can only update its cancellation_details and "
            "metadata."
        )


def subscription_ended(store: Store, row: Obj, *, reason: str) -> Obj:
    """This will end a subscription now; what is open on its invoices stays open."""
    if row["status"] == "canceled":
        words = f"No such subscription: '{row['id']}'"
        raise Refusal(
            *(404, "invalid_request_error", words), code="resource_missing", param="id"
        )
    now = store.clock.now()
    row |= {"status": "canceled", "ended_at": now, "pause_collection": None}
    row["canceled_at"] = row["canceled_at"] or now
    row["cancellation_details"] = row["cancellation_details"] | {"reason": reason}
    store.put(row)
    emit(store, "customer.subscription.deleted", row)
    return row


def period_end(row: Obj) -> int:
    """This will return when a subscription is billed next."""
    return min(int(item["current_period_end"]) for item in row["items"]["data"])


def clock_followed(store: Store) -> int:
    """This will renew and end what is due by the clock, and return how much was."""
    standing, now = store.clock.standing, store.clock.now()
    try:
        made = sum(_followed(store, row, now) for row in store.rows("subscription"))
    finally:
        store.clock.set(standing)
    return made + _tried_again(store)


def _followed(store: Store, row: Obj, now: int) -> int:
    for made in range(MOST_RENEWALS):
        if row["status"] not in RUNNING or period_end(row) > now:
            return made
        # Each at its own moment, however far the clock was moved at once.
        store.clock.set(period_end(row))
        _turned(store, row)
    return MOST_RENEWALS


def _turned(store: Store, row: Obj) -> None:
    if row["cancel_at_period_end"]:
        subscription_ended(store, row, reason="cancellation_requested")
        return
    for item in row["items"]["data"]:
        start = item["current_period_end"]
        item["current_period_start"] = start
        item["current_period_end"] = later(
            start, item["price"]["recurring"], anchor=row["billing_cycle_anchor"]
        )
    if row["status"] == "trialing":
        row["status"] = "active"
    store.put(row)
    emit(store, "customer.subscription.updated", row, status=row["status"])
    renewed(store, row)


def _tried_again(store: Store) -> int:
    due = [
        row
        for row in store.rows("invoice")
        if row["status"] == "open"
        and row["next_payment_attempt"] is not None
        and row["next_payment_attempt"] <= store.clock.now()
    ]
    for row in due:
        _tried(store, row, automatic=True)
    return len(due)
