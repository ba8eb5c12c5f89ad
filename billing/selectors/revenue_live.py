"""The same rows as the sums, reckoned from some customers' own log.

By the code that makes the sums, up to the last day that is in them.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import QuerySet

from billing.calculations.conventions import PRESETS
from billing.calculations.revenue.months import first_day
from billing.calculations.revenue.part import Part
from billing.calculations.revenue.whole import (
    Table,
    cohort_rows,
    day_tables,
    month_tables,
    preset_tables,
)
from billing.selectors.ledger_parts import Ledger, known_read, ledger_read
from billing.selectors.ledger_reading import Chosen, one_snapshot
from billing.selectors.ledger_state import ledger_state
from billing.selectors.ledger_terms import ledger_terms
from billing.selectors.revenue_rows import CohortRow, ConventionRow, DayRow, MonthRow
from common.dates import POSTGRES_EPOCH
from customers.models import Customer

Row = TypeVar("Row", DayRow, MonthRow, ConventionRow)
Customers = QuerySet[Customer]


@dataclass(frozen=True, slots=True)
class Live:
    """The sums of some customers."""

    part: Part
    ledger: Ledger

    @property
    def until(self) -> int:
        return self.ledger.terms.until


def days_live(customers: Customers, currency: str) -> list[DayRow]:
    """This will return all days of some customers in a currency. Up to six queries."""
    live = _live(customers)
    if live is None:
        return []
    tables = day_tables(live.part, live.ledger.rates, until=live.until)
    found = (table for table in tables if table.key == currency)
    return [
        row
        for table in found
        for row in _rows(DayRow, "day", table, _days(table), currency=currency)
    ]


def months_live(customers: Customers, dimension: str) -> list[MonthRow]:
    """This will return all months of some customers by a dimension. Nine queries at most."""
    live = _live(customers, months=True)
    if live is None:
        return []
    days = day_tables(live.part, live.ledger.rates, until=live.until)
    everybody = next((table for table in days if table.key == ""), None)
    rows = [
        row
        for name, table in month_tables(live.part, everybody)
        if name == dimension
        for row in _rows(
            MonthRow,
            "month",
            table,
            _months(table),
            dimension=dimension,
            value=table.key,
        )
    ]
    return sorted(rows, key=lambda row: (row.month, row.value))


def cohorts_live(customers: Customers) -> list[CohortRow]:
    """This will return all cohorts of some customers. Nine queries at most."""
    live = _live(customers, months=True)
    if live is None:
        return []
    return [
        CohortRow(_day(int(first_day(cohort))), age, number, Decimal(revenue) / 100)
        for cohort, age, number, revenue in cohort_rows(live.part, until=live.until)
    ]


def preset_live(customers: Customers, preset: str) -> list[ConventionRow]:
    """This will return what a preset says of some customers. Up to six queries."""
    live = _live(customers, presets=True)
    if live is None:
        return []
    tables = preset_tables(
        live.part, tuple(PRESETS), live.ledger.rates, until=live.until
    )
    return [
        row
        for table in tables
        if table.key == preset
        for row in _rows(ConventionRow, "month", table, _months(table), preset=preset)
    ]


def _live(
    customers: Customers, *, months: bool = False, presets: bool = False
) -> Live | None:
    """This will reckon some customers; None before the first sums were made."""
    day = ledger_state().built_on
    if day is None:
        return None
    terms = ledger_terms(day=day)
    scope = Chosen(list(customers.order_by("pk").values_list("pk", flat=True)))
    with one_snapshot() as cursor:
        ledger = ledger_read(cursor, scope, terms, presets=presets)
        known = known_read(cursor, scope, terms, ledger) if months else None
    part = ledger.part()
    if known is not None:
        part = ledger.with_months(part, known)
    if presets:
        part, _ = ledger.with_presets(part)
    return Live(part, ledger)


def _rows(
    kind: Callable[..., Row],
    at: str,
    table: Table,
    days: Iterable[dt.date],
    **same: str,
) -> list[Row]:
    """This will turn columns into rows; cents into amounts where the row has amounts."""
    names = [name for name in _names(kind) if name in table.columns]
    columns = [_values(kind, name, table.columns[name].tolist()) for name in names]
    return [
        kind(**{at: day}, **same, **dict(zip(names, values, strict=True)))
        for day, *values in zip(days, *columns, strict=True)
    ]


def _names(kind: Any) -> list[str]:
    return [field.name for field in fields(kind)]


def _values(kind: Any, name: str, values: list[int]) -> list[Any]:
    if kind.__annotations__[name] is not Decimal:
        return values
    return [Decimal(value) / 100 for value in values]


def _days(table: Table) -> list[dt.date]:
    return [_day(number) for number in table.at.tolist()]


def _months(table: Table) -> list[dt.date]:
    return [_day(number) for number in first_day(table.at).tolist()]


def _day(number: int) -> dt.date:
    return POSTGRES_EPOCH + dt.timedelta(days=number)
