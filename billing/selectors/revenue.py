"""What the pages of revenue, churn and cohorts show.

`customers` None is everybody, read from the sums; a QuerySet is reckoned from those
customers' own rows, so that whoever sees only some gets figures of only those.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, TypeVar

from django.db.models import QuerySet

from accounts.selectors import company as the_company
from billing.models import (
    ConventionDifference,
    ConventionMonth,
    Movement,
    RevenueCohort,
    RevenueDay,
    RevenueMonth,
)
from billing.selectors.revenue_live import (
    cohorts_live,
    days_live,
    months_live,
    preset_live,
)
from billing.selectors.revenue_opened import lines_opened
from billing.selectors.revenue_rows import (
    CohortRow,
    ConventionRow,
    DayRow,
    DifferenceRow,
    MonthRow,
    MovementRow,
)
from customers.models import Customer

Row = TypeVar("Row", DayRow, MonthRow, CohortRow, ConventionRow)
# A line further down a list of movements: its day and its id.
Place = tuple[dt.date, int]


def revenue_days(
    first: dt.date,
    last: dt.date,
    currency: str = "",
    *,
    customers: QuerySet[Customer] | None = None,
) -> list[DayRow]:
    """This will return a row per day from `first` to `last`, oldest first.

    Days before the first movement and after today have none. One query for everybody, six
    for some customers.
    """
    if customers is not None:
        found = days_live(customers, currency)
        return [row for row in found if first <= row.day <= last]
    rows = RevenueDay.objects.filter(currency=currency, day__range=(first, last))
    return _read(rows.order_by("day"), DayRow)


def revenue_months(
    first: dt.date,
    last: dt.date,
    dimension: str = "",
    *,
    customers: QuerySet[Customer] | None = None,
) -> list[MonthRow]:
    """This will return a row per month and value of a dimension, oldest month first.

    `first` and `last` are any days of the first and last month. A dimension is "",
    "segment", "stage", "plan", "source", "persona", "owner", "tenure" or "reason"; all a
    customer did in a month counts under the segment and stage known at the month's end,
    and under what the rest is now. `value` is an id or a code, for tenure the months of
    the step's beginning, "" where nobody says. One query for everybody, nine for some.
    """
    if customers is not None:
        begin = first.replace(day=1)
        rows_live = months_live(customers, dimension)
        return [row for row in rows_live if begin <= row.month <= last]
    rows = RevenueMonth.objects.filter(
        dimension=dimension, month__range=(first.replace(day=1), last)
    )
    return _read(rows.order_by("month", "value"), MonthRow)


def revenue_cohorts(
    first: dt.date,
    last: dt.date,
    *,
    customers: QuerySet[Customer] | None = None,
) -> list[CohortRow]:
    """This will return what is left of the customers won in a range of months.

    A row per month and age, in that order; age 0 is the end of the month itself. One query
    for everybody, nine for some customers.
    """
    if customers is not None:
        begin = first.replace(day=1)
        return [row for row in cohorts_live(customers) if begin <= row.cohort <= last]
    rows = RevenueCohort.objects.filter(cohort__range=(first.replace(day=1), last))
    return _read(rows.order_by("cohort", "age"), CohortRow)


def convention_months(
    preset: str,
    first: dt.date,
    last: dt.date,
    *,
    customers: QuerySet[Customer] | None = None,
) -> list[ConventionRow]:
    """This will return what a preset says of some months, oldest first.

    One query for everybody, six for some customers.
    """
    if customers is not None:
        begin = first.replace(day=1)
        rows_live = preset_live(customers, preset)
        return [row for row in rows_live if begin <= row.month <= last]
    rows = ConventionMonth.objects.filter(
        preset=preset, month__range=(first.replace(day=1), last)
    )
    return _read(rows.order_by("month"), ConventionRow)


def convention_differences(
    preset: str,
    month: dt.date,
    *,
    customers: QuerySet[Customer] | None = None,
    limit: int = 500,
) -> list[DifferenceRow]:
    """This will list of whom a preset says another thing of a month. One query."""
    rows = ConventionDifference.objects.filter(
        preset=preset, month=month.replace(day=1)
    )
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    names = [field.name for field in fields(DifferenceRow)]
    names[names.index("customer")] = "customer__name"
    found = rows.order_by("customer__name", "customer_id", "currency")
    return [DifferenceRow(*row) for row in found.values_list(*names)[:limit]]


def movements_of(
    first: dt.date,
    last: dt.date,
    *,
    kinds: Iterable[int] = (),
    currency: str = "",
    customers: QuerySet[Customer] | None = None,
    dimension: str = "",
    value: str = "",
    behind: Place | None = None,
    limit: int = 100,
) -> list[MovementRow]:
    """This will return lines of the ledger, newest first.

    `currency` "" is every currency; `behind` (day, id) goes on behind a line. With a
    dimension the lines that count under a value of it in the month of `first`, which the
    days must lie in (those of "reason" are churn). One query; three with a dimension.
    """
    rows: QuerySet[Movement] = Movement.objects.filter(day__range=(first, last))
    if kinds := tuple(kinds):
        rows = rows.filter(kind__in=kinds)
    if currency:
        rows = rows.filter(currency=currency)
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    if dimension:
        zone = the_company().time_zone
        rows = lines_opened(rows, dimension, value, month=first, zone=zone)
    if behind is not None:
        day, pk = behind
        rows = rows.filter(day__lte=day).exclude(day=day, id__gte=pk)
    return _movements(rows.order_by("-day", "-id")[:limit])


def ledger_of(customer: Customer) -> list[MovementRow]:
    """This will return a customer's lines of the ledger, newest first. One query."""
    return _movements(
        Movement.objects.filter(customer=customer).order_by("-day", "-id")
    )


def _movements(rows: QuerySet[Movement]) -> list[MovementRow]:
    names = [field.name for field in fields(MovementRow)]
    names[names.index("customer")] = "customer__name"
    return [MovementRow(*row) for row in rows.values_list(*names)]


def _read(rows: QuerySet[Any], kind: type[Row]) -> list[Row]:
    names = [field.name for field in fields(kind)]
    return [kind(*row) for row in rows.values_list(*names)]
