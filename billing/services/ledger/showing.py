"""Adding the parts of the ledger up and showing the sums."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from billing.calculations.conventions import PRESETS
from billing.calculations.revenue.monthly import COLUMNS
from billing.calculations.revenue.months import first_day
from billing.calculations.revenue.part import Part
from billing.calculations.revenue.rates import Rates
from billing.calculations.revenue.whole import (
    DAY_COUNTS,
    FLOWS,
    PRESET_COUNTS,
    Table,
    cohort_rows,
    day_tables,
    month_tables,
    preset_tables,
)
from billing.models import LedgerPart
from billing.selectors.ledger_terms import Terms, rates_for
from billing.services.ledger.sums_sql import Sums, sums_replace
from common.dates import POSTGRES_EPOCH

# Parts whose contents are held at once.
TOGETHER = 8
BALANCE = ("opening", "closing", *FLOWS, "revaluation")
DAYS = Sums(
    "billing_revenueday",
    keys={"currency": "text", "day": "date"},
    amounts=BALANCE,
    counts=("customers", *DAY_COUNTS),
)
COUNTS = tuple(
    name
    for name in COLUMNS
    if name.startswith("customers") or name in {"renewals_due", "renewals_kept"}
)
MONTHS = Sums(
    "billing_revenuemonth",
    keys={"dimension": "text", "value": "text", "month": "date"},
    amounts=(*(name for name in COLUMNS if name not in COUNTS), "revaluation"),
    counts=COUNTS,
)
COHORTS = Sums(
    "billing_revenuecohort",
    keys={"cohort": "date", "age": "smallint"},
    amounts=("revenue",),
    counts=("customers",),
)
PRESET_MONTHS = Sums(
    "billing_conventionmonth",
    keys={"preset": "text", "month": "date"},
    amounts=BALANCE,
    counts=PRESET_COUNTS,
)
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Made:
    """The rows of every table of sums, and the currencies without a rate."""

    rows: tuple[tuple[Sums, list[Row]], ...]
    lacking: tuple[str, ...]


def sums_made(terms: Terms) -> Made:
    """This will add the parts up to the rows that are shown. Reads only."""
    whole = parts_joined()
    rates = rates_for(terms, (word for word in whole.words if len(word) == 3))
    rows = (
        (DAYS, list(day_rows(whole, rates, terms))),
        (MONTHS, list(month_rows(whole, rates, terms))),
        (COHORTS, list(_cohort_rows(whole, terms))),
        (PRESET_MONTHS, list(_preset_rows(whole, rates, terms))),
    )
    return Made(rows, whole.lacking)


def sums_show(made: Made) -> None:
    """This will replace all sums; only rows that differ are written.

    Call it in the transaction that notes the build as done.
    """
    for sums, rows in made.rows:
        sums_replace(sums, rows)


def parts_joined() -> Part:
    """This will add up all parts, some at a time."""
    contents = LedgerPart.objects.exclude(content=b"").order_by("first_id")
    whole = Part.none()
    some = []
    for content in contents.values_list("content", flat=True).iterator(
        chunk_size=TOGETHER
    ):
        some.append(Part.from_bytes(bytes(content)))
        if len(some) == TOGETHER:
            whole, some = Part.joined([whole, *some]), []
    return Part.joined([whole, *some])


def day_rows(whole: Part, rates: Rates, terms: Terms) -> Iterator[Row]:
    """This will return the rows of days, in the order of `DAYS`."""
    for table in day_tables(whole, rates, until=terms.until):
        yield from _rows(DAYS, [table.key], _days(table.at), table)


def month_rows(whole: Part, rates: Rates, terms: Terms) -> Iterator[Row]:
    """This will return the rows of months, in the order of `MONTHS`."""
    days = day_tables(whole, rates, until=terms.until)
    everybody = next((table for table in days if table.key == ""), None)
    for dimension, table in month_tables(whole, everybody):
        at = _days(first_day(table.at))
        yield from _rows(MONTHS, [dimension, table.key], at, table)


def _cohort_rows(whole: Part, terms: Terms) -> Iterator[Row]:
    for cohort, age, customers, revenue in cohort_rows(whole, until=terms.until):
        yield [_day(int(first_day(cohort))), age, revenue, customers]


def _preset_rows(whole: Part, rates: Rates, terms: Terms) -> Iterator[Row]:
    found = preset_tables(whole, tuple(PRESETS), rates, until=terms.until)
    for table in found:
        at = _days(first_day(table.at))
        yield from _rows(PRESET_MONTHS, [table.key], at, table)


def _rows(
    sums: Sums, keys: list[str], at: Iterable[dt.date], table: Table
) -> Iterator[Row]:
    columns = [table.columns[name].tolist() for name in (*sums.amounts, *sums.counts)]
    for day, *values in zip(at, *columns, strict=True):
        yield [*keys, day, *values]


def _days(numbers: Any) -> Iterator[dt.date]:
    return (_day(number) for number in numbers.tolist())


def _day(number: int) -> dt.date:
    return POSTGRES_EPOCH + dt.timedelta(days=number)
