"""Months by dimension, and cohorts, of a range of customers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from billing.calculations.revenue.cells import Cells, tallied
from billing.calculations.revenue.facts import (
    DIMENSIONS,
    KNOWN,
    STEADY,
    TENURE_WORDS,
    Departures,
    History,
    Profile,
    tenure_codes,
)
from billing.calculations.revenue.lines import CHURN, Lines
from billing.calculations.revenue.months import Array, month_of
from billing.calculations.revenue.part import Words
from billing.calculations.revenue.rates import Rates, in_own
from billing.calculations.revenue.renewals import Renewals
from billing.calculations.revenue.standing import Standing

# The columns of cells of months, in their order.
STOOD = (
    "opening",
    "closing",
    "customers_opening",
    "customers_closing",
    "year_ago",
    "kept_with_expansion",
    "kept_without",
)
MOVED = (
    "new",
    "reactivation",
    "expansion",
    "contraction",
    "churn",
    "churn_involuntary",
    "customers_new",
    "customers_back",
    "customers_lost",
    "customers_lost_involuntary",
)
RENEWED = ("renewals_due", "renewals_kept", "renewals_due_mrr", "renewals_kept_mrr")
COLUMNS = (*STOOD, *MOVED, *RENEWED)
# A departure told within so many days of the movement is the same one.
SAME_DEPARTURE = 45
# Cells of a table of customers by months that are held at once.
AT_ONCE = 400_000


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the customers of a range; `renewals` may be nobody's."""

    profile: Profile
    history: History
    departures: Departures
    renewals: Renewals


def month_cells(
    lines: Lines, known: Known, rates: Rates, *, until: int, words: Words
) -> tuple[Cells, Cells]:
    """This will return the cells of months by dimension, and those of cohorts.

    All that a customer did in a month counts under what it was known as at the month's
    end (segment, stage) or is known as now (plan, source, persona, owner).
    """
    months, cohorts = [Cells.none(3, len(COLUMNS))], [Cells.none(2, 2)]
    for some in _portions(lines, until):
        standing = Standing.of(some, rates, until=until)
        months.extend(_months(some, standing, known, rates, until, words))
        cohorts.append(_cohorts(standing))
    return Cells.joined(months), Cells.joined(cohorts)


