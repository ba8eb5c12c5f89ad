"""When trees are clearly better."""

from typing import Any

import numpy as np

from health.calculations.accuracy.probability import log_odds
from health.calculations.accuracy.resampling import Cases
from health.calculations.churn.challenger import challenge
from health.calculations.churn.measuring import challenged
from health.calculations.churn.validation import Turns


def test_clearly_better_is_better_in_order_and_in_probabilities() -> None:
    lots = np.random.default_rng(1)
    p = lots.beta(1, 3, 1_500)
    cases = Cases(np.arange(1_500), np.zeros(1_500), lots.random(1_500) < p, p)
    truth, blurred = log_odds(p), log_odds(p) + lots.normal(0, 0.7, 1_500)
    options = {"seed": 1, "resamples": 100}
    better = challenge(cases, blurred, truth, **options)
    worse = challenge(cases, truth, blurred, **options)
    bold = challenge(cases, blurred, 4 * truth, **options)
    assert better is not None
    assert worse is not None
    assert bold is not None
    assert (better.better, worse.better, bold.better) == (True, False, False)
    assert bold.auc == better.auc
    assert better.loss is not None
    assert better.loss.low > 0.0
    nobody = Cases(cases.customer, cases.day, np.zeros(1_500, dtype=bool), p)
    assert challenge(nobody, truth, blurred, **options) is None


def test_what_holds_in_one_half_of_the_days_only_is_not_enough() -> None:
    """So much better on the older days that it is better on all of them together."""
    lots = np.random.default_rng(2)
    p = lots.beta(1, 3, 2_000)
    day = np.repeat([100, 200], 1_000)
    cases = Cases(np.arange(2_000), day, lots.random(2_000) < p, p)
    truth = log_odds(p)
    champion = truth + np.where(day == 100, lots.normal(0, 1.5, 2_000), 0.0)
    challenger = truth + np.where(day == 200, lots.normal(0, 0.3, 2_000), 0.0)
    found = challenge(cases, champion, challenger, seed=1, resamples=100)
    assert found is not None
    assert found.auc.low > 0.0
    assert not found.better
    both = truth + lots.normal(0, 1.5, 2_000)
    found = challenge(cases, both, truth, seed=1, resamples=100)
    assert found is not None
    assert found.better


def test_what_nobody_would_notice_is_not_enough() -> None:
    lots = np.random.default_rng(3)
    p = lots.beta(1, 3, 20_000)
    cases = Cases(np.arange(20_000), np.zeros(20_000), lots.random(20_000) < p, p)
    truth = log_odds(p)
    slightly = truth + lots.normal(0, 0.2, 20_000)
    found = challenge(cases, slightly, truth, seed=1, resamples=60)
    assert found is not None
    assert 0.0 < found.auc.low < found.auc.value < 0.005
    assert not found.better


def test_what_cannot_be_tried_out_of_time_has_no_challenger() -> None:
    never: Any = None
    inside = Turns((), out_of_time=False)
    assert challenged(never, inside, never, horizon=90, seed=1, resamples=5) is None
