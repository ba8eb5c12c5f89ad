"""What has moved since a model was trained.

    PSI = Σ (a − e)·ln(a / e)

over the bins of a feature, with e the share of training and a the share of today. Without
any change PSI·N·M/(N + M) follows a chi-squared distribution with bins − 1 degrees of
freedom, N and M being the numbers of customers (Yurdakul & Naranjo, Journal of Risk Model
Validation 14(4), 2020). So a change has to be larger than chance makes it, and larger than
0.1, under which it is custom to speak of none.
"""

from dataclasses import dataclass

import numpy as np

from health.calculations.accuracy.curve import wilson
from health.calculations.accuracy.resampling import Bools
from health.calculations.scoring import Floats

BINS = 10
SMALL, LARGE = 0.1, 0.25
# Half a customer stands in for an empty bin, whose logarithm would be infinite.
LEAST = 0.5
CERTAINTY = 0.95


@dataclass(frozen=True, slots=True)
class Reference:
    """A column as it was in training: the inner edges of its bins, and who was in them.

    The last count is that of customers without a value.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]  # len(edges) + 2


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a column has moved."""

    name: str
    psi: float
    limit: float  # what chance alone keeps under in 95 of 100 cases

    @property
    def moved(self) -> bool:
        return self.psi > max(SMALL, self.limit)

    @property
    def much(self) -> bool:
        return self.psi > max(LARGE, self.limit)


@dataclass(frozen=True, slots=True)
class InTheLarge:
    """How many were expected to leave since, and how many did. Shares are 0..1."""

    cases: int
    expected: float
    share: float
    low: float  # of the share, 95 %
    high: float

    @property
    def off(self) -> bool:
        """Whether the expectation lies outside of what was seen."""
        return not self.low <= self.expected <= self.high


def reference(values: Floats, bins: int = BINS) -> Reference:
    """This will remember a column (n,) in bins of about equal size; NaN is a bin."""
    known = values[~np.isnan(values)]
    steps = np.arange(1, bins) / bins
    edges = np.unique(np.quantile(known, steps)) if len(known) else np.empty(0)
    return Reference(tuple(edges.tolist()), _counts(values, edges))


def drift(name: str, before: Reference, values: Floats) -> Drift:
    """This will compare a column of today (m,), m > 0, with the one of training."""
    from scipy.special import chdtri  # noqa: PLC0415 - 30 MB in every process

    then = np.array(before.counts, dtype=np.float64)
    now = np.array(_counts(values, np.array(before.edges)), dtype=np.float64)
    used = (then > 0) | (now > 0)
    then, now = then[used], now[used]
    old, new = (np.maximum(LEAST, x) / x.sum() for x in (then, now))
    chance = 1.0 / then.sum() + 1.0 / now.sum()
    free = max(1, len(then) - 1)
    return Drift(
        name,
        float(((new - old) * np.log(new / old)).sum()),
        float(chdtri(free, 1.0 - CERTAINTY) * chance),
    )


def in_the_large(p: Floats, left: Bools) -> InTheLarge:
    """This will compare the mean forecast with the share that left; n > 0.

    One row a customer: windows that overlap would make the interval too narrow.
    """
    low, high = wilson(float(left.sum()), len(p))
    return InTheLarge(len(p), float(p.mean()), float(left.mean()), low, high)


def _counts(values: Floats, edges: Floats) -> tuple[int, ...]:
    place = np.searchsorted(edges, values, side="left")
    place = np.where(np.isnan(values), len(edges) + 1, place)
    return tuple(np.bincount(place, minlength=len(edges) + 2).tolist())
