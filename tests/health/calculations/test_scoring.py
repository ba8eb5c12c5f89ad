"""The score's arithmetic, against hand-worked values and properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from health.calculations.scoring import (
    Freshness,
    bands,
    combine,
    freshness,
    round_to_sum,
    subscores,
)


def test_subscores_follow_straight_lines_between_anchors() -> None:
    values = np.array([0.0, 1.0, 2.0, 2.5, 3.0, 5.0, 9.0, np.nan])
    got = subscores(values, (1.0, 2.0, 3.0, 5.0))
    np.testing.assert_allclose(got, [0, 0, 50, 60, 70, 100, 100, np.nan])


def test_subscores_of_falling_anchors_turn_round() -> None:
    got = subscores(np.array([45.0, 31.0, 14.0, 4.0, 38.0]), (45, 31, 14, 4))
    np.testing.assert_allclose(got, [0, 50, 70, 100, 25])


def test_anchors_in_two_directions_are_refused() -> None:
    with pytest.raises(ValueError, match="one direction"):
        subscores(np.array([1.0]), (0, 5, 3, 9))


def test_freshness_is_full_then_halves_then_ends() -> None:
    rule = Freshness(full=10, half_life=20, maximum=60)
    got = freshness(np.array([0.0, 10.0, 30.0, 50.0, 60.0, 61.0, np.nan]), rule)
    np.testing.assert_allclose(got, [1, 1, 0.5, 0.25, 2**-2.5, 0, 0])


def test_hand_worked_score() -> None:
    """Weights 3, 2, 1, 4; sub-scores 80, 20, missing, does not apply; second half fresh.

    Σ w·f = 3 + 1 = 4; H = (3·80 + 1·20)/4 = 65; K = 4 / (3+2+1) = 2/3;
    c = 3·30/4 = 22.5 and 1·(−30)/4 = −7.5, so 50 + 15 = 65.
    """
    result = combine(
        np.array([[80.0, 20.0, np.nan, np.nan]]),
        np.array([[1.0, 0.5, 1.0, np.nan]]),
        np.array([3.0, 2.0, 1.0, 4.0]),
    )
    assert result.score[0] == 65.0
    assert result.coverage[0] == pytest.approx(2 / 3)
    np.testing.assert_allclose(result.contributions[0], [22.5, -7.5, 0, 0])


def test_without_any_data_there_is_no_score() -> None:
    result = combine(np.array([[np.nan]]), np.array([[1.0]]), np.array([1.0]))
    assert np.isnan(result.score[0])
    assert result.coverage[0] == 0.0


def test_nothing_that_applies_gives_no_coverage() -> None:
    result = combine(np.array([[np.nan]]), np.array([[np.nan]]), np.array([1.0]))
    assert result.coverage[0] == 0.0


def test_bands_have_their_borders_and_a_floor() -> None:
    score = np.array([49.9, 50.0, 69.9, 70.0, 95.0, np.nan])
    coverage = np.array([1, 1, 1, 0.5, 0.49, 1])
    got = bands(score, coverage, at_risk=50, watch=70, floor=0.5)
    assert got.tolist() == [1, 2, 2, 3, 0, 0]


def test_rounding_gives_the_remainder_to_those_who_lost_most() -> None:
    assert round_to_sum([22.5, -7.5, 0.6], 16) == [23, -8, 1]
    assert round_to_sum([1.2, 1.2], 1) == [1, 0]
    assert round_to_sum([], 0) == []


numbers = st.floats(0, 100)
matrix = arrays(np.float64, (4, 6), elements=numbers)
shares = arrays(np.float64, (4, 6), elements=st.floats(0.01, 1))
weights = arrays(np.float64, 6, elements=st.floats(0.1, 50))


@given(matrix, shares, weights)
def test_contributions_add_up_to_the_score(sub, fresh, weight) -> None:  # type: ignore[no-untyped-def]
    result = combine(sub, fresh, weight)
    np.testing.assert_allclose(
        50 + result.contributions.sum(axis=1), result.score, atol=1e-9
    )


@given(matrix, shares, weights, st.floats(0.01, 1000))
def test_scaling_all_weights_changes_nothing(sub, fresh, weight, factor) -> None:  # type: ignore[no-untyped-def]
    plain, scaled = combine(sub, fresh, weight), combine(sub, fresh, weight * factor)
    np.testing.assert_allclose(plain.score, scaled.score, atol=1e-9)
    np.testing.assert_allclose(plain.coverage, scaled.coverage, atol=1e-9)


@given(matrix, shares, weights, st.integers(0, 5))
def test_losing_a_measure_never_raises_coverage(sub, fresh, weight, lost) -> None:  # type: ignore[no-untyped-def]
    whole = combine(sub, fresh, weight)
    sub = sub.copy()
    sub[:, lost] = np.nan
    assert (combine(sub, fresh, weight).coverage <= whole.coverage).all()


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20))
def test_rounded_parts_add_up(parts: list[float]) -> None:
    total = round(sum(parts))
    rounded = round_to_sum(parts, total)
    assert sum(rounded) == total
    assert all(abs(r - p) <= 2 for r, p in zip(rounded, parts, strict=True))
