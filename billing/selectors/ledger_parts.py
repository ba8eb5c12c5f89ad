"""Reckoning the ledger of some customers, and the sums of it, without writing anything."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from billing.calculations.conventions import PRESETS, Conventions
from billing.calculations.ledger import (
    Gaps,
    Timeline,
    timeline,
    timeline_closings,
    timeline_movements,
)
from billing.calculations.revenue.beside import (
    Differences,
    differences,
    preset_cells,
)
from billing.calculations.revenue.cells import Cells
from billing.calculations.revenue.daily import closing_cells, day_cells
from billing.calculations.revenue.lines import Lines
from billing.calculations.revenue.monthly import Known, month_cells
from billing.calculations.revenue.part import Part, Words
from billing.calculations.revenue.rates import Rates
from billing.calculations.revenue.renewals import renewals
from billing.selectors.ledger_reading import (
    LogRead,
    Scope,
    departures_read,
    gaps_read,
    log_read,
    one_snapshot,
    profile_read,
)
from billing.selectors.ledger_terms import Terms, rates_for


@dataclass(frozen=True)
class Ledger:
    """The ledger of some customers by the terms' conventions, from one look at the log."""

    terms: Terms
    read: LogRead
    gaps: Gaps
    rates: Rates

    def told(self, conventions: Conventions) -> Timeline:
        """This will return what subscriptions are worth by some conventions."""
        return timeline(self.read.log, conventions, self.gaps, until=self.terms.until)

    def lines_by(self, conventions: Conventions) -> Lines:
        """This will return the lines by some conventions."""
        if conventions == self.terms.conventions:
            return self.lines
        moves = timeline_movements(self.told(conventions), conventions)
        return Lines.of(moves, self.read.currencies, self.rates)

    @cached_property
    def now(self) -> Timeline:
        return self.told(self.terms.conventions)

    @cached_property
    def lines(self) -> Lines:
        """The lines by the conventions in force."""
        moves = timeline_movements(self.now, self.terms.conventions)
        return Lines.of(moves, self.read.currencies, self.rates)

    def part(self) -> Part:
        """This will return sums of days only."""
        if not len(self.lines):
            return Part.none()
        words, currencies = Words(), self.read.currencies
        days = np.unique(self.now.day)
        closings = timeline_closings(self.now, days, currencies=len(currencies))
        part = replace(
            Part.none(),
            days=day_cells(self.lines, words),
            closings=closing_cells(closings, currencies, words),
            lacking=self.lines.without_rate(),
        )
        return replace(part, words=words.told())

    def with_months(self, part: Part, known: Known) -> Part:
        """This will add the sums of months by dimension, and of cohorts."""
        if not len(self.lines):
            return part
        words = Words()
        words(part.words)
        months, cohorts = month_cells(
            self.lines, known, self.rates, until=self.terms.until, words=words
        )
        return replace(part, words=words.told(), months=months, cohorts=cohorts)

    def with_presets(self, part: Part) -> tuple[Part, list[Differences]]:
        """This will add what the presets say, and return where they differ."""
        words, found = Words(), []
        words(part.words)
        moved, closings = [Cells.none(2, 7)], [Cells.none(3, 1)]
        for number, conventions in enumerate(PRESETS.values()):
            lines = self.lines_by(conventions)
            some, ends = preset_cells(number, lines, words)
            moved.append(some)
            closings.append(ends)
            found.append(differences(lines, self.lines))
        return replace(
            part,
            words=words.told(),
            presets=Cells.joined(moved),
            preset_closings=Cells.joined(closings),
        ), found


def ledger_read(
    cursor: Any, scope: Scope, terms: Terms, *, presets: bool = False
) -> Ledger:
    """This will read what the ledger of some customers is made from.

    With invoices that were paid late where the conventions (or any preset's) ask for them.
    Up to three queries.
    """
    read = log_read(cursor, scope, terms)
    asked = [terms.conventions, *(PRESETS.values() if presets else ())]
    late = [one.past_due_days for one in asked if one.past_due_days is not None]
    gaps = gaps_read(cursor, scope, terms, late=min(late, default=None))
    return Ledger(terms, read, gaps, rates_for(terms, read.currencies))


def known_read(cursor: Any, scope: Scope, terms: Terms, ledger: Ledger) -> Known:
    """This will read what months are broken down by. Three queries."""
    profile, history = profile_read(cursor, scope, terms, ledger.read)
    return Known(
        profile=profile,
        history=history,
        departures=departures_read(cursor, scope),
        renewals=renewals(ledger.read.log, ledger.read.contracts, until=terms.until),
    )


@dataclass(frozen=True, slots=True)
class Reckoned:
    """All there is to write of a range of customers."""

    lines: Lines
    part: Part
    differences: list[Differences]


def range_reckoned(scope: Scope, terms: Terms) -> Reckoned:
    """This will reckon everything of a range of customers, from one moment's rows."""
    with one_snapshot() as cursor:
        ledger = ledger_read(cursor, scope, terms, presets=True)
        known = known_read(cursor, scope, terms, ledger)
    part, found = ledger.with_presets(ledger.with_months(ledger.part(), known))
    return Reckoned(ledger.lines, part, found)
