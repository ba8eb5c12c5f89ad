"""Order, against scikit-learn's own figures and hand-worked pairs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from health.calculations.accuracy.ranking import auc, average_precision

ONE = np.ones((1, 6))
SCORE = np.array([0.9, 0.5, 0.5, 0.2, 0.7, 0.1])
LEFT = np.array([True, True, False, False, False, False])


@st.composite
def weighted(draw: st.DrawFn):
    """Scores with many ties, somebody who left and somebody who stayed, weights."""
    size = draw(st.integers(2, 20))
    scores = draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))
    left = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    left[0], left[1] = True, False
    weights = draw(st.lists(st.floats(0.1, 9), min_size=size, max_size=size))
    return np.array(scores, dtype=float), np.array(left), np.array(weights)


def test_leavers_above_stayers_with_ties_as_halves() -> None:
    """0.9 beats all four; 0.5 beats 0.2 and 0.1, ties with 0.5, loses to 0.7: 6½ of 8."""
    assert auc(SCORE, LEFT)(ONE)[0] == 6.5 / 8


@settings(max_examples=40)
@given(weighted())
def test_the_area_equals_that_of_scikit_learn(made) -> None:
    score, left, weights = made
    expected = roc_auc_score(left, score, sample_weight=weights)
    both = np.stack([weights, np.ones(len(weights))])
    assert auc(score, left)(both)[0] == pytest.approx(expected)
    assert auc(score, left)(both)[1] == pytest.approx(roc_auc_score(left, score))


@settings(max_examples=40)
@given(weighted())
def test_the_average_precision_equals_that_of_scikit_learn(made) -> None:
    score, left, weights = made
    expected = average_precision_score(left, score, sample_weight=weights)
    found = average_precision(score, left)(weights[None, :])[0]
    assert found == pytest.approx(expected)


def test_only_customers_of_the_same_day_are_compared() -> None:
    """Day 1: 0.9 and 0.5 against 0.5: 1½ of 2. Day 2 has no leaver."""
    day = np.array([1, 1, 1, 2, 2, 2])
    assert auc(SCORE, LEFT, day)(ONE)[0] == 1.5 / 2
    # Moved to day 2, 0.5 beats 0.2 and 0.1, loses to 0.7; 0.9 beats 0.5: 3 of 4.
    moved = np.array([1, 2, 1, 2, 2, 2])
    assert auc(SCORE, LEFT, moved)(ONE)[0] == 3 / 4


def test_without_leavers_or_stayers_there_is_nothing_to_compare() -> None:
    nobody, all_ = np.zeros(6, dtype=bool), np.ones(6, dtype=bool)
    assert np.isnan(auc(SCORE, nobody)(ONE)[0])
    assert np.isnan(auc(SCORE, all_)(ONE)[0])
    assert np.isnan(average_precision(SCORE, nobody)(ONE)[0])
    assert average_precision(SCORE, all_)(ONE)[0] == 1