def _portions(lines: Lines, until: int) -> Iterator[Lines]:
    """This will cut lines between customers, so that tables stay small."""
    if not len(lines):
        return
    span = until // 30 - int(lines.moves.day.min()) // 30 + 2
    _, begins = np.unique(lines.moves.customer, return_index=True)
    size = max(1, AT_ONCE // span)
    cuts = [*begins[::size].tolist(), len(lines)]
    for begin, end in pairwise(cuts):
        yield lines.take(np.arange(begin, end))


@dataclass(frozen=True, slots=True)
class _Coder:
    """Gives the codes of customers (by their places in the standing) in months."""

    standing: Standing
    known: Known

    def __call__(self, dimension: str, who: Array, month: Array) -> Array:
        standing, known = self.standing, self.known
        if dimension == "":
            return np.zeros(len(who), dtype=np.int64)
        if dimension == "tenure":
            return tenure_codes(month - standing.won[who])
        now = known.profile.of(dimension, standing.customer[who])
        if dimension in STEADY:
            return now
        months = month + standing.first
        return known.history.of(dimension, standing.customer[who], months, now)

    def words(self, dimension: str) -> tuple[str, ...]:
        if dimension == "":
            return ("",)
        if dimension == "tenure":
            return TENURE_WORDS
        return self.known.profile.words[dimension]


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows to be summed: whose, in which month, and their columns' places in COLUMNS."""

    who: Array
    month: Array  # from the standing's first on
    names: tuple[str, ...]
    columns: list[NDArray[np.int64]]


def _months(
    lines: Lines,
    standing: Standing,
    known: Known,
    rates: Rates,
    until: int,
    words: Words,
) -> Iterator[Cells]:
    moved, near = _moved(lines, standing, known)
    tables = (
        _stood(standing),
        moved,
        _renewed(known.renewals, lines, standing, rates),
    )
    coder = _Coder(standing, known)
    for dimension in ("", *KNOWN, *STEADY, "tenure"):
        names = words(coder.words(dimension))
        found = [(one, coder(dimension, one.who, one.month)) for one in tables]
        yield _cells(dimension, found, names, standing)
    gone = np.isin(moved.names, MOVED[4:6] + MOVED[8:])
    lost = lines.moves.kind == CHURN
    reasons = _Table(
        moved.who[lost],
        moved.month[lost],
        tuple(np.array(moved.names)[gone].tolist()),
        [moved.columns[place][lost] for place in np.flatnonzero(gone)],
    )
    told = known.departures
    codes = np.append(told.reason, len(told.words))[near[lost]]
    names = words((*told.words, ""))
    yield _cells("reason", [(reasons, codes)], names, standing)


def _cells(
    dimension: str,
    tables: list[tuple[_Table, Array]],
    names: Array,
    standing: Standing,
) -> Cells:
    """This will sum tables by value and month. A value without a word stands as ""."""
    months = standing.months
    sums = np.zeros((len(names) * months, len(COLUMNS)), dtype=np.int64)
    for table, codes in tables:
        group = codes * months + table.month
        places = [COLUMNS.index(name) for name in table.names]
        sums[:, places] += tallied(group, table.columns, len(sums))
    some = np.flatnonzero(sums.any(axis=1))
    number = np.full(len(some), DIMENSIONS.index(dimension))
    keys = [number, names[some // months], some % months + standing.first]
    return Cells(np.stack(keys, axis=1), sums[some]).together()


def _stood(standing: Standing) -> _Table:
    """This will list the months in which a customer paid, before or a year ago."""
    opening, closing = standing.opening(), standing.closing
    ago, now, kept = standing.kept()
    who, month = np.nonzero((opening > 0) | (closing > 0) | (ago > 0))
    columns = [
        table[who, month]
        for table in (opening, closing, opening > 0, closing > 0, ago, now, kept)
    ]
    return _Table(who, month, STOOD, [one.astype(np.int64) for one in columns])


def _moved(
    lines: Lines, standing: Standing, known: Known
) -> tuple[_Table, NDArray[np.int64]]:
    """This will list the lines, and the place of the departure that each tells of."""
    moves = lines.moves
    near = known.departures.near(
        moves.customer, moves.day.astype(np.int64), within=SAME_DEPARTURE
    )
    near = np.where(moves.kind == CHURN, near, -1)
    failed = np.append(known.departures.involuntary, False)[near]
    kinds = lines.by_kind(lines.converted)
    counts = lines.counts(lines.firsts)
    table = _Table(
        who=np.searchsorted(standing.customer, moves.customer),
        month=month_of(moves.day) - standing.first,
        names=MOVED,
        columns=[*kinds, kinds[-1] * failed, *counts, counts[-1] * failed],
    )
    return table, near


def _renewed(found: Renewals, lines: Lines, standing: Standing, rates: Rates) -> _Table:
    """This will list the renewals of the customers of these lines."""
    who = np.searchsorted(standing.customer, found.customer)
    inside = np.clip(who, 0, len(standing.customer) - 1)
    month = month_of(found.day) - standing.first
    # Somebody may pay something by the log and nothing by the conventions.
    theirs = (standing.customer[inside] == found.customer) & (month >= 0)
    rate = rates.of(lines.currencies, found.currency, found.day)
    due, kept = in_own(found.due, rate), in_own(found.kept, rate)
    columns = [
        np.ones(len(due), np.int64),
        (found.kept > 0).astype(np.int64),
        due,
        kept,
    ]
    return _Table(who[theirs], month[theirs], RENEWED, [one[theirs] for one in columns])


def _cohorts(standing: Standing) -> Cells:
    """This will count who still pays so many months after the first payment."""
    who, month = np.nonzero(standing.closing > 0)
    won = standing.won[who]
    return Cells.of(
        [won + standing.first, month - won],
        [np.ones(len(who)), standing.closing[who, month]],
    )
