"""Slope and level, put right as far as the departures allow."""

import numpy as np
import pytest

from health.calculations.accuracy.probability import log_odds, probability
from health.calculations.churn.calibration import (
    LEVEL_SPREAD,
    SLOPE_SPREAD,
    Calibration,
    level,
    slope,
)


def made(size: int, seed: int = 1):
    lots = np.random.default_rng(seed)
    p = lots.beta(1, 4, size)
    return log_odds(p), lots.random(size) < p, np.arange(size)


def test_many_departures_decide() -> None:
    eta, left, customer = made(60_000)
    value, variance = slope(1.3 * eta, left, customer)
    assert value == pytest.approx(1 / 1.3, abs=0.02)
    assert variance < 1e-3
    shift, doubt = level(eta - 0.7, left, customer)
    assert shift == pytest.approx(0.7, abs=0.04)
    assert doubt < 1e-3


def test_few_departures_change_little() -> None:
    eta, left, customer = made(40, seed=2)
    value, variance = slope(2 * eta, left, customer)
    assert 0.95 < value < 1
    assert 0 < variance < SLOPE_SPREAD**2
    shift, doubt = level(eta - 0.7, left, customer)
    assert 0 < shift < 0.35
    assert 0 < doubt < LEVEL_SPREAD**2


def test_without_departures_there_is_little_to_learn() -> None:
    eta = np.full(10, -4.0)
    shift, doubt = level(eta, np.zeros(10, dtype=bool), np.arange(10))
    assert -(LEVEL_SPREAD**2) < shift < 0
    assert doubt == pytest.approx(LEVEL_SPREAD**2, rel=0.01)


def test_one_departure_seen_three_times_counts_once() -> None:
    eta, left, customer = made(500, seed=3)
    three = [np.tile(one, 3) for one in (eta, left, customer)]
    assert slope(*three) == pytest.approx(slope(eta, left, customer))
    assert level(*three) == pytest.approx(level(eta, left, customer))


def test_the_level_in_closed_form() -> None:
    """All alike at log-odds 0: where n(y − σ(a)) = a / spread²."""
    left = np.arange(50) < 40
    shift, doubt = level(np.zeros(50), left, np.arange(50))
    p = probability(shift)
    assert 50 * (0.8 - p) == pytest.approx(shift / LEVEL_SPREAD**2)
    assert doubt == pytest.approx(1 / (50 * p * (1 - p) + 1 / LEVEL_SPREAD**2))


def test_the_slope_turns_about_the_middle() -> None:
    right = Calibration(0.5, 0.1, -2.0, 0.04, 0.01)
    eta = np.array([-2.0, 0.0])
    assert right.log_odds(eta) == pytest.approx([-1.9, -0.9])
    assert right.variance(eta) == pytest.approx([0.01, 0.01 + 0.04 * 4])
