"""What has moved: a published example's arithmetic, and chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from health.calculations.accuracy.curve import wilson
from health.calculations.accuracy.drift import drift, in_the_large, reference


def test_the_index_by_hand() -> None:
    """Halves of 2 and 8 become 5 and 5 of ten: Σ (a − e)·ln(a/e) = 0.3·ln 2.5 +
    (−0.3)·ln 0.625."""
    before = reference(np.array([0.0] * 2 + [1.0] * 8), bins=2)
    assert before.edges == (1.0,)
    split = reference(np.array([0.0] * 5 + [1.0] * 5), bins=2)
    assert (split.edges, split.counts) == ((0.5,), (5, 5, 0))
    then = reference(np.array([0.0] * 5 + [1.0] * 5), bins=2)
    now = np.array([0.0] * 8 + [1.0] * 2)
    found = drift("usage", then, now)
    assert found.psi == pytest.approx(0.3 * np.log(1.6) - 0.3 * np.log(0.4))
    assert found.limit == pytest.approx(chi2.ppf(0.95, 1) * (1 / 10 + 1 / 10))
    assert (found.name, found.moved, found.much) == ("usage", False, False)


def test_what_was_known_and_is_missing_now_has_moved() -> None:
    values = np.random.default_rng(1).normal(size=2_000)
    then = reference(values)
    found = drift("usage", then, np.where(np.arange(2_000) < 800, np.nan, values))
    assert (found.moved, found.much) == (True, True)
    slight = drift("usage", then, values + 0.35)
    assert (slight.moved, slight.much) == (True, False)


def test_a_column_never_known_has_not_moved() -> None:
    then = reference(np.full(5, np.nan))
    assert (then.edges, then.counts) == ((), (0, 5))
    assert drift("usage", then, np.full(7, np.nan)).psi == 0


@given(st.integers(0, 2**31))
def test_nothing_moved_is_found_the_same(seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=300)
    assert drift("usage", reference(values), values[::-1]).psi == pytest.approx(0)


def test_chance_stays_under_its_limit_in_95_of_100() -> None:
    lots = np.random.default_rng(1)
    over = 0
    for _ in range(400):
        then = reference(lots.normal(size=500))
        found = drift("usage", then, lots.normal(size=300))
        over += found.psi > found.limit
    assert 8 <= over <= 34


def test_how_many_were_expected() -> None:
    left = np.arange(100) < 20
    right = in_the_large(np.full(100, 0.22), left)
    assert (right.cases, right.share, right.off) == (100, 0.2, False)
    assert (right.low, right.high) == wilson(20, 100)
    assert right.expected == pytest.approx(0.22)
    assert in_the_large(np.full(100, 0.4), left).off
    assert in_the_large(np.full(100, 0.05), left).off
