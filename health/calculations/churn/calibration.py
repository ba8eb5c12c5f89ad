"""Slope and level of the forecasts, put right on what they did not learn from.

    logit p = level + η̄ + slope·(η − η̄)

Two steps, each held back by a normal prior around "right already", so that few departures
change little and many decide (a sigmoid with a prior; Platt, 1999, is the limit of many):

1. the slope, on forecasts made out of time and for customers who were left out;
2. the level, on the days just before the end of the history, because base rates move.

The slope is held firmly: the coefficients are rescaled already (`logistic.learn`), and
forecasts of few departures, made by regressions that knew still fewer, understate the slope of
the one that knows all. With about 400 departures both weigh the same. There is no isotonic
step: it would make one forecast of many (ties), and the sigmoid is right within chance
wherever it was tried (docs/accuracy.md).
"""

from dataclasses import dataclass

import numpy as np

from health.calculations.accuracy.probability import probability
from health.calculations.accuracy.resampling import Bools, Ints
from health.calculations.scoring import Floats

# How far slopes and levels stray, as standard deviations.
SLOPE_SPREAD, LEVEL_SPREAD = 0.05, 0.15
# Trees are not rescaled as coefficients are, and are too bold as a rule.
TREES_SPREAD = 0.2
# Of Newton's method; each halves what is wrong at the least.
ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Calibration:
    """How log-odds are put right, and the variances of what does it."""

    slope: float
    level: float
    middle: float  # η̄
    slope_variance: float
    level_variance: float

    def log_odds(self, eta: Floats) -> Floats:
        return np.asarray(
            self.level + self.middle + self.slope * (eta - self.middle), np.float64
        )

    def variance(self, eta: Floats) -> Floats:
        """This will return what not knowing slope and level adds, in log-odds squared."""
        away = (eta - self.middle) ** 2
        return np.asarray(self.level_variance + self.slope_variance * away)


def slope(
    eta: Floats, left: Bools, customer: Ints, *, spread: float = SLOPE_SPREAD
) -> tuple[float, float]:
    """This will find the slope and its variance from log-odds out of time, (n,).

    The level of those is free; `spread` is how far slopes stray from 1. Somebody left and
    somebody stayed.
    """
    vote = _vote(left, customer)
    x = np.stack([np.ones(len(eta)), eta - eta.mean()])
    prior = np.array([0.0, 1.0 / spread**2])
    start = np.array([eta.mean(), 1.0])
    found, inverse = newton(x, left, np.zeros(len(eta)), start, prior, vote)
    return float(found[1]), float(inverse[1, 1])


def turned(eta: Floats, left: Bools, customer: Ints, spread: float) -> Floats:
    """This will put the slope of log-odds out of time right, and leave their mean."""
    value, _ = slope(eta, left, customer, spread=spread)
    middle = eta.mean()
    return np.asarray(middle + value * (eta - middle))


def level(eta: Floats, left: Bools, customer: Ints) -> tuple[float, float]:
    """This will find how far the level of log-odds (n,) is off, and its variance."""
    prior, vote = np.array([1.0 / LEVEL_SPREAD**2]), _vote(left, customer)
    ones, zero = np.ones((1, len(eta))), np.zeros(1)
    found, inverse = newton(ones, left, eta, zero, prior, vote)
    return float(found[0]), float(inverse[0, 0])


def mean_kept(eta: Floats, left: Bools) -> float:
    """This will say by how much to shift log-odds (n,) for the mean to be who left."""
    ones, zero = np.ones((1, len(eta))), np.zeros(1)
    return float(newton(ones, left, eta, zero, zero, 1.0)[0][0])


def _vote(left: Bools, customer: Ints) -> float:
    """This will say what a row counts: windows that overlap see one departure twice."""
    departures = len(np.unique(customer[left]))
    return departures / max(1, int(left.sum())) if departures else 1.0


def newton(
    x: Floats, left: Bools, offset: Floats, start: Floats, prior: Floats, vote: float
) -> tuple[Floats, Floats]:
    """This will fit coefficients (k,) of x (k, n), pulled to `start` by precisions (k,).

    `offset` (n,) is added as it is; a row counts `vote`. Returned with the inverse of the
    curvature, (k, k).
    """
    found = start.copy()
    for _ in range(ROUNDS):
        p = probability(offset + found @ x)
        pull = vote * (x @ (left - p)) - prior * (found - start)
        inverse = np.linalg.inv(vote * (x * (p * (1.0 - p))) @ x.T + np.diag(prior))
        found = found + np.clip(inverse @ pull, -1.0, 1.0)
    return found, np.asarray(inverse, dtype=np.float64)
