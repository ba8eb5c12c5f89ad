"""What is said about a forecast, about two, and about none."""

import numpy as np
import pytest

from health.calculations.accuracy.report import (
    Verdict,
    auc_difference,
    calibrated,
    lead,
    ranked,
    verdict,
)
from health.calculations.accuracy.resampling import Cases
from health.calculations.backtest import Range


def cases(size: int = 600, seed: int = 1):
    """This will make cases whose true chances are known."""
    lots = np.random.default_rng(seed)
    p = lots.beta(1, 4, size)
    left = lots.random(size) < p
    return Cases(np.arange(size), np.full(size, 7), left, lots.gamma(2, 50, size)), p


def test_everything_about_a_ranking() -> None:
    made, p = cases()
    found = ranked(made, p, calls=60, seed=1, resamples=200)
    assert (found.cases, found.customers, found.calls) == (600, 600, 60)
    assert found.leavers == made.left.sum()
    assert found.verdict == Verdict.SIGNAL
    assert found.lift is not None
    assert found.precision is not None
    assert found.recall is not None
    # Sixty calls are the top tenth: lift, precision and recall are one figure.
    assert found.lift.value == pytest.approx(found.precision.value / made.left.mean())
    assert found.lift.value == pytest.approx(10 * found.recall.value)
    for one in (found.auc, found.average_precision, found.lift, found.revenue):
        assert one is not None
        assert one.low < one.value < one.high


def test_everything_about_probabilities() -> None:
    made, p = cases()
    found = calibrated(made, p, seed=1, resamples=200)
    assert found.slope is not None
    assert found.slope.low < 1 < found.slope.high
    assert found.intercept is not None
    assert found.intercept.low < 0 < found.intercept.high
    assert found.skill is not None
    assert found.skill.low > 0
    assert found.brier is not None
    assert sum(one.cases for one in found.curve) == 600
    assert found.error is not None
    assert not found.error.above_chance


def test_where_nobody_left_nothing_is_claimed() -> None:
    made, p = cases()
    calm = Cases(made.customer, made.day, np.zeros(600, dtype=bool), made.mrr)
    found = ranked(calm, p, calls=60, seed=1, resamples=5)
    assert found.verdict == Verdict.FEW
    assert found.auc is found.recall is found.revenue is None


def test_two_rankings_are_compared_on_the_same_draws() -> None:
    made, p = cases()
    blurred = p + np.random.default_rng(2).normal(0, 0.4, 600)
    found = auc_difference(made, p, blurred, seed=1, resamples=200)
    back = auc_difference(made, blurred, p, seed=1, resamples=200)
    assert found is not None
    assert back is not None
    assert found.low > 0
    assert back.value == pytest.approx(-found.value)
    assert auc_difference(made, p, 2 * p, seed=1, resamples=20) == Range(0, 0, 0)


def test_how_early_leavers_turned_red() -> None:
    made, p = cases()
    left_after = np.where(made.left, np.arange(600) % 90, 9_999)
    red = p > 0.2
    found = lead(made, left_after, red, seed=1, resamples=50)
    warned = made.left & red
    assert (found.warned, found.leavers) == (warned.sum(), made.left.sum())
    assert found.days is not None
    assert found.days.value == np.median(left_after[warned])
    none = lead(made, left_after, np.zeros(600, dtype=bool), seed=1, resamples=5)
    assert (none.days, none.warned) == (None, 0)


@pytest.mark.parametrize(
    ("found", "leavers", "said"),
    [
        (None, 50, "few"),
        (Range(0.9, 0.8, 1.0), 9, "few"),
        (Range(0.6, 0.51, 0.7), 10, "signal"),
        (Range(0.6, 0.5, 0.7), 10, "chance"),
        (Range(0.4, 0.3, 0.5), 10, "chance"),
        (Range(0.4, 0.3, 0.49), 10, "reversed"),
    ],
)
def test_the_verdict(found: Range | None, leavers: int, said: str) -> None:
    assert verdict(found, leavers) == said


def test_a_score_without_meaning_is_chance_nearly_always() -> None:
    said = []
    for seed in range(100):
        made, _ = cases(200, seed)
        blind = np.random.default_rng(1_000 + seed).random(200)
        found = auc_difference(made, blind, np.zeros(200), seed=1, resamples=200)
        assert found is not None
        whole = Range(found.value + 0.5, found.low + 0.5, found.high + 0.5)
        said.append(verdict(whole, int(made.left.sum())))
    assert said.count(Verdict.CHANCE) >= 88
