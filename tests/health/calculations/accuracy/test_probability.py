"""Brier, skill, slope and intercept against closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health.calculations.accuracy.probability import (
    STEEPEST,
    brier,
    calibration_intercept,
    calibration_slope,
    log_odds,
    probability,
    skill,
)

# Ten said to leave with 0.2, of whom 3 do; twenty with 0.6, of whom 10 do.
P = np.repeat([0.2, 0.6], [10, 20])
LEFT = np.array([True] * 3 + [False] * 7 + [True] * 10 + [False] * 10)
ONE = np.ones((1, 30))


def logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


def test_the_brier_score_is_the_mean_square() -> None:
    by_hand = (3 * 0.64 + 7 * 0.04 + 10 * 0.16 + 10 * 0.36) / 30
    assert brier(P, LEFT)(ONE)[0] == pytest.approx(by_hand)
    base = 13 / 30 * 17 / 30
    assert skill(P, LEFT)(ONE)[0] == pytest.approx(1 - by_hand / base)
    rate = np.full(30, 13 / 30)
    assert skill(rate, LEFT)(ONE)[0] == pytest.approx(0)


def test_two_groups_give_the_slope_in_closed_form() -> None:
    """The line through (logit 0.2, logit 0.3) and (logit 0.6, logit 0.5)."""
    expected = (logit(0.5) - logit(0.3)) / (logit(0.6) - logit(0.2))
    assert calibration_slope(P, LEFT)(ONE)[0] == pytest.approx(expected)


def test_one_group_gives_the_intercept_in_closed_form() -> None:
    half = np.full(30, 0.25)
    expected = logit(13 / 30) - logit(0.25)
    assert calibration_intercept(half, LEFT)(ONE)[0] == pytest.approx(expected)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 4), min_size=30, max_size=30))
def test_a_weight_of_two_is_a_customer_twice(times: list[int]) -> None:
    many = np.repeat(np.arange(30), times)
    ones, weights = np.ones((1, len(many))), np.array([times], dtype=float)
    for figure in (brier, skill, calibration_slope, calibration_intercept):
        once = figure(P, LEFT)(weights)[0]
        assert once == pytest.approx(figure(P[many], LEFT[many])(ones)[0])


def test_true_chances_have_slope_one_and_intercept_none() -> None:
    lots = np.random.default_rng(5)
    p = lots.beta(1, 4, 50_000)
    left = lots.random(50_000) < p
    ones = np.ones((1, 50_000))
    assert calibration_slope(p, left)(ones)[0] == pytest.approx(1, abs=0.03)
    assert calibration_intercept(p, left)(ones)[0] == pytest.approx(0, abs=0.04)
    bold = probability(2 * log_odds(p))
    assert calibration_slope(bold, left)(ones)[0] == pytest.approx(0.5, abs=0.015)


def test_what_is_not_determined_is_not_a_number() -> None:
    nobody, same = np.zeros(30, dtype=bool), np.full(30, 0.3)
    assert np.isnan(calibration_slope(P, nobody)(ONE)[0])
    assert np.isnan(calibration_slope(same, LEFT)(ONE)[0])
    assert np.isnan(calibration_slope(P[:0], nobody[:0])(ONE[:, :0])[0])
    assert np.isnan(calibration_intercept(P, nobody)(ONE)[0])
    assert np.isnan(skill(P, nobody)(ONE)[0])


def test_forecasts_without_a_fault_have_a_slope_that_is_cut_off() -> None:
    p, left = np.array([0.49, 0.51]), np.array([False, True])
    found = calibration_slope(p, left)(np.ones((1, 2)))[0]
    spread = np.std([logit(0.49), logit(0.51)])
    assert found == pytest.approx(STEEPEST / spread)


def test_certain_forecasts_stay_finite() -> None:
    assert np.isfinite(log_odds(np.array([0.0, 1.0]))).all()
    assert probability(np.array([-900.0, 0.0, 900.0])).tolist() == [0.0, 0.5, 1.0]
