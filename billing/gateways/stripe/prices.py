"""Products, prices, and what so many of something cost.

Approximated: metered prices count as nothing recurring (nobody knows next month's use);
tiered ones show the price of the first piece; a price per day or week is told per month of
365.25 / 12 days.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Protocol

from billing.gateways.objects import RemotePrice, RemoteProduct
from billing.gateways.stripe.money import (
    DAYS,
    amount_of,
    moment,
    months_in,
    rounded,
    whole_months,
)
from billing.gateways.stripe.reading import id_of, told, translating

ZERO = Decimal(0)


class Lookup(Protocol):
    """Asks for what Stripe leaves out of an answer unless told otherwise."""

    def tiers(self, price: str) -> Sequence[Any]:
        """This will return the tiers of a price."""

    def coupon(self, coupon: str) -> Any:
        """This will return a coupon with the products it is for."""


def product_of(row: Any) -> RemoteProduct | None:
    """This will translate a product; None for one that was deleted."""
    with translating(row):
        if told(row, "deleted"):
            return None
        return RemoteProduct(
            external_id=row.id,
            name=told(row, "name") or row.id,
            active=bool(row.active),
            created_at=moment(row.created),
        )


def price_of(row: Any, look: Lookup) -> RemotePrice | None:
    """This will translate a price; None for one that was deleted."""
    with translating(row):
        if told(row, "deleted"):
            return None
        recurring = told(row, "recurring")
        amount = ZERO if metered(row) else cost_of(row, Decimal(1), look)
        months = None
        if recurring is not None:
            months = whole_months(recurring.interval, recurring.interval_count)
            if recurring.interval in DAYS:
                amount /= months_in(recurring.interval, recurring.interval_count)
        return RemotePrice(
            external_id=row.id,
            product=id_of(row.product),
            currency=row.currency.upper(),
            amount=rounded(amount),
            interval_months=months,
            active=bool(row.active),
            created_at=moment(row.created),
            nickname=told(row, "nickname") or "",
        )


def metered(price: Any) -> bool:
    """This will tell whether what is charged depends on what was used."""
    return bool(told(price, "recurring", "usage_type") == "metered")


def cost_of(price: Any, quantity: Decimal, look: Lookup) -> Decimal:
    """This will return what so many cost for one interval, in the main unit."""
    return amount_of(_smallest(price, quantity, look), price.currency)


def _smallest(price: Any, quantity: Decimal, look: Lookup) -> Decimal:
    if told(price, "billing_scheme") == "tiered":
        tiers = told(price, "tiers") or look.tiers(price.id)
        volume = told(price, "tiers_mode") == "volume"
        return _volume(tiers, quantity) if volume else _graduated(tiers, quantity)
    packs = told(price, "transform_quantity")
    if packs is not None:
        way = ROUND_CEILING if packs.round == "up" else ROUND_FLOOR
        quantity = (quantity / packs.divide_by).to_integral_value(way)
    return _unit(price) * quantity


def _unit(row: Any, what: str = "unit") -> Decimal:
    """This will return an amount of a price or a tier, in parts of the smallest unit too."""
    exact = told(row, f"{what}_amount_decimal")
    plain = told(row, f"{what}_amount")
    return Decimal(exact if exact is not None else plain or 0)


def _volume(tiers: Sequence[Any], quantity: Decimal) -> Decimal:
    """All pieces cost what the tier costs in which the last one lies."""
    for tier in tiers:
        up_to = told(tier, "up_to")
        if up_to is None or quantity <= up_to:
            return _unit(tier) * quantity + _unit(tier, "flat")
    return ZERO


def _graduated(tiers: Sequence[Any], quantity: Decimal) -> Decimal:
    """Every piece costs what its own tier costs."""
    whole, below = ZERO, ZERO
    for tier in tiers:
        up_to = told(tier, "up_to")
        end = quantity if up_to is None else min(quantity, Decimal(up_to))
        if end > below or (below == 0 == end):
            whole += _unit(tier) * (end - below) + _unit(tier, "flat")
        below = max(below, end)
        if up_to is None or quantity <= up_to:
            break
    return whole
