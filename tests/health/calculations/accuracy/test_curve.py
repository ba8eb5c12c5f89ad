"""Calibration in bins: published intervals, published noise floors."""

from dataclasses import astuple

import numpy as np
import pytest

from health.calculations.accuracy.curve import (
    Bin,
    bin_of,
    calibration_curve,
    calibration_error,
    wilson,
)


@pytest.mark.parametrize(
    ("events", "cases", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_published_by_newcombe(
    events: int, cases: int, low: float, high: float
) -> None:
    """Statistics in Medicine 17, 1998, 857–872, Table I, method 3."""
    assert wilson(events, cases) == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_all_reaches_to_one() -> None:
    low, high = wilson(20, 20)
    assert (low, high) == pytest.approx((1 - 0.1611, 1), abs=5e-5)


def test_equal_forecasts_share_a_bin() -> None:
    p = np.array([0.1] * 6 + [0.5] * 2 + [0.9] * 2)
    assert bin_of(p).tolist() == [0] * 6 + [1] * 2 + [2] * 2
    assert bin_of(np.full(5, 0.3)).tolist() == [0] * 5
    assert np.bincount(bin_of(np.arange(100) / 100)).tolist() == [10] * 10


def test_bins_compare_forecast_and_share() -> None:
    p = np.array([0.1] * 6 + [0.5] * 4)
    left = np.array([True] + [False] * 5 + [True] * 3 + [False])
    found = calibration_curve(p, left)
    assert found == (
        Bin(6, 1, pytest.approx(0.1), 1 / 6, *wilson(1, 6)),
        Bin(4, 3, pytest.approx(0.5), 3 / 4, *wilson(3, 4)),
    )
    assert calibration_curve(p[:0], left[:0]) == ()
    error = calibration_error(p, left, np.arange(10), seed=1, draws=20)
    assert error is not None
    assert error.value == pytest.approx(0.6 * (1 / 6 - 0.1) + 0.4 * 0.25)
    assert error.bins == 2
    assert calibration_error(p[:0], left[:0], np.arange(0), seed=1) is None


@pytest.mark.parametrize(
    ("size", "floor", "limit"),
    [(300, 0.053, 0.076), (1_409, 0.024, 0.035), (5_000, 0.013, 0.018)],
)
def test_the_floor_of_a_perfect_forecast(size: int, floor: float, limit: float) -> None:
    """Base rate 0.265 and Brier score 0.1355, as of `telco_ibm`: Beta(0.606, 1.680)."""
    lots = np.random.default_rng(7)
    p = lots.beta(0.606, 1.680, size)
    left = lots.random(size) < p
    found = calibration_error(p, left, np.arange(size), seed=1)
    assert found is not None
    assert found.floor == pytest.approx(floor, rel=0.08)
    assert found.limit == pytest.approx(limit, rel=0.1)


def test_a_perfect_forecast_is_rarely_above_chance_and_a_bold_one_always() -> None:
    lots = np.random.default_rng(2)
    perfect, bold = 0, 0
    for seed in range(100):
        p = lots.beta(1, 3, 400)
        left = lots.random(400) < p
        for forecast in (p, np.where(p > 0.2, p + 0.6 * (1 - p), p / 3)):
            found = calibration_error(
                forecast, left, np.arange(400), seed=seed, draws=200
            )
            assert found is not None
            perfect += found.above_chance and forecast is p
            bold += found.above_chance and forecast is not p
    assert perfect <= 12
    assert bold == 100


def test_the_same_customer_on_four_days_is_one_witness() -> None:
    p = np.random.default_rng(4).beta(1, 3, 200)
    left = np.zeros(800, dtype=bool)
    four = np.tile(p, 4)
    as_one = calibration_error(four, left, np.tile(np.arange(200), 4), seed=1)
    as_four = calibration_error(four, left, np.arange(800), seed=1)
    once = calibration_error(p, left[:200], np.arange(200), seed=1)
    assert as_one is not None
    assert as_four is not None
    assert once is not None
    assert astuple(as_one) == pytest.approx(astuple(once))
    assert as_four.floor == pytest.approx(once.floor / 2, rel=0.1)
