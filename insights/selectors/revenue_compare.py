"""Where two conventions say different things of a month, customer by customer."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, F, Q, Sum, When

from accounts.models import User
from billing.models import ConventionDifference, Movement
from billing.selectors.revenue import convention_months, revenue_months
from billing.selectors.revenue_rows import ConventionRow, MonthRow
from insights.selectors.revenue import Ledger

AMOUNTS = ("new", "reactivation", "expansion", "contraction", "churn", "closing")
MOVED = AMOUNTS[:-1]
LIVE = "live"
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Compared:
    """A customer in one currency: what A says less what B says."""

    customer_id: int
    customer: str
    currency: str
    amounts: dict[str, Decimal]


def months_of(
    ledger: Ledger, preset: str, first: dt.date, last: dt.date
) -> list[MonthRow] | list[ConventionRow]:
    """This will return what a set of conventions says of months; `live` is in force."""
    if preset == LIVE:
        return revenue_months(first, last, customers=ledger.customers)
    return convention_months(preset, first, last, customers=ledger.customers)


def compared_page(
    user: User, one: str, other: str, month: dt.date, *, behind: int
) -> tuple[list[Compared], bool]:
    """This will return 50 customers of whom two presets differ, by customer. One query.

    Kept is what each says less what those in force say: A − B is the one less the other.
    """
    rows = ConventionDifference.objects.visible_to(user).filter(
        preset__in={one, other} - {LIVE}, month=month, customer_id__gt=behind
    )
    sums = {
        f"d_{name}": Sum(Case(When(preset=one, then=F(name)), default=-F(name)))
        for name in AMOUNTS
    }
    some = Q()
    for name in MOVED:
        some |= ~Q(**{f"d_{name}": 0})
    found = (
        rows.values("customer_id", "customer__name", "currency")
        .annotate(**sums)
        .filter(some)
        .order_by("customer_id", "currency")[: PAGE_SIZE + 1]
    )
    lines = [
        Compared(
            row["customer_id"],
            row["customer__name"],
            row["currency"],
            {name: row[f"d_{name}"] for name in AMOUNTS},
        )
        for row in found
    ]
    return _whole_customers(lines)


def _whole_customers(lines: list[Compared]) -> tuple[list[Compared], bool]:
    """This will end a page behind a customer: the next one begins with another."""
    if len(lines) <= PAGE_SIZE:
        return lines, False
    last = lines[-1].customer_id
    kept = [line for line in lines if line.customer_id != last]
    return (kept or lines), True


def movements_in(user: User, customers: list[int], month: dt.date) -> list[Movement]:
    """This will return the lines of the month of some customers, oldest first. One query."""
    after = (month + dt.timedelta(days=31)).replace(day=1)
    rows = Movement.objects.visible_to(user).filter(
        customer_id__in=customers, day__gte=month, day__lt=after
    )
    return list(rows.order_by("day", "pk"))
