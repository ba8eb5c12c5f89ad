"""The regression against its own equations, its covariance against fresh samples."""

import numpy as np
import pytest

from health.calculations.accuracy.probability import probability
from health.calculations.churn import logistic
from health.calculations.churn.calibration import newton
from health.calculations.churn.logistic import (
    SCALES,
    covariance,
    fit,
    learn,
    log_odds_of,
)

TRUE = np.array([-1.0, 0.8, -0.5])


def sample(seed: int, size: int = 600):
    lots = np.random.default_rng(seed)
    columns = lots.normal(size=(size, 2))
    return columns, lots.random(size) < probability(log_odds_of(columns, TRUE))


def test_at_the_minimum_nothing_pulls() -> None:
    """Σ(y − p) = 0, and Σ x(y − p) = β / C."""
    columns, left = sample(1)
    beta = fit(columns, left, strength=0.05)
    error = left - probability(log_odds_of(columns, beta))
    assert error.sum() == pytest.approx(0, abs=1e-2)
    np.testing.assert_allclose(columns.T @ error, beta[1:] / 0.05, atol=2e-2)


def test_a_firm_hold_leaves_the_base_rate() -> None:
    columns, left = sample(1)
    beta = fit(columns, left, strength=1e-9)
    assert probability(beta[0]) == pytest.approx(left.mean(), abs=1e-4)
    np.testing.assert_allclose(beta[1:], 0, atol=1e-5)


def test_one_sided_outcomes_cannot_be_fitted() -> None:
    columns, _ = sample(1)
    with pytest.raises(ValueError, match="class"):
        fit(columns, np.zeros(600, dtype=bool), strength=1.0)


def test_the_covariance_is_that_of_fresh_samples() -> None:
    found, each = [], []
    for seed in range(150):
        columns, left = sample(seed)
        beta = fit(columns, left, strength=1e4)
        found.append(beta)
        each.append(
            covariance(columns, left, np.arange(600), beta, strength=1e4)[0].diagonal()
        )
    spread = np.array(found).std(axis=0)
    np.testing.assert_allclose(np.sqrt(np.mean(each, axis=0)), spread, rtol=0.15)


def test_the_same_customer_four_times_is_one_witness() -> None:
    columns, left = sample(3)
    four, again = np.tile(columns, (4, 1)), np.tile(left, 4)
    beta = fit(columns, left, strength=1e6)
    once, _ = covariance(columns, left, np.arange(600), beta, strength=1e6)
    often, _ = covariance(four, again, np.tile(np.arange(600), 4), beta, strength=1e6)
    apart, _ = covariance(four, again, np.arange(2_400), beta, strength=1e6)
    np.testing.assert_allclose(often, once, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(apart, once / 4, rtol=1e-3, atol=1e-6)


def test_a_column_that_says_nothing_keeps_the_doubt_of_the_penalty() -> None:
    columns, left = sample(4)
    columns[:, 1] = 0.0
    beta = fit(columns, left, strength=0.01)
    found, _ = covariance(columns, left, np.arange(600), beta, strength=0.01)
    assert beta[2] == 0
    assert found[2, 2] == pytest.approx(0.01)


def test_chunks_hold_whole_customers(monkeypatch: pytest.MonkeyPatch) -> None:
    columns, left = sample(5)
    customer = np.random.default_rng(5).integers(0, 90, 600)
    beta = fit(columns, left, strength=1.0)
    whole, _ = covariance(columns, left, customer, beta, strength=1.0)
    monkeypatch.setattr(logistic, "CHUNK", 3)
    pieces, _ = covariance(columns, left, customer, beta, strength=1.0)
    np.testing.assert_allclose(pieces, whole, rtol=1e-9)


def test_the_rescaled_regression_is_neither_bold_nor_timid() -> None:
    """Ten columns of which two matter, 250 customers: bold if held loosely, timid if
    firmly. Measured against the true log-odds of fresh customers."""
    truth = np.append([-1.0, 0.8, -0.5], np.zeros(8))
    lots = np.random.default_rng(1)
    fresh = lots.normal(size=(2_000, 10))
    goal = probability(log_odds_of(fresh, truth))
    plain, right = {}, {}
    for strength in (0.02, 10.0):
        raw, scaled = [], []
        for _ in range(30):
            columns = lots.normal(size=(250, 10))
            left = lots.random(250) < probability(log_odds_of(columns, truth))
            beta = fit(columns, left, strength=strength)
            better, _ = learn(columns, left, np.arange(250), strength=strength)
            raw.append(true_slope(log_odds_of(fresh, beta), goal))
            scaled.append(true_slope(log_odds_of(fresh, better), goal))
            p = probability(log_odds_of(columns, better))
            assert p.mean() == pytest.approx(left.mean())
        plain[strength], right[strength] = np.mean(raw), np.mean(scaled)
    assert plain[0.02] > 1.3
    assert plain[10.0] < 0.9
    assert right[0.02] == pytest.approx(1, abs=0.08)
    assert right[10.0] == pytest.approx(1, abs=0.12)


def true_slope(eta, p) -> float:
    """This will return the slope of true chances on log-odds."""
    both = np.stack([np.ones(len(eta)), eta])
    zero = np.zeros(2)
    return float(
        newton(both, p, np.zeros(len(eta)), np.array([0, 1.0]), zero, 1.0)[0][1]
    )


def test_a_regression_on_nothing_keeps_hardly_anything() -> None:
    lots = np.random.default_rng(2)
    columns, left = lots.normal(size=(100, 20)), lots.random(100) < 0.3
    raw = fit(columns, left, strength=100.0)
    beta, _ = learn(columns, left, np.arange(100), strength=100.0)
    np.testing.assert_allclose(beta[1:], SCALES[0] * raw[1:])
    same = np.zeros((100, 1))
    flat, _ = learn(same, left, np.arange(100), strength=1.0)
    assert probability(flat[0]) == pytest.approx(left.mean())
