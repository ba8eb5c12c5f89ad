"""Weights for customers, and the ranges they make."""

from dataclasses import astuple

import numpy as np
import pytest

from health.calculations.accuracy import resampling
from health.calculations.accuracy.resampling import (
    Cases,
    cases_of,
    differences,
    draws,
    ranges,
)
from health.calculations.backtest import Range
from health.calculations.scoring import Floats
from tests.health.calculations.churn.made import company

CUSTOMER = np.array([7, 7, 9, 9, 9, 2])
VALUE = np.array([0.0, 0.0, 1.0, 1.0, 1.0, 3.0])


def mean(values: Floats):
    return lambda weights: weights @ values / weights.sum(axis=1)


def test_all_rows_of_a_customer_weigh_the_same() -> None:
    (weights,) = draws(CUSTOMER, seed=1, resamples=400)
    assert weights.shape == (400, 6)
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (np.ptp(weights[:, 2:5], axis=1) == 0).all()
    assert (weights[:, 0] != weights[:, 5]).all()
    assert weights.mean() == pytest.approx(1, abs=0.1)


def test_the_range_of_a_mean_is_that_of_dirichlet_weights() -> None:
    """Of n customers the variance of a mean is that of the values over n + 1 (Rubin)."""
    values = np.random.default_rng(3).normal(size=99)
    (found,) = ranges([mean(values)], np.arange(99), seed=1, resamples=4_000)
    assert found is not None
    assert found.value == pytest.approx(values.mean())
    spread = values.std() / 10
    assert found.high - found.low == pytest.approx(2 * 1.96 * spread, rel=0.06)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    (whole,) = ranges([mean(VALUE)], CUSTOMER, seed=1, resamples=50)
    monkeypatch.setattr(resampling, "BLOCK", 6 * 7)
    (pieces,) = ranges([mean(VALUE)], CUSTOMER, seed=1, resamples=50)
    assert whole is not None
    assert pieces is not None
    assert astuple(pieces) == pytest.approx(astuple(whole))


def test_what_cannot_be_measured_has_no_range() -> None:
    unknown = mean(np.full(6, np.nan))
    assert ranges([unknown], CUSTOMER, seed=1, resamples=5) == [None]


def test_the_difference_of_the_same_is_nothing_and_of_a_shift_is_the_shift() -> None:
    found = differences(
        mean(VALUE), [mean(VALUE), mean(VALUE - 2)], CUSTOMER, seed=1, resamples=20
    )
    assert found[0] == Range(0, 0, 0)
    assert found[1] is not None
    assert (found[1].low, found[1].high) == (pytest.approx(2), pytest.approx(2))


def test_cases_are_landmarks_whose_window_is_over() -> None:
    rows = company(seed=1, customers=40, months=12)
    with pytest.raises(ValueError, match="no outcome"):
        cases_of(rows, 90)
    known = rows.chosen(rows.known_for(90))
    cases = cases_of(known, 90)
    assert (cases.left == known.left_within(90)).all()
    some = cases.chosen(cases.left)
    assert len(some) == cases.left.sum() > 0
    assert isinstance(some, Cases)
    assert some.left.all()
