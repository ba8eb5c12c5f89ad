"""Satisfaction and effort with their intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calculations.satisfaction import mean_score, share, wilson

TALLIES = st.dictionaries(st.integers(1, 7), st.integers(0, 5_000))


def test_no_answers_give_no_figure() -> None:
    assert share(0, 0) is None
    assert mean_score({}, "ces") is None
    assert mean_score({3: 0}, "ces") is None


@pytest.mark.parametrize(
    ("hits", "size", "low", "high"),
    [
        # R. Newcombe, "Two-sided confidence intervals for the single proportion",
        # Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_share_against_published_intervals(
    hits: int, size: int, low: float, high: float
) -> None:
    found = share(hits, size)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)
    assert (found.value, found.answers) == (hits / size, size)


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_the_share_lies_in_its_interval_and_mirrors(hits: int, more: int) -> None:
    low, high = wilson(hits, hits + more)
    value = hits / (hits + more)
    assert 0 <= low <= value + 1e-12
    assert value <= high <= 1
    mirrored = wilson(more, hits + more)
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-12)


def test_the_mean_of_a_worked_example() -> None:
    # 3 × 7, 1 × 4; with 2/7 added to each score: n' = 6, Σ = 25 + 8 = 33, Σ² = 163 + 40.
    found = mean_score({7: 3, 4: 1}, "ces")
    assert found is not None
    assert found.value == 6.25
    reach = 1.96 * ((203 / 6 - 5.5**2) / 6) ** 0.5
    assert (found.low, found.high) == pytest.approx((5.5 - reach, min(7, 5.5 + reach)))
    assert (found.answers, found.enough, found.missing) == (4, False, 6)


def test_equal_answers_do_not_claim_to_be_certain() -> None:
    found = mean_score({7: 10}, "ces")
    assert found is not None
    assert (found.value, found.high, found.enough, found.missing) == (7, 7, True, 0)
    assert found.low < 6


@given(TALLIES)
def test_the_mean_stays_within_the_scale_and_mirrors(tally: dict[int, int]) -> None:
    found = mean_score(tally, "ces")
    mirrored = mean_score({8 - score: n for score, n in tally.items()}, "ces")
    if found is None or mirrored is None:
        assert sum(tally.values()) == 0
        return
    assert 1 <= found.low < found.high <= 7
    assert found.low == pytest.approx(8 - mirrored.high)
    assert found.value == pytest.approx(8 - mirrored.value)
