"""Ranges that hold what they promise, by what last year's forecast would have missed.

Split-conformal adjustment (Romano, Patterson & Candès, Conformalized Quantile Regression,
Advances in Neural Information Processing Systems 32, 2019, section 4): the forecast that
could have been made a year before is held against what came in since. For every customer

    score = max(P10 − realised, realised − P90) / what it would earn if it stayed

is how far the truth lay outside its range, below 0 inside. P10 and P90 are then moved
apart (or together) by the score that 80 % of a plan's customers do not exceed. Measured as
a share of the value of staying, it is carried over to other horizons.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.scoring import Floats

CONFIDENCE = 0.8
# Customers of other plans that are added to each plan's own, so that small ones learn
# from the whole.
BORROWED = 20.0

Groups = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Ranges:
    """P10, P50 and P90 of n amounts, (n,) each."""

    low: Floats
    mid: Floats
    high: Floats

    def hold(self, realised: Floats) -> NDArray[np.bool_]:
        """This will say which ranges hold what came in."""
        return np.asarray((realised >= self.low) & (realised <= self.high))


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of ranges that held, of all and by plan."""

    overall: float
    groups: tuple[int, ...]
    by_group: tuple[float, ...]
    customers: tuple[int, ...]


def coverage(ranges: Ranges, realised: Floats, group: Groups) -> Coverage:
    """This will measure how often P10 to P90 held what came in."""
    held = ranges.hold(realised)
    groups, place, count = np.unique(group, return_inverse=True, return_counts=True)
    shares = np.bincount(place, held) / count
    return Coverage(
        float(held.mean()),
        tuple(groups.tolist()),
        tuple(shares.tolist()),
        tuple(count.tolist()),
    )


@dataclass(frozen=True, slots=True)
class Widening:
    """By how much ranges move apart, as a share of the value of staying."""

    groups: tuple[int, ...]
    shares: tuple[float, ...]
    rest: float  # for plans not seen a year ago

    def applied(self, ranges: Ranges, staying: Floats, group: Groups) -> Ranges:
        """This will widen ranges (n,); `staying` (n,) is what each earns if it stays.

        P10 and P90 never pass P50.
        """
        share = np.full(len(group), self.rest)
        for known, value in zip(self.groups, self.shares, strict=True):
            share[group == known] = value
        step = share * np.maximum(staying, 0.0)
        return Ranges(
            np.minimum(ranges.low - step, ranges.mid),
            ranges.mid,
            np.maximum(ranges.high + step, ranges.mid),
        )


NONE = Widening((), (), 0.0)


def learn_widening(
    ranges: Ranges,
    realised: Floats,
    staying: Floats,
    group: Groups,
    *,
    customers_now: int,
) -> Widening:
    """This will learn from n forecasts of a year ago and what came in since.

    A year ago the models had seen less, and missed more than they would today: of the
    widening so much is carried over as there were customers then to `customers_now`.
    Without any customer a year ago nothing is widened.
    """
    counts = np.maximum(staying, 1e-9)
    score = np.maximum(ranges.low - realised, realised - ranges.high) / counts
    if not len(score):
        return NONE
    carried = min(1.0, len(score) / max(1, customers_now))
    groups = np.unique(group)
    shares = [_level(score, group == one) * carried for one in groups]
    everybody = _level(score, np.ones(len(score), dtype=bool)) * carried
    return Widening(tuple(groups.tolist()), tuple(shares), everybody)


def _level(score: Floats, own: NDArray[np.bool_]) -> float:
    """This will return the score that 80 % of one's own, and some others, stay under."""
    others = max(1, int((~own).sum()))
    weight = np.where(own, 1.0, min(1.0, BORROWED / others))
    order = np.argsort(score)
    reached = np.cumsum(weight[order])
    # One more than there are: the customer to come has a score of its own.
    wanted = CONFIDENCE * (reached[-1] + 1.0)
    return float(np.interp(wanted, reached, score[order]))
