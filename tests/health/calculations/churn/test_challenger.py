"""When trees are clearly better."""

import numpy as np

from health.calculations.accuracy.probability import log_odds
from health.calculations.accuracy.resampling import Cases
from health.calculations.churn.challenger import challenge


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
    nobody = Cases(cases.customer, cases.day, np.zeros(1_500, dtype=bool), p)
    assert challenge(nobody, truth, blurred, **options) is None
