"""Chargebee's subscriptions (apidocs.chargebee.com/docs/api/subscriptions).

Their items are prices of the newer catalogue (`subscription_items`) or plan and addons of
the older. `mrr` is Chargebee's own figure, net of discounts, where the site has it.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from billing.gateways import fields
from billing.gateways.fields import Fields
from billing.gateways.objects import (
    Remote,
    RemoteItem,
    RemotePrice,
    RemoteProduct,
    RemoteSubscription,
)

STATES = {
    "future": "active",
    "in_trial": "trial",
    "active": "active",
    "non_renewing": "active",
    "paused": "paused",
    "cancelled": "ended",
    "transferred": "ended",
}
# Reasons of a cancellation that mean that nothing was paid.
UNPAID = {"not_paid", "no_card"}


def subscription_read(told: Fields, _content: Fields) -> tuple[Remote, ...]:
    """This will read a subscription, and the prices it shows: they may never be told."""
    lines = list(_lines(told))
    return (*_guessed(told, lines), _subscription(told, lines))


def _lines(told: Fields) -> Iterator[Fields]:
    """This will name the recurring items alike in both catalogues."""
    for one in fields.rows(told, "subscription_items"):
        if fields.text(one, "item_type") != "charge":
            yield {**one, "id": fields.identity(one, "item_price_id")}
    if plan := fields.text(told, "plan_id"):
        quantity = told.get("plan_quantity")
        price = told.get("plan_unit_price")
        yield {"id": plan, "quantity": quantity, "unit_price": price}
    yield from fields.rows(told, "addons")


def _guessed(told: Fields, lines: list[Fields]) -> Iterator[Remote]:
    currency = fields.identity(told, "currency_code")
    created_at = fields.known(_began(told))
    for one in lines:
        number = fields.identity(one)
        yield RemoteProduct(number, number, active=True, created_at=created_at)
        yield RemotePrice(
            external_id=number,
            product=number,
            currency=currency,
            amount=fields.minor(one, "unit_price", currency),
            interval_months=fields.whole_months(*_interval(told)),
            active=True,
            created_at=created_at,
        )


def _interval(told: Fields) -> tuple[int, str]:
    return (
        fields.number(told, "billing_period", 1),
        fields.text(told, "billing_period_unit") or "month",
    )


def _began(told: Fields) -> dt.datetime | None:
    names = ("started_at", "start_date", "created_at")
    return next((at for name in names if (at := fields.seconds(told, name))), None)


def _subscription(told: Fields, lines: list[Fields]) -> RemoteSubscription:
    currency = fields.identity(told, "currency_code")
    list_mrr = sum((_monthly(told, one, currency) for one in lines), Decimal(0))
    mrr = fields.minor(told, "mrr", currency) if "mrr" in told else list_mrr
    state = STATES.get(fields.text(told, "status"), "active")
    ends_at, cancelled_at = _end(told)
    return RemoteSubscription(
        external_id=fields.identity(told),
        customer=fields.identity(told, "customer_id"),
        currency=currency,
        interval_months=fields.whole_months(*_interval(told)),
        state=state,
        mrr=mrr,
        list_mrr=max(list_mrr, mrr),
        quantity=sum(fields.number(one, "quantity", 1) for one in lines) or 1,
        started_at=fields.known(_began(told), "started_at"),
        items=tuple(_items(told, lines, currency, mrr, list_mrr)),
        trial_until=fields.seconds(told, "trial_end") if state == "trial" else None,
        renews_at=fields.seconds(told, "next_billing_at"),
        ends_at=ends_at,
        cancelled_at=cancelled_at,
        failed=state == "ended" and fields.text(told, "cancel_reason") in UNPAID,
        default_method=fields.text(told, "payment_source_id"),
    )


def _monthly(told: Fields, one: Fields, currency: str) -> Decimal:
    quantity = fields.number(one, "quantity", 1)
    amount = fields.minor(one, "unit_price", currency) * quantity
    if "amount" in one:
        amount = fields.minor(one, "amount", currency)
    return fields.per_month(amount, *_interval(told))


def _items(
    told: Fields, lines: list[Fields], currency: str, mrr: Decimal, list_mrr: Decimal
) -> Iterator[RemoteItem]:
    """This will spread the discount over the items by their size; the last takes the rest."""
    left = mrr
    for place, one in enumerate(lines, start=1):
        whole = _monthly(told, one, currency)
        share = (mrr * whole / list_mrr).quantize(fields.CENT) if list_mrr else whole
        net = left if place == len(lines) else share
        left -= net
        quantity = fields.number(one, "quantity", 1)
        yield RemoteItem(fields.identity(one), quantity, net, max(whole, net))


def _end(told: Fields) -> tuple[dt.datetime | None, dt.datetime | None]:
    """This will return when it ends or did, and when that was decided.

    `cancelled_at` also is the day a cancellation is booked for.
    """
    if fields.text(told, "status") not in {"cancelled", "non_renewing", "transferred"}:
        return None, None
    ends_at = fields.seconds(told, "cancelled_at")
    ends_at = ends_at or fields.seconds(told, "current_term_end")
    decided = fields.seconds(told, "cancel_schedule_created_at")
    return ends_at, decided or ends_at
