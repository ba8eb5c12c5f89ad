"""Draws against what is known of them in closed form."""

import numpy as np
import pytest

from health.calculations.clv import discounts
from health.calculations.contribution import Contribution, Growth
from health.calculations.draws import margin_draws, published_draws, quantiles


def contribution(
    n: int, tickets: float = 0.0, growth: Growth | None = None
) -> Contribution:
    return Contribution(
        np.full(n, 100.0), np.full(n, tickets), 25.0, growth or Growth(0.0, 0.0)
    )


def test_lifetimes_follow_the_curve() -> None:
    """90 % are there after month 1, half after month 2: 10, 40 and 50 of 100 draws."""
    alive = np.array([[0.9, 0.5]])
    got = margin_draws([alive], contribution(1), discount_rate=0.0, seed=1, draws=100)
    values, counts = np.unique(got, return_counts=True)
    assert values.tolist() == [0.0, 100.0, 200.0]
    assert counts == pytest.approx([10, 40, 50], abs=1)


def test_every_model_has_its_draws() -> None:
    sure, gone = np.ones((3, 4)), np.zeros((3, 4))
    got = margin_draws(
        [sure, gone], contribution(3), discount_rate=0.0, seed=1, draws=5
    )
    assert got.tolist() == [[400.0] * 5 + [0.0] * 5] * 3


def test_the_mean_is_the_expected_margin() -> None:
    alive = np.tile(0.95 ** np.arange(1, 13), (2000, 1))
    got = margin_draws([alive], contribution(2000, 0.8), discount_rate=0.1, seed=2)
    expected = (100.0 - 0.8 * 25.0) * (alive[0] @ discounts(0.1, 12))
    assert got.mean() == pytest.approx(expected, rel=0.01)


def test_growth_and_drift_are_those_of_the_revenue() -> None:
    """A year of staying: growth by 1 % a month, and a third of twelve months' variance."""
    sure = np.ones((4000, 12))
    got = margin_draws(
        [sure], contribution(4000, growth=Growth(0.01, 0.03)), discount_rate=0.0, seed=3
    )
    logs = np.log(got / 100.0)
    assert logs.mean() == pytest.approx(
        np.log(np.exp(0.01 * np.arange(1, 13)).sum()), abs=0.001
    )
    assert logs.std() == pytest.approx(0.03 * np.sqrt(12 / 3), rel=0.02)


def test_the_same_seed_draws_the_same() -> None:
    alive = np.full((5, 6), 0.5)
    one, other, third = (
        margin_draws([alive], contribution(5, 1.0), discount_rate=0.1, seed=seed)
        for seed in (1, 1, 2)
    )
    assert np.array_equal(one, other)
    assert not np.array_equal(one, third)


def test_quantiles_are_p10_p50_and_p90() -> None:
    assert quantiles(np.arange(101.0)[None, :]).tolist() == [[10.0, 50.0, 90.0]]


def test_a_published_interval_is_drawn_from() -> None:
    p, low, high = (np.array([value, 0.5]) for value in (0.2, 0.1, 0.35))
    got = published_draws(p, low, high, count=4000, seed=1)
    assert got.shape == (4000, 2)
    assert np.median(got[:, 0]) == pytest.approx(0.2, abs=0.01)
    half = np.log(np.quantile(got[:, 0], 0.9) / (1 - np.quantile(got[:, 0], 0.9)))
    assert half - np.log(0.25) == pytest.approx(
        (np.log(0.35 / 0.65) - np.log(0.1 / 0.9)) / 2, abs=0.06
    )


def test_a_certain_probability_stays_what_it_is() -> None:
    one = np.array([0.0, 1.0])
    got = published_draws(one, one, one, count=3, seed=1)
    np.testing.assert_allclose(got, np.tile(one, (3, 1)), atol=1e-8)
