"""Paddle's subscriptions (developer.paddle.com, "subscription.updated").

A subscription names its discount and does not say how much it takes off, so its revenue
is that of its items; tax that is inside a price (tax_mode "internal") is not told either.
"""

import datetime as dt
from decimal import Decimal

from billing.gateways import fields
from billing.gateways.fields import Fields
from billing.gateways.objects import Carried, RemoteItem, RemoteSubscription
from billing.gateways.paddle.catalogue import price_guessed

STATES = {
    "active": "active",
    "past_due": "active",
    "trialing": "trial",
    "paused": "paused",
    "canceled": "ended",
}


def subscription_read(told: Fields, version: int) -> tuple[Carried, ...]:
    """This will read a subscription, and the prices it shows."""
    lines = [one for one in fields.rows(told, "items") if one.get("recurring", True)]
    prices = [fields.part(one, "price") for one in lines]
    guessed = tuple(one for price in prices for one in price_guessed(price))
    remote = _subscription(told, tuple(_item(one) for one in lines), version)
    return (*guessed, Carried(remote, version))


def _item(line: Fields) -> RemoteItem:
    price = fields.part(line, "price")
    money, cycle = fields.part(price, "unit_price"), fields.part(price, "billing_cycle")
    quantity = fields.number(line, "quantity", 1)
    amount = fields.minor(money, "amount", fields.text(money, "currency_code"))
    every, unit = fields.number(cycle, "frequency", 1), fields.text(cycle, "interval")
    mrr = fields.per_month(amount * quantity, every, unit) if unit else Decimal(0)
    return RemoteItem(
        price=fields.identity(price), quantity=quantity, mrr=mrr, list_mrr=mrr
    )


def _subscription(
    told: Fields, items: tuple[RemoteItem, ...], version: int
) -> RemoteSubscription:
    state = STATES.get(fields.text(told, "status"), "active")
    cycle = fields.part(told, "billing_cycle")
    mrr = sum((one.mrr for one in items), Decimal(0))
    renews_at = fields.moment(told, "next_billed_at")
    ends_at, cancelled_at = _end(told, version)
    started_at = fields.moment(told, "started_at") or fields.moment(told, "created_at")
    return RemoteSubscription(
        external_id=fields.identity(told),
        customer=fields.identity(told, "customer_id"),
        currency=fields.identity(told, "currency_code"),
        interval_months=fields.whole_months(
            fields.number(cycle, "frequency", 1), fields.text(cycle, "interval")
        ),
        state=state,
        mrr=mrr,
        list_mrr=mrr,
        quantity=sum(one.quantity for one in items) or 1,
        started_at=fields.known(started_at, "started_at"),
        items=items,
        trial_until=renews_at if state == "trial" else None,
        renews_at=renews_at,
        ends_at=ends_at,
        cancelled_at=cancelled_at,
    )


def _end(told: Fields, version: int) -> tuple[dt.datetime | None, dt.datetime | None]:
    """This will return when it ends or did, and when that was decided."""
    if over := fields.moment(told, "canceled_at"):
        return over, over
    booked = fields.part(told, "scheduled_change")
    if fields.text(booked, "action") != "cancel":
        return None, None
    told_at = dt.datetime.fromtimestamp(version / 1_000_000, dt.UTC)
    decided = fields.moment(told, "updated_at") or told_at
    return fields.moment(booked, "effective_at"), decided
