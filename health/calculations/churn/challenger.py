"""Gradient boosting beside the regression: measured, reported, never published.

Every published chance carries an interval and pushes that add up exactly along a straight
path. Boosted trees have neither: their interval needs dozens of fits of half a minute
each at a million rows, and their path has no straight shares. They were clearly better in
none of the companies tried (docs/accuracy.md), so nobody would gain by a second kind of
model with weaker promises. Where they are clearly better the accuracy page
says so: then a feature is missing that would give the regression what the trees found.

Learning rate 0.05, 8 leaves, 150 rounds: scikit-learn's defaults were overconfident
(calibration slope 0.77 on `telco_ibm`).
"""

from typing import Any

import numpy as np

from health.calculations.accuracy.probability import probability, skill
from health.calculations.accuracy.ranking import auc
from health.calculations.accuracy.resampling import Cases, differences
from health.calculations.churn.metrics import Challenger
from health.calculations.churn.validation import Lesson
from health.calculations.scoring import Floats

# Departures from which on trees can be expected to draw level.
ENOUGH = 500
SETTINGS: dict[str, Any] = {
    "learning_rate": 0.05,
    "max_leaf_nodes": 8,
    "max_iter": 150,
    "early_stopping": False,
    "random_state": 0,
}


def boosted(lesson: Lesson) -> Floats:
    """This will learn a lesson and return log-odds of the tried rows, (m,)."""
    # Slow to import, and the web processes never fit.
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415

    model = HistGradientBoostingClassifier(**SETTINGS)
    model.fit(lesson.columns, lesson.left)
    return np.asarray(model.decision_function(lesson.tried), dtype=np.float64)


def challenge(
    cases: Cases, champion: Floats, challenger: Floats, *, seed: int, resamples: int
) -> Challenger | None:
    """This will compare log-odds (m,) of both, forecast for the same cases.

    None where nobody left or nobody stayed. Clearly better is: in order and in
    probabilities, each with a range above 0.
    """
    ours, theirs = (
        (auc(eta, cases.left, cases.day), skill(probability(eta), cases.left))
        for eta in (champion, challenger)
    )
    order, right = (
        differences(one, [other], cases.customer, seed=seed, resamples=resamples)[0]
        for one, other in zip(theirs, ours, strict=True)
    )
    if order is None or right is None:
        return None
    return Challenger(order, right, better=order.low > 0 and right.low > 0)
