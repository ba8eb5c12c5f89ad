"""Revenue as one person sees it: months, days and the names of what they are grouped by."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.db.models import Count, Min, Q, QuerySet

from accounts.models import ExchangeRate, User
from billing.calculations.conventions import Conventions
from billing.enums import BuildState
from billing.models import Conventions as ConventionsRow
from billing.models import (
    LedgerBuild,
    LedgerPart,
    LedgerState,
    Movement,
    Plan,
    RevenueDay,
    RevenueMonth,
)
from billing.selectors.ledger_state import ledger_state
from billing.selectors.revenue import revenue_days, revenue_months
from billing.selectors.revenue_rows import DayRow, MonthRow
from customers.models import Customer, Segment

FLOWS = ("new", "reactivation", "expansion", "contraction", "churn", "revaluation")


@dataclass(frozen=True, slots=True)
class Ledger:
    """How the sums stand and for whom they are read; `customers` None is everybody."""

    state: LedgerState
    preset: str
    switches: Conventions
    customers: QuerySet[Customer] | None
    earliest: dt.date  # the first day of the first month of the ledger
    last: dt.date  # the last day in the sums

    # Parts done and all, while the sums are being made anew.
    progress: tuple[int, int] | None = None

    @property
    def lags(self) -> bool:
        return self.state.changed > self.state.built


def customers_seen(user: User) -> QuerySet[Customer] | None:
    """This will return whose revenue a person sees; None for everybody's."""
    if user.reach.sees.everybody:
        return None
    return Customer.objects.visible_to(user)


def ledger_for(user: User) -> Ledger | None:
    """This will return how the ledger stands; None before it was built. Five queries at most.

    Also None where nobody has ever paid.
    """
    state = ledger_state()
    if state.built_on is None:
        return None
    months = RevenueMonth.objects.filter(dimension="")
    earliest = months.aggregate(found=Min("month"))["found"]
    if earliest is None:
        return None
    row = ConventionsRow.objects.filter(pk=1).first() or ConventionsRow()
    return Ledger(
        state=state,
        preset=row.preset,
        switches=Conventions.from_json(row.switches),
        customers=customers_seen(user),
        earliest=earliest,
        last=state.built_on,
        progress=build_progress() if state.changed > state.built else None,
    )


def build_progress() -> tuple[int, int] | None:
    """This will return how many ranges of customers a running build has done, and all.

    None where none is running. Two queries at most.
    """
    build = LedgerBuild.objects.filter(state=BuildState.RUNNING).first()
    if build is None:
        return None
    done = Count("pk", filter=Q(built__gte=build.counted))
    found = LedgerPart.objects.aggregate(done=done, total=Count("pk"))
    return found["done"], found["total"]


def currencies_sold() -> list[str]:
    """This will list the currencies that anybody ever paid in. One query."""
    rows = RevenueDay.objects.exclude(currency="").order_by("currency")
    return list(rows.values_list("currency", flat=True).distinct())


def months_shown(
    ledger: Ledger, first: dt.date, last: dt.date, currency: str = ""
) -> list[MonthRow]:
    """This will return a row per month, in one currency or all converted. One query."""
    if not currency:
        return revenue_months(first, last, customers=ledger.customers)
    end = (last + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    days = revenue_days(
        first, min(end, ledger.last), currency, customers=ledger.customers
    )
    return months_of_days(days)


def months_of_days(days: Sequence[DayRow]) -> list[MonthRow]:
    """This will sum days to months; what only months know (retention) stays empty."""
    return [
        _month(first, list(same))
        for first, same in groupby(days, key=lambda row: row.day.replace(day=1))
    ]


def _month(first: dt.date, days: list[DayRow]) -> MonthRow:
    row = MonthRow(first, "", "", opening=days[0].opening, closing=days[-1].closing)
    sums = {name: sum(getattr(day, name) for day in days) for name in FLOWS}
    came, back = (
        sum(getattr(day, name) for day in days)
        for name in ("customers_new", "customers_back")
    )
    lost = sum(day.customers_lost for day in days)
    first_day = days[0]
    opening = (
        first_day.customers
        - first_day.customers_new
        - first_day.customers_back
        + first_day.customers_lost
    )
    return replace(
        row,
        **sums,
        customers_new=came,
        customers_back=back,
        customers_lost=lost,
        customers_opening=opening,
        customers_closing=days[-1].customers,
    )


def names_of(dimension: str, values: Iterable[str]) -> dict[str, str]:
    """This will name the plans or segments that stand in the sums by number. A query at most."""
    numbers = [int(value) for value in values if value.isascii() and value.isdigit()]
    if dimension == "plan":
        rows: QuerySet[Plan] | QuerySet[Segment] = Plan.objects.filter(pk__in=numbers)
    elif dimension == "segment":
        rows = Segment.objects.filter(pk__in=numbers)
    else:
        return {}
    return {str(row.pk): row.name for row in rows}


def anything_sold() -> bool:
    """This will be true once there is a line of the ledger, whosever it is. One query."""
    return Movement.objects.exists()


@dataclass(frozen=True, slots=True)
class RateDay:
    """The rate a currency is converted with on a day, and since when it is that."""

    currency: str
    rate: float
    valid_on: dt.date


def rate_days(day: dt.date) -> list[RateDay]:
    """This will return the newest rate of each currency up to a day. One query."""
    rows = (
        ExchangeRate.objects.filter(valid_on__lte=day)
        .order_by("currency", "-valid_on", "-id")
        .distinct("currency")
    )
    return [RateDay(row.currency, float(row.rate), row.valid_on) for row in rows]
