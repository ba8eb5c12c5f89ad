"""Of those said to leave with 20 %, did 20 % leave?

Bins hold about equally many forecasts; equal forecasts share a bin. The expected
calibration error is never 0, not even for a perfect forecast, because few customers in a
bin leave by chance: with ten bins it is 0.053 at 300 customers and 0.024 at 1,409 (of
whom a quarter leaves). So it is judged against what forecasts like these would show if
they were perfect (Bröcker & Smith, Weather and Forecasting 22, 2007).
"""

from dataclasses import dataclass

import numpy as np

from health.calculations.accuracy.resampling import Bools, Ints
from health.calculations.scoring import Floats

BINS = 10
DRAWS = 1_000
# At most so many draws of outcomes at a time, in numbers: 32 MB.
BLOCK = 4_000_000
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of about the same height. Shares are 0..1; `low`, `high` hold 95 %."""

    cases: int
    leavers: int
    forecast: float  # mean
    share: float  # that left
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CalibrationError:
    """The expected calibration error, and what chance alone would make of it."""

    value: float
    floor: float  # mean of a perfect forecast
    limit: float  # 95th percentile of a perfect forecast
    bins: int

    @property
    def above_chance(self) -> bool:
        """Whether the error is more than chance explains."""
        return self.value > self.limit


def wilson(events: float, cases: float) -> tuple[float, float]:
    """This will return the 95 % interval of a share (Wilson, JASA 22, 1927).

    As recommended by Brown, Cai & DasGupta (Statistical Science 16, 2001). `cases` > 0.
    """
    share, extra = events / cases, Z95**2 / cases
    middle = (share + extra / 2) / (1 + extra)
    half = Z95 * np.sqrt(share * (1 - share) / cases + extra / (4 * cases))
    reach = float(half / (1 + extra))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def bin_of(p: Floats, bins: int = BINS) -> Ints:
    """This will number the bin of each forecast, 0 for the lowest, without gaps."""
    edges = np.quantile(p, np.arange(1, bins) / bins)
    found = np.searchsorted(np.unique(edges), p, side="left")
    return np.asarray(np.unique(found, return_inverse=True)[1])


def calibration_curve(p: Floats, left: Bools, bins: int = BINS) -> tuple[Bin, ...]:
    """This will compare forecasts with outcomes in bins, the lowest first."""
    if not len(p):
        return ()
    place = bin_of(p, bins)
    cases = np.bincount(place)
    leavers = np.bincount(place, weights=left)
    forecast = np.bincount(place, weights=p) / cases
    return tuple(
        Bin(int(n), int(k), float(mean), float(k / n), *wilson(k, n))
        for n, k, mean in zip(cases, leavers, forecast, strict=True)
    )


def calibration_error(
    p: Floats,
    left: Bools,
    customer: Ints,
    *,
    seed: int,
    bins: int = BINS,
    draws: int = DRAWS,
) -> CalibrationError | None:
    """This will measure Σ n_b/n·|share − forecast|, and simulate its noise floor.

    Outcomes are drawn as if the forecasts were true, one lot for all rows of a customer
    (windows that overlap are not two witnesses). None without cases. Cost: draws × rows.
    """
    if not len(p):
        return None
    place = bin_of(p, bins)
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    chances = p[order]
    distinct, who = np.unique(customer[order], return_inverse=True)
    lots = np.random.default_rng(seed)

    def error(outcomes: Floats) -> Floats:
        apart = np.add.reduceat(outcomes - chances, starts, axis=1)
        return np.asarray(np.abs(apart).sum(axis=1) / len(p))

    block = max(1, min(draws, BLOCK // len(p)))
    floors = []
    for done in range(0, draws, block):
        luck = lots.random((min(block, draws - done), len(distinct)))
        floors.append(error((luck[:, who] < chances).astype(np.float64)))
    floor = np.concatenate(floors)
    return CalibrationError(
        value=float(error(left[order][None, :].astype(np.float64))[0]),
        floor=float(floor.mean()),
        limit=float(np.percentile(floor, 95)),
        bins=len(starts),
    )
