"""Votes by customer and by revenue."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calculations.nps import net_promoter_score
from surveys.calculations.weighting import effective_size, votes, weighted_nps


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def test_nobody_with_a_weight_gives_no_score() -> None:
    assert weighted_nps(floats(), floats()) is None
    assert weighted_nps(floats(1, -1), floats(0, 0)) is None


def test_each_customer_has_one_vote() -> None:
    # One customer with nine promoters, one with a detractor and a passive.
    means = votes(high=floats(9, 0), answers=floats(9, 2), low=floats(0, 1))
    assert list(means) == [1, -0.5]
    found = weighted_nps(means, np.ones(2))
    assert found is not None
    assert (found.estimate.value, found.estimate.answers, found.voters) == (25, 2, 2)


def test_revenue_weighs_and_nothing_does_not_vote() -> None:
    found = weighted_nps(floats(1, -1, -1), floats(3000, 1000, 0))
    assert found is not None
    assert (found.estimate.value, found.voters) == (50, 2)
    # (3000 + 1000)² / (3000² + 1000²) = 1.6 votes.
    assert effective_size(floats(3000, 1000)) == pytest.approx(1.6)
    assert (found.estimate.answers, found.estimate.enough) == (1, False)


def test_one_large_customer_makes_the_interval_wide() -> None:
    means = np.tile(floats(1, 1, 0, -1), 25)
    even = weighted_nps(means, np.ones(100))
    heavy = weighted_nps(means, np.concatenate([floats(1000), np.ones(99)]))
    assert even is not None
    assert heavy is not None
    width = [found.estimate.high - found.estimate.low for found in (even, heavy)]
    assert width[1] > 3 * width[0]
    assert (even.estimate.answers, heavy.estimate.answers) == (100, 1)


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50), st.floats(0.01, 1e6))
def test_equal_weights_of_single_answers_are_the_plain_score(
    high: int, middle: int, low: int, weight: float
) -> None:
    plain = net_promoter_score(promoters=high, passives=middle, detractors=low)
    means = np.repeat([1.0, 0.0, -1.0], [high, middle, low])
    found = weighted_nps(means, np.full(len(means), weight))
    assert plain is not None
    assert found is not None
    assert found.estimate.value == pytest.approx(plain.score)
    assert found.estimate.low == pytest.approx(plain.low, abs=1e-6)
    assert found.estimate.high == pytest.approx(plain.high, abs=1e-6)
    assert found.estimate.answers == plain.answers


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.floats(0.01, 1e5)), min_size=1, max_size=40)
)
def test_the_interval_holds_the_scale_and_the_votes(
    pairs: list[tuple[float, float]],
) -> None:
    means, weights = np.array(pairs).T
    found = weighted_nps(means, weights)
    assert found is not None
    assert -100 <= found.estimate.low <= found.estimate.high <= 100
    assert 100 * means.min() - 1e-6 <= found.estimate.value <= 100 * means.max() + 1e-6
    assert 1 <= effective_size(weights) <= len(pairs) + 1e-6
