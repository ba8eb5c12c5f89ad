"""Subscriptions: what recurs each month, and how they stand.

Approximated: prices with tax inside are freed of it by the subscription's own tax rates, else
by the share of tax on its last invoice; of several intervals the longest one is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing.gateways.objects import RemoteItem, RemoteSubscription
from billing.gateways.stripe.discounts import Priced, discount_off, until_of
from billing.gateways.stripe.money import (
    moment,
    moment_or_none,
    months_in,
    rounded,
    whole_months,
)
from billing.gateways.stripe.prices import Lookup, cost_of, metered
from billing.gateways.stripe.reading import id_of, told, translating

ZERO = Decimal(0)
# What we say when we end one that was not paid, to know it again.
NOT_PAID = "Keepwell: the invoice was not paid."
ENDED = frozenset({"canceled", "incomplete_expired"})
# Nothing is collected: Stripe has given up, or nothing was ever paid.
RESTING = frozenset({"paused", "unpaid", "incomplete"})


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a subscription, in months."""

    price: str
    product: str
    quantity: int
    months: Decimal
    whole_months: int
    monthly: Decimal
    ends: int
    discounts: tuple[Any, ...]


def subscription_of(row: Any, look: Lookup) -> RemoteSubscription:
    """This will translate a subscription with its items (`latest_invoice` expanded)."""
    with translating(row):
        currency = row.currency.upper()
        # The library gives an item's own name to what a dict would call its pairs.
        items = [_item(one, row, look) for one in row.items.data]
        if not items:
            msg = "it has no items"
            raise ValueError(msg)
        rows, until = _discounted(items, row, currency, look)
        first = max(rows, key=lambda one: (one.list_mrr, one.quantity))
        ended = row.status in ENDED
        ends_at = _ends(row, items)
        return RemoteSubscription(
            external_id=row.id,
            customer=id_of(row.customer),
            currency=currency,
            interval_months=max(one.whole_months for one in items),
            state=_state(row),
            mrr=sum((one.mrr for one in rows), ZERO),
            list_mrr=sum((one.list_mrr for one in rows), ZERO),
            quantity=first.quantity,
            started_at=moment(row.start_date),
            items=tuple(rows),
            discount_until=until,
            trial_until=moment_or_none(told(row, "trial_end")),
            renews_at=None if ends_at else moment(min(one.ends for one in items)),
            ends_at=moment_or_none(ends_at),
            cancelled_at=moment_or_none(told(row, "canceled_at")),
            failed=ended and _not_paid(row),
            default_method=id_of(
                told(row, "default_payment_method") or told(row, "default_source")
            ),
        )


def _state(row: Any) -> str:
    if row.status in ENDED:
        return "ended"
    if row.status in RESTING or told(row, "pause_collection") is not None:
        return "paused"
    return "trial" if row.status == "trialing" else "active"


def _ends(row: Any, items: Iterable[Item]) -> int | None:
    if row.status in ENDED:
        ended: int = told(row, "ended_at") or told(row, "canceled_at") or row.start_date
        return ended
    booked: int | None = told(row, "cancel_at")
    if booked is None and told(row, "cancel_at_period_end"):
        return max(one.ends for one in items)
    return booked


def _not_paid(row: Any) -> bool:
    why = told(row, "cancellation_details", "reason")
    said = told(row, "cancellation_details", "comment")
    return bool(
        row.status == "incomplete_expired"
        or why == "payment_failed"
        or said == NOT_PAID
    )


def _item(item: Any, row: Any, look: Lookup) -> Item:
    price = item.price
    interval, count = price.recurring.interval, price.recurring.interval_count
    months = months_in(interval, count)
    quantity = told(item, "quantity")
    quantity = 1 if quantity is None else quantity
    cost = ZERO if metered(price) else cost_of(price, Decimal(quantity), look)
    return Item(
        price=price.id,
        product=id_of(price.product),
        quantity=0 if metered(price) else quantity,
        months=months,
        whole_months=whole_months(interval, count),
        monthly=cost / months * _without_tax(item, row),
        ends=item.current_period_end,
        discounts=tuple(told(item, "discounts") or ()),
    )


def _discounted(
    items: list[Item], row: Any, currency: str, look: Lookup
) -> tuple[list[RemoteItem], Any]:
    priced = [Priced(one.monthly, one.product) for one in items]
    ends = []
    for one, target in zip(items, priced, strict=True):
        ends += discount_off(
            one.discounts, [target], currency=currency, months=one.months, look=look
        )
    ends += discount_off(
        told(row, "discounts") or (),
        priced,
        currency=currency,
        months=max(one.months for one in items),
        look=look,
    )
    rows = [
        RemoteItem(
            price=one.price,
            quantity=one.quantity,
            mrr=rounded(target.amount),
            list_mrr=rounded(one.monthly),
        )
        for one, target in zip(items, priced, strict=True)
    ]
    return rows, until_of(ends)


def _without_tax(item: Any, row: Any) -> Decimal:
    """This will return the share of a price that is ours where tax lies within it."""
    rates = told(item, "tax_rates") or told(row, "default_tax_rates") or ()
    if rates:
        inside = sum(
            (Decimal(str(one.percentage)) for one in rates if one.inclusive), ZERO
        )
        return 1 / (1 + inside / 100)
    if told(item.price, "tax_behavior") != "inclusive":
        return Decimal(1)
    last = told(row, "latest_invoice")
    taxes = told(last, "total_taxes") or ()
    inside = sum(
        (Decimal(one.amount) for one in taxes if one.tax_behavior == "inclusive"), ZERO
    )
    net = told(last, "total_excluding_tax")
    return Decimal(1) if not net or not inside else Decimal(net) / (net + inside)
