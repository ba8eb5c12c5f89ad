"""From sums that were added up to the rows that are shown."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billing.calculations.revenue.cells import Cells
from billing.calculations.revenue.facts import DIMENSIONS
from billing.calculations.revenue.monthly import COLUMNS
from billing.calculations.revenue.months import last_day, month_of
from billing.calculations.revenue.part import Part
from billing.calculations.revenue.rates import Rates, in_own

FLOWS = ("new", "reactivation", "expansion", "contraction", "churn")
DAY_COUNTS = ("customers_new", "customers_back", "customers_lost")
PRESET_COUNTS = ("customers_new", "customers_lost")
Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one currency, preset or dimension: numbers of days or months, and columns."""

    key: str
    at: Column
    columns: dict[str, Column]


def day_tables(part: Part, rates: Rates, *, until: int) -> Iterator[Table]:
    """This will return a row per currency and day; "" is all, converted.

    What a day is worth at its end comes from the states in force, what moved from the
    ledger. What is left between them in the converted sums is `revaluation`: what rates
    did, roundings to the cent, and currencies that got their first rate.
    """
    found = {
        word: _closing_days(part, number, until)
        for number, word in enumerate(part.words)
        if (part.closings.keys[:, 0] == number).any()
    }
    total = np.zeros(0, np.int64), np.zeros(0, np.int64)
    for currency, (days, closing, paying) in sorted(found.items(), reverse=True):
        if currency:
            own = in_own(closing, rates.on(currency, days))
            total = _added(total, (days, own))
            yield _day_table(part, currency, days, closing, paying)
        else:  # The last of all: customers pay in some currency.
            at, amount = total
            yield _day_table(part, "", at, amount, _filled(at, paying))


def _closing_days(part: Part, number: int, until: int) -> tuple[Column, Column, Column]:
    """This will return all days from a currency's first on, revenue and customers."""
    cells = part.closings
    mine = cells.keys[:, 0] == number
    day, sums = cells.keys[mine, 1], cells.sums[mine]
    days = np.arange(day.min(), until + 1)
    table = np.zeros((len(days), 2), dtype=np.int64)
    table[day - days[0]] = sums
    closing, paying = np.cumsum(table, axis=0).T
    return days, closing, paying


def _added(
    total: tuple[Column, Column], more: tuple[Column, Column]
) -> tuple[Column, Column]:
    """This will add up series that end on the same day."""
    longer, shorter = sorted((total, more), key=lambda one: len(one[0]), reverse=True)
    amounts = longer[1].copy()
    amounts[len(amounts) - len(shorter[1]) :] += shorter[1]
    return longer[0], amounts


def _filled(at: Column, values: Column) -> Column:
    """This will lay a series that ends on the same day over more days; 0 before it."""
    return np.concatenate([np.zeros(len(at), np.int64), values])[-len(at) :]


def _day_table(
    part: Part, currency: str, days: Column, closing: Column, paying: Column
) -> Table:
    names = (*FLOWS, *DAY_COUNTS)
    moved = _laid_out(part.days, part.words.index(currency), days, len(names))
    columns = {name: moved[:, place] for place, name in enumerate(names)}
    return Table(currency, days, _balanced(columns, closing) | {"customers": paying})


def _laid_out(cells: Cells, number: int, at: Column, width: int) -> NDArray[np.int64]:
    """This will put the cells whose first key is a number on their days or months."""
    found = np.zeros((len(at), width), dtype=np.int64)
    mine = cells.keys[:, 0] == number
    found[cells.keys[mine, 1] - at[0]] = cells.sums[mine]
    return found


def _balanced(columns: dict[str, Column], closing: Column) -> dict[str, Column]:
    """This will add opening, closing and what is left between them."""
    opening = np.append(0, closing[:-1])
    flows = sum(columns[name] for name in FLOWS)
    return columns | {
        "opening": opening,
        "closing": closing,
        "revaluation": closing - opening - flows,
    }


def month_tables(part: Part, all_days: Table | None) -> Iterator[tuple[str, Table]]:
    """This will return the dimension, value and months of all cells.

    Everybody's opening and closing are those of the days. By value every customer's
    amount is rounded by itself, so with other currencies cents may lie between.
    """
    keys, sums = part.months.keys, part.months.sums
    for number, dimension in enumerate(DIMENSIONS):
        for word in np.unique(keys[keys[:, 0] == number, 1]).tolist():
            mine = (keys[:, 0] == number) & (keys[:, 1] == word)
            months = keys[mine, 2]
            columns = {name: sums[mine, place] for place, name in enumerate(COLUMNS)}
            if dimension == "" and all_days is not None:
                columns |= _of_days(all_days, months)
            flows = sum(columns[name] for name in FLOWS)
            columns["revaluation"] = (
                np.zeros(len(months), dtype=np.int64)
                if dimension == "reason"
                else columns["closing"] - columns["opening"] - flows
            )
            yield dimension, Table(part.words[word], months, columns)


def _of_days(days: Table, months: Column) -> dict[str, Column]:
    """This will return what everybody pays around months."""
    closing = np.append(days.columns["closing"], 0)
    last = int(days.at[-1])
    ends = np.minimum(last_day(months), last) - days.at[0]
    befores = last_day(months - 1) - days.at[0]
    return {
        "closing": closing[ends],
        "opening": np.where(befores < 0, 0, closing[np.maximum(befores, 0)]),
    }


def cohort_rows(part: Part, *, until: int) -> Iterator[tuple[int, int, int, int]]:
    """This will return cohort, age, customers and revenue, every age up to today."""
    now = int(month_of(np.array([until]))[0])
    keys, sums = part.cohorts.keys, part.cohorts.sums
    for cohort in np.unique(keys[:, 0]).tolist():
        table = np.zeros((now - cohort + 1, 2), dtype=np.int64)
        mine = keys[:, 0] == cohort
        table[keys[mine, 1]] = sums[mine]
        for age, (customers, revenue) in enumerate(table.tolist()):
            yield cohort, age, customers, revenue


def preset_tables(
    part: Part, presets: tuple[str, ...], rates: Rates, *, until: int
) -> Iterator[Table]:
    """This will return what every preset says of every month, converted."""
    keys, sums = part.preset_closings.keys, part.preset_closings.sums
    now = int(month_of(np.array([until]))[0])
    for number, preset in enumerate(presets):
        mine = keys[:, 0] == number
        if not mine.any():
            continue
        months = np.arange(keys[mine, 2].min(), now + 1)
        ends = np.minimum(last_day(months), until)
        closing = np.zeros(len(months), dtype=np.int64)
        for word in np.unique(keys[mine, 1]).tolist():
            theirs = mine & (keys[:, 1] == word)
            amount = np.zeros(len(months), dtype=np.int64)
            amount[keys[theirs, 2] - months[0]] = sums[theirs, 0]
            closing += in_own(np.cumsum(amount), rates.on(part.words[word], ends))
        names = (*FLOWS, *PRESET_COUNTS)
        moved = _laid_out(part.presets, number, months, len(names))
        columns = {name: moved[:, place] for place, name in enumerate(names)}
        yield Table(preset, months, _balanced(columns, closing))
