"""Customer by customer what is left of the revenue of a year ago."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, Sum

from accounts.models import ExchangeRate, User
from billing.enums import MovementKind
from billing.models import Movement

PAGE_SIZE = 50
CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Kept:
    """A customer of a year ago, in the company's currency at the rates of then.

    Who left in between keeps nothing, back or not. Of `with_growth` the net retention is
    made, of `without` the gross one.
    """

    customer_id: int
    customer: str
    then: Decimal
    with_growth: Decimal
    left: bool

    @property
    def without(self) -> Decimal:
        return min(self.with_growth, self.then)


def kept_page(
    user: User, *, then: dt.date, now: dt.date, currency: str, behind: int = 0
) -> tuple[list[Kept], bool]:
    """This will return 50 customers who paid at the end of the day `then`, by customer.

    And whether there are more. Two queries, one of which reads the lines of these.
    """
    found = list(
        _summed(user, then, now, behind)[: 2 * PAGE_SIZE + 1]
    )  # a second currency is rare
    rates = rates_on(then, {row["currency"] for row in found}, currency)
    customers = list(_customers(found, rates))
    if len(found) > 2 * PAGE_SIZE:
        customers = customers[:-1]  # its other lines may not have been read
    more = len(customers) > PAGE_SIZE or len(found) > 2 * PAGE_SIZE
    return customers[:PAGE_SIZE], more


def _summed(user: User, then: dt.date, now: dt.date, behind: int) -> Any:
    """This will sum the lines of each customer and currency up to both days."""
    gone = Q(kind=MovementKind.CHURN, day__gt=then, day__lte=now)
    return (
        Movement.objects.visible_to(user)
        .filter(customer_id__gt=behind, day__lte=now)
        .values("customer_id", "customer__name", "currency")
        .annotate(
            before=Sum("amount", filter=Q(day__lte=then), default=ZERO),
            after=Sum("amount"),
            departures=Count("pk", filter=gone),
        )
        .filter(Q(before__gt=0) | Q(after__gt=0) | Q(departures__gt=0))
        .order_by("customer_id", "currency")
    )


def rates_on(day: dt.date, currencies: Iterable[str], own: str) -> dict[str, Decimal]:
    """This will return the rates of a day; a currency without one is left out. One query."""
    rows = (
        ExchangeRate.objects.filter(
            currency__in=set(currencies) - {own}, valid_on__lte=day
        )
        .order_by("currency", "-valid_on", "-id")
        .distinct("currency")
    )
    return {own: Decimal(1), **{row.currency: row.rate for row in rows}}


def _customers(
    rows: Iterable[dict[str, Any]], rates: dict[str, Decimal]
) -> Iterator[Kept]:
    for (pk, name), same in groupby(
        rows, key=lambda row: (row["customer_id"], row["customer__name"])
    ):
        lines = list(same)
        then = sum((_worth(row["before"], row, rates) for row in lines), ZERO)
        if then <= 0:
            continue
        left = any(row["departures"] for row in lines)
        now = sum((_worth(row["after"], row, rates) for row in lines), ZERO)
        yield Kept(pk, name, then, ZERO if left else now, left)


def _worth(amount: Decimal, row: dict[str, Any], rates: dict[str, Decimal]) -> Decimal:
    rate = rates.get(row["currency"], ZERO)
    return (amount * rate).quantize(CENT, ROUND_HALF_EVEN)
