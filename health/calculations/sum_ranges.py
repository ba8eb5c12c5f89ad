"""Ranges of sums over customers: each one's own fate, and what all have in common.

    variance of a sum = f² · ( Σ v  +  Σ_plans (d_plan · Σ_customers of the plan l)² )

v  the variance of what a customer brings, from its survival curve; fates are independent
l  what it would bring less if its chances of leaving rose by 1 (in logarithms): −Σ S ln S
d  how well a plan's chances of leaving are known: k departures tell the logarithm of a
   rate with a standard deviation of 1/√k; one more is thought of, so that none is no
   certainty either
f  how much further than that the sums of a year ago were off, never less than 1

A sum of many is as good as normal: P10 and P90 lie 1.28 standard deviations from it. Own
fates cancel out in large sums, what is not known of the chances does not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.draws import Z90
from health.calculations.landmarks import Landmarks
from health.calculations.scoring import Floats

# Sums that came out as expected and are thought of before any are seen; the most.
PRIOR_SUMS, MOST_FACTOR = 4.0, 3.0
# Sums of fewer customers are not normal; no range is given.
FEW = 20


@dataclass(frozen=True, slots=True)
class SumDoubt:
    """How well the chances of leaving are known, by plan, and how sums have been off."""

    groups: tuple[int, ...]  # plans
    doubts: tuple[float, ...]  # standard deviations of logarithms
    rest: float  # of plans that were not seen
    factor: float = 1.0

    def of(self, plan: NDArray[np.int64]) -> Floats:
        """This will return the doubt of n customers' plans, (n,)."""
        found = np.full(len(plan), self.rest)
        for known, doubt in zip(self.groups, self.doubts, strict=True):
            found[plan == known] = doubt
        return found

    def parts(self, plan: NDArray[np.int64], own: Floats, lever: Floats) -> Floats:
        """This will return what each adds to a sum's variance, and to what all share, (2, n)."""
        return np.stack([self.factor**2 * own, self.factor * self.of(plan) * lever])


@dataclass(frozen=True, slots=True)
class Spread:
    """Of n customers, (n,) each: plan, v and l; and the doubt that all share."""

    plan: NDArray[np.int64]
    own: Floats
    lever: Floats
    doubt: SumDoubt

    @property
    def deviation(self) -> float:
        """The standard deviation of their sum."""
        return self.doubt.factor * float(np.sqrt(self.own.sum() + self.common**2))

    @property
    def common(self) -> float:
        """The part of it that does not cancel out, before the factor."""
        _plans, place = np.unique(self.plan, return_inverse=True)
        by_plan = np.bincount(place, self.lever * self.doubt.of(self.plan))
        return float(np.sqrt((by_plan**2).sum()))

    def chosen(self, rows: NDArray[np.bool_]) -> "Spread":
        """This will return some of the customers."""
        return Spread(self.plan[rows], self.own[rows], self.lever[rows], self.doubt)


def learn_doubt(rows: Landmarks) -> SumDoubt:
    """This will count who left of each plan. Cost: one sort."""
    order = np.lexsort((rows.day, rows.customer))
    customer = rows.customer[order]
    last = order[np.append(np.diff(customer) != 0, True)[: len(order)]]
    left = rows.left_after[last] <= rows.observed[last]
    plans, place = np.unique(rows.plan[last], return_inverse=True)
    leavers = np.bincount(place, left, minlength=len(plans))
    return SumDoubt(
        tuple(plans.tolist()),
        tuple((1.0 / np.sqrt(leavers + 1.0)).tolist()),
        1.0,
    )


def factor_of(missed: Floats, deviation: Floats) -> float:
    """This will learn from g sums by how much they `missed`, and should have.

    The root mean square in standard deviations, joined to four sums that came out as they
    should: so few say too little to make a range narrower.
    """
    sound = deviation > 0.0
    squares = (missed[sound] / deviation[sound]) ** 2
    mean = (squares.sum() + PRIOR_SUMS) / (len(squares) + PRIOR_SUMS)
    return float(np.clip(np.sqrt(mean), 1.0, MOST_FACTOR))


def share_of(
    expected: Floats, own: Floats, doubt: Floats, plan: NDArray[np.int64]
) -> float | None:
    """This will return the standard deviation of a sum of g groups as a share of it.

    From what is kept of each group: its sum, the variance by own fates, and what it is off
    together with others of its `plan`. None where that was not learnt.
    """
    total = float(expected.sum())
    if total <= 0.0 or own.sum() <= 0.0:
        return None
    _plans, place = np.unique(plan, return_inverse=True)
    shared = np.bincount(place, doubt)
    return float(np.sqrt(own.sum() + (shared**2).sum())) / total


def ends(total: float, deviation: float) -> tuple[float, float]:
    """This will return P10 and P90 of a sum."""
    return total - Z90 * deviation, total + Z90 * deviation
