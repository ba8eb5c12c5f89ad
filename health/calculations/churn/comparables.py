"""Of so many customers scored like this, so many left.

Counted on forecasts made out of time, on days whose windows do not overlap: each departure
counts once. A customer that was there on two of these days is two cases.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.accuracy.curve import bin_of
from health.calculations.accuracy.resampling import Bools
from health.calculations.rates import INTERVAL
from health.calculations.scoring import Floats

# A group is this large at least; there are at most so many.
LEAST_CASES, MOST_GROUPS = 100, 20


@dataclass(frozen=True, slots=True)
class Comparable:
    """Customers with about the same forecast. Shares are 0..1."""

    cases: int
    leavers: int
    share: float
    low: float  # 80 % interval
    high: float


@dataclass(frozen=True, slots=True)
class Comparables:
    """Groups from the lowest forecast to the highest, and the borders between them."""

    borders: tuple[float, ...]
    groups: tuple[Comparable, ...]

    def places(self, p: Floats) -> NDArray[np.intp]:
        """This will return which group each of n forecasts falls into."""
        return np.searchsorted(np.array(self.borders), p, side="right")


def comparables(p: Floats, left: Bools) -> Comparables:
    """This will group n > 0 forecasts by height, and count who left.

    The interval is that of a share known from these cases alone (Jeffreys' prior, as in
    Brown, Cai & DasGupta, Statistical Science 16, 2001).
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - 30 MB in every process

    wanted = min(MOST_GROUPS, max(1, len(p) // LEAST_CASES))
    place = bin_of(p, wanted)
    cases, leavers = np.bincount(place), np.bincount(place, weights=left)
    low, high = (
        betaincinv(leavers + 0.5, cases - leavers + 0.5, end) for end in INTERVAL
    )
    bottom = np.full(len(cases), np.inf)
    top = np.full(len(cases), -np.inf)
    np.minimum.at(bottom, place, p)
    np.maximum.at(top, place, p)
    return Comparables(
        tuple(((top[:-1] + bottom[1:]) / 2).tolist()),
        tuple(
            Comparable(int(n), int(k), float(k / n), float(a), float(b))
            for n, k, a, b in zip(cases, leavers, low, high, strict=True)
        ),
    )
