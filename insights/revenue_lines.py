"""The months of revenue and the leaky bucket, laid out for the page."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from billing.calculations.rates import kept, quick_ratio
from billing.enums import MovementKind
from billing.selectors.revenue_rows import MonthRow
from insights.revenue_words import COMING, GOING, KINDS, came, leaked, value_name

# So many months stand in the table; older ones are in the file and in the chart.
MONTHS_LISTED = 36
LEAKS = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """An amount of a month, and where its rows are; no address where nothing moved."""

    kind: str
    amount: Decimal
    url: str


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of the table."""

    row: MonthRow
    cells: list[Cell]
    net: Decimal
    quick: float | None
    url: str  # the same page with this month alone


def rows_url(
    first: dt.date,
    last: dt.date,
    *,
    currency: str = "",
    kinds: Iterable[int] = (),
    **more: str,
) -> str:
    """This will return where the lines of some months are listed."""
    asked: dict[str, str] = {"from": f"{first:%Y-%m}"}
    if last != first:
        asked["to"] = f"{last:%Y-%m}"
    if wanted := [str(int(kind)) for kind in kinds]:
        asked["kind"] = ",".join(wanted)
    if currency:
        asked["currency"] = currency
    return f"{reverse('revenue_movements')}?{urlencode(asked | more)}"


def month_lines(
    months: Sequence[MonthRow], *, currency: str, base: str
) -> list[MonthLine]:
    """This will lay the newest months out, newest first."""
    return [
        _line(row, currency=currency, base=base)
        for row in reversed(months[-MONTHS_LISTED:])
    ]


def _line(row: MonthRow, *, currency: str, base: str) -> MonthLine:
    return MonthLine(
        row,
        [_cell(row, kind, currency) for kind in MovementKind],
        row.closing - row.opening,
        quick_ratio(float(came(row)), float(leaked(row))),
        f"{base}&month={row.month:%Y-%m}#bucket",
    )


def _cell(row: MonthRow, kind: MovementKind, currency: str) -> Cell:
    amount = getattr(row, KINDS[kind])
    url = rows_url(row.month, row.month, currency=currency, kinds=[kind])
    return Cell(KINDS[kind], amount, url if amount else "")


@dataclass(frozen=True, slots=True)
class Sums:
    """A period: what came, what leaked (below zero), and what is left of a year ago."""

    amounts: dict[str, Decimal]
    came: Decimal
    leaked: Decimal
    revaluation: Decimal
    quick: float | None
    customers_lost: int
    customers_won: int


def sums_of(rows: Sequence[MonthRow]) -> Sums:
    """This will sum months up."""
    amounts = {
        name: sum((getattr(row, name) for row in rows), Decimal(0))
        for name in KINDS.values()
    }
    came_in = sum((amounts[KINDS[kind]] for kind in COMING), Decimal(0))
    gone = sum((amounts[KINDS[kind]] for kind in GOING), Decimal(0))
    return Sums(
        amounts,
        came_in,
        gone,
        sum((row.revaluation for row in rows), Decimal(0)),
        quick_ratio(float(came_in), float(gone)),
        sum(row.customers_lost for row in rows),
        sum(row.customers_new + row.customers_back for row in rows),
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of the revenue of a year ago, as shares of 1."""

    net: float | None
    gross: float | None


def kept_of(row: MonthRow) -> Kept:
    """This will work out both retentions of the twelve months up to a month."""
    was = float(row.year_ago)
    return Kept(
        kept(float(row.kept_with_expansion), was), kept(float(row.kept_without), was)
    )


@dataclass(frozen=True, slots=True)
class Leak:
    """Where money went: what it is called, how much, its share of all that leaked."""

    name: str
    amount: Decimal  # above zero
    share: float
    customers: int
    url: str


def leaks_of(
    rows: Sequence[MonthRow],
    dimension: str,
    *,
    names: dict[str, str],
    period: tuple[dt.date, dt.date],
) -> list[Leak]:
    """This will rank the values of a dimension by what leaked there, five at most."""
    lost: dict[str, Decimal] = {}
    gone: dict[str, int] = {}
    for row in rows:
        lost[row.value] = lost.get(row.value, Decimal(0)) - leaked(row)
        gone[row.value] = gone.get(row.value, 0) + row.customers_lost
    whole = sum(lost.values(), Decimal(0))
    worst = sorted(
        (value for value in lost if lost[value]), key=lambda v: (-lost[v], v)
    )
    return [
        Leak(
            value_name(dimension, value, names),
            lost[value],
            float(lost[value] / whole),
            gone[value],
            rows_url(*period, kinds=GOING, by=dimension, value=value),
        )
        for value in worst[:LEAKS]
    ]
