"""What customers brought in the year after a day, beside what was expected of them.

The year is read from the landmark rows that followed, a month apart: of each month margin
times the recurring revenue of its row, less the tickets opened since the row before,
discounted as the forecast is. A customer without a row had gone and brought nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.clv import discounts
from health.calculations.conformal import NONE, Ranges, Widening, learn_widening
from health.calculations.forecast import Economics
from health.calculations.landmarks import MONTH_DAYS
from health.calculations.past_frames import PastFrames
from health.calculations.scoring import Floats
from health.calculations.sum_ranges import Spread, factor_of

YEAR = 12


@dataclass(frozen=True, slots=True)
class Realised:
    """What n customers brought in a year, and who left in it; (n,) each."""

    margin: Floats
    left: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class YearCheck:
    """Forecasts of the twelve months after a day, and what came in, of n customers."""

    day: int  # days since 2000-01-01
    customer: NDArray[np.int64]
    plan: NDArray[np.int64]
    expected: Floats
    staying: Floats  # what each would earn if it stayed
    ranges: Ranges
    realised: Realised
    spread: Spread  # what sums of them would have been told with

    def widening(self, customers_now: int) -> Widening:
        """This will learn by how much ranges must move; nobody earns by costing more."""
        good = self.staying > 0.0
        low, mid, high = (
            column[good]
            for column in (self.ranges.low, self.ranges.mid, self.ranges.high)
        )
        return learn_widening(
            Ranges(low, mid, high),
            self.realised.margin[good],
            self.staying[good],
            self.plan[good],
            customers_now=customers_now,
        )

    @property
    def factor(self) -> float:
        """How much further off than they should the sums of plans were, and the whole."""
        parts = [self.plan == plan for plan in np.unique(self.plan)]
        parts.append(np.ones(len(self.plan), dtype=np.bool_))
        missed = self.realised.margin - self.expected
        return factor_of(
            np.array([missed[part].sum() for part in parts]),
            np.array([self.spread.chosen(part).deviation for part in parts]),
        )

    def widened(self, by: Widening = NONE) -> Ranges:
        """This will return the ranges as they would have been shown."""
        return by.applied(self.ranges, self.staying, self.plan)


def day_before_years(frames: PastFrames, years: int) -> int | None:
    """This will name the day whose twelve months ended `years` − 1 years before the last.

    None where the rows do not reach so far back. Each day needs a row a month later, so
    the day of a year ago is the thirteenth from the end.
    """
    days = np.unique(frames.rows.day)
    place = YEAR * years + 1
    return int(days[-place]) if len(days) >= place else None


def realised(frames: PastFrames, now: PastFrames, economics: Economics) -> Realised:
    """This will sum up the twelve months after a day, for the rows of the day, (n,).

    Cost: one search per month.
    """
    rows, who, before = frames.rows, now.rows.customer, now.tickets
    days = np.unique(rows.day[rows.day > now.rows.day.max(initial=0)])[:YEAR]
    found, worth = np.zeros(len(who)), discounts(economics.discount_rate, YEAR)
    for month, day in enumerate(days):
        there = frames.chosen(rows.day == day)
        place, here = _places(there.rows.customer, who)
        mrr = np.where(here, there.rows.mrr[place], 0.0)
        tickets = np.where(here, there.tickets[place], before)
        support = np.maximum(tickets - before, 0.0) * economics.support_cost
        found += worth[month] * (mrr * economics.margin - support)
        before = tickets
    return Realised(found, now.rows.left_within(round(YEAR * MONTH_DAYS)))


def _places(
    ids: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """This will find wanted ids among others, at least one, and say which are there."""
    order = np.argsort(ids, kind="stable")
    at = np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)
    place = order[at]
    return place, ids[place] == wanted
