"""Are the probabilities right, and not only their order?

Calibration slope and intercept after Cox (Biometrika 45, 1958) and Van Calster et al.
(BMC Medicine 17:230, 2019): with η the log-odds of the forecast,

    logit P(left) = a + b·η     slope b: 1 is right, under 1 too bold, over 1 too timid
    logit P(left) = a + η       intercept a: 0 is right, over 0 too few were expected
"""

import numpy as np

from health.calculations.accuracy.ranking import quotient
from health.calculations.accuracy.resampling import Bools, Figure
from health.calculations.scoring import Floats

# Log-odds of a forecast of 0 or 1 would be infinite.
EDGE = 1e-9
ROUNDS = 30
CLOSE = 1e-9
# A step of Newton's may not be longer than this, in log-odds; a slope beyond it is
# that of forecasts which tell both sides apart without fault.
LONGEST_STEP = 4.0
STEEPEST = 25.0


def log_odds(p: Floats) -> Floats:
    """This will turn probabilities into log-odds, kept off the infinite ends."""
    inside = np.clip(p, EDGE, 1.0 - EDGE)
    return np.log(inside / (1.0 - inside))


def probability(log_odds_: Floats) -> Floats:
    """This will turn log-odds into probabilities, without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * log_odds_))


def log_loss(p: Floats, left: Bools) -> Figure:
    """This will prepare the mean log-loss: less is better, 0 is certain and right."""
    eta = log_odds(p)
    lost = np.logaddexp(0.0, np.where(left, -eta, eta))

    def figure(weights: Floats) -> Floats:
        return np.asarray(weights @ lost / weights.sum(axis=1))

    return figure


def brier(p: Floats, left: Bools) -> Figure:
    """This will prepare the Brier score, the mean of (p − y)²: 0 is perfect."""
    wrong = (p - left) ** 2

    def figure(weights: Floats) -> Floats:
        return quotient(weights @ wrong, weights.sum(axis=1))

    return figure


def skill(p: Floats, left: Bools) -> Figure:
    """This will prepare 1 − Brier / Brier of the base rate: 0 is no better, 1 is perfect.

    The base rate is that of the same cases (Murphy, Journal of Applied Meteorology 12,
    1973). NaN where everybody left or nobody did.
    """
    score = brier(p, left)

    def figure(weights: Floats) -> Floats:
        rate = quotient(weights @ left, weights.sum(axis=1))
        return 1.0 - quotient(score(weights), rate * (1.0 - rate))

    return figure


def calibration_slope(p: Floats, left: Bools) -> Figure:
    """This will prepare the calibration slope; NaN where it is not determined.

    That is where everybody has the same forecast, or nobody or everybody left. Slopes
    beyond ±25 standard deviations are cut off. Cost: a few passes over the rows a draw.
    """
    eta = log_odds(p)
    known = len(eta) > 0 and np.ptp(eta) > 0 and 0 < left.sum() < len(left)

    def figure(weights: Floats) -> Floats:
        if not known:
            return np.full(len(weights), np.nan)
        spread = eta.std()
        slopes = _line((eta - eta.mean()) / spread, left, weights)
        return np.asarray(slopes / spread)

    return figure


def calibration_intercept(p: Floats, left: Bools) -> Figure:
    """This will prepare the calibration intercept, in log-odds (slope held at 1)."""
    eta = log_odds(p)
    known = 0 < left.sum() < len(left)

    def figure(weights: Floats) -> Floats:
        found = np.full(len(weights), np.nan if not known else 0.0)
        for _ in range(ROUNDS if known else 0):
            expected = probability(eta + found[:, None])
            pull = (weights * (left - expected)).sum(axis=1)
            step = pull / (weights * expected * (1.0 - expected)).sum(axis=1)
            found = found + np.clip(step, -LONGEST_STEP, LONGEST_STEP)
            if np.abs(step).max() < CLOSE:
                break
        return found

    return figure


def _line(x: Floats, left: Bools, weights: Floats) -> Floats:
    """This will fit a + b·x to each draw by Newton's method and return b, shape (b,)."""
    level, slope = np.zeros(len(weights)), np.ones(len(weights))
    for _ in range(ROUNDS):
        expected = probability(level[:, None] + slope[:, None] * x)
        error = weights * (left - expected)
        curve = weights * expected * (1.0 - expected)
        down, across = error.sum(axis=1), error @ x
        a, b, c = curve.sum(axis=1), curve @ x, curve @ (x * x)
        area = np.maximum(a * c - b * b, np.finfo(float).tiny)
        steps = np.stack([c * down - b * across, a * across - b * down]) / area
        steps = np.clip(steps, -LONGEST_STEP, LONGEST_STEP)
        level, slope = level + steps[0], np.clip(slope + steps[1], -STEEPEST, STEEPEST)
        if np.abs(steps).max() < CLOSE:
            break
    return slope
