"""Bundles are cheaper than their parts bought alone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Price:
    """An amount that counts from a day on, and its place among the versions of a plan."""

    valid_on: dt.date
    number: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """So many of a plan, with its prices in one currency and interval."""

    plan: int
    quantity: int
    prices: Sequence[Price]


@dataclass(frozen=True, slots=True)
class TooDear:
    """On a day a bundle would cost `amount`, and `at_most` is what it may cost.

    `at_most` is empty where a part (`missing`) has no price to compare with, or where the
    parts cost nothing.
    """

    day: dt.date
    amount: Decimal
    alone: Decimal = Decimal(0)
    missing: int | None = None

    @property
    def at_most(self) -> Decimal | None:
        """A cent less than the parts; None where there is no such amount."""
        return self.alone - CENT if self.alone > 0 else None


def price_at(prices: Sequence[Price], day: dt.date) -> Price | None:
    """This will return the newest price that is valid on a day."""
    valid = [price for price in prices if price.valid_on <= day]
    return max(valid, key=lambda price: (price.valid_on, price.number), default=None)


def too_dear(
    bundle: Sequence[Price], parts: Sequence[Part], *, since: dt.date
) -> TooDear | None:
    """This will find the first day from one on at which a bundle is no cheaper than its parts.

    Prices change on few days, so only those are looked at.
    """
    every = [*bundle, *(price for part in parts for price in part.prices)]
    days = {since} | {price.valid_on for price in every if price.valid_on > since}
    for day in sorted(days):
        price = price_at(bundle, day)
        found = None if price is None else _compared(price.amount, parts, day)
        if found is not None:
            return found
    return None


def _compared(amount: Decimal, parts: Sequence[Part], day: dt.date) -> TooDear | None:
    alone = Decimal(0)
    for part in parts:
        price = price_at(part.prices, day)
        if price is None:
            return TooDear(day, amount, missing=part.plan)
        alone += price.amount * part.quantity
    return None if amount < alone else TooDear(day, amount, alone)
