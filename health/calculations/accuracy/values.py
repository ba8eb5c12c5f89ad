"""Last year's forecast of what customers would bring, against what came in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.accuracy.curve import wilson
from health.calculations.accuracy.ranking import quotient
from health.calculations.accuracy.resampling import Bools, Ints
from health.calculations.accuracy.resampling import ranges as resampled
from health.calculations.backtest import Range
from health.calculations.conformal import Ranges
from health.calculations.scoring import Floats
from health.calculations.sum_ranges import FEW, Spread, ends

# Ranges around the total are drawn from so many customers at most.
MOST = 40_000


@dataclass(frozen=True, slots=True)
class PlanValues:
    """One plan by its id, 0 for none; money in the company's currency."""

    key: int
    customers: int
    expected: float
    realised: float
    held: float  # share of ranges that held what came in
    low: float  # of the share, 95 %
    high: float
    sum_low: float | None = None  # P10 and P90 of `expected`; None in older reports
    sum_high: float | None = None  # and of too few customers


@dataclass(frozen=True, slots=True)
class ValueReport:
    """What a forecast of a year ago was worth.

    `median_error` is how far half of the customers stayed within, as a share of what was
    expected of each; `ratio` is all that came in over all that was expected. `sum_low` and
    `sum_high` are as of a plan.
    """

    customers: int
    left: int
    expected: float
    realised: float
    ratio: Range | None
    median_error: float
    held: float
    low: float  # of `held`, 95 %
    high: float
    plans: tuple[PlanValues, ...]
    sum_low: float | None = None
    sum_high: float | None = None

    @property
    def inside(self) -> bool | None:
        """Whether all that came in lay within the range of what was expected."""
        if self.sum_low is None or self.sum_high is None:
            return None
        return self.sum_low <= self.realised <= self.sum_high


def values_report(
    expected: Floats,
    ranges: Ranges,
    realised: Floats,
    plan: Ints,
    left: Bools,
    *,
    spread: Spread | None = None,
    seed: int = 1,
    resamples: int = 200,
) -> ValueReport | None:
    """This will measure n forecasts of a year's margin, all (n,); None without any.

    Ranges are P10 to P90, so 80 of 100 should hold; `spread` is what those of sums are
    told with. Cost: some passes over at most 40,000 customers a draw.
    """
    if not len(expected):
        return None
    held = ranges.hold(realised)
    plans = [
        _plan(int(key), plan == key, expected, realised, held, spread)
        for key in np.unique(plan).tolist()
    ]
    low, high = wilson(float(held.sum()), len(held))
    sum_low, sum_high = _sum(expected, spread)
    return ValueReport(
        customers=len(expected),
        left=int(left.sum()),
        expected=float(expected.sum()),
        realised=float(realised.sum()),
        ratio=_ratio(expected, realised, seed=seed, resamples=resamples),
        median_error=_median_error(expected, realised),
        held=float(held.mean()),
        low=low,
        high=high,
        plans=tuple(sorted(plans, key=lambda one: (-one.customers, one.key))),
        sum_low=sum_low,
        sum_high=sum_high,
    )


def _plan(
    key: int,
    mine: Bools,
    expected: Floats,
    realised: Floats,
    held: Bools,
    spread: Spread | None,
) -> PlanValues:
    low, high = wilson(float(held[mine].sum()), int(mine.sum()))
    return PlanValues(
        key,
        int(mine.sum()),
        float(expected[mine].sum()),
        float(realised[mine].sum()),
        float(held[mine].mean()),
        low,
        high,
        *_sum(expected[mine], None if spread is None else spread.chosen(mine)),
    )


def _sum(expected: Floats, spread: Spread | None) -> tuple[float | None, float | None]:
    """This will put a range around a sum; none where it would not be told."""
    if spread is None or len(expected) < FEW:
        return None, None
    return ends(float(expected.sum()), spread.deviation)


def _median_error(expected: Floats, realised: Floats) -> float:
    counts = expected > 0.0
    if not counts.any():
        return 0.0
    apart = np.abs(realised[counts] - expected[counts]) / expected[counts]
    return float(np.median(apart))


def _ratio(
    expected: Floats, realised: Floats, *, seed: int, resamples: int
) -> Range | None:
    """This will divide the sums, each customer drawn anew with its forecast."""
    some: NDArray[np.intp] = np.arange(len(expected))
    if len(some) > MOST:
        some = np.random.default_rng(seed).choice(some, MOST, replace=False)

    def figure(weights: Floats) -> Floats:
        return quotient(weights @ realised[some], weights @ expected[some])

    (found,) = resampled([figure], some, seed=seed, resamples=resamples)
    whole = expected.sum()
    if found is None or whole <= 0.0:
        return None
    return Range(float(realised.sum() / whole), found.low, found.high)
