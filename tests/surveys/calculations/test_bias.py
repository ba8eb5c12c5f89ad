"""Who answers, and the score weighed to those who were asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calculations.bias import (
    Stratum,
    rates_differ,
    reweighted_nps,
)
from surveys.calculations.figures import figure


def part(
    key: str, delivered: int, high: int = 0, middle: int = 0, low: int = 0
) -> Stratum:
    return Stratum(key, delivered, high + middle + low, high, middle, low)


def test_a_part_has_a_response_rate_with_its_interval() -> None:
    rate = part("a", 263, high=81).rate
    assert rate is not None
    assert rate.value == 81 / 263
    assert (rate.low, rate.high) == pytest.approx((0.2553, 0.3662), abs=6e-5)
    assert part("a", 0).rate is None


def test_the_rates_of_a_published_table() -> None:
    # Karl Pearson's statistic of [[43, 9], [44, 4]]: 1.7774, p = 0.1825 (one degree of
    # freedom), the handedness table of the usual textbooks, without correction.
    found = rates_differ([part("men", 52, high=43), part("women", 48, high=44)])
    assert found is not None
    assert found.p == pytest.approx(0.1825, abs=5e-5)
    assert (found.differ, found.drawn) == (False, False)


def test_rates_that_differ_are_said_to() -> None:
    found = rates_differ([part("a", 200, high=90), part("b", 200, high=40)])
    assert found is not None
    assert found.differ
    assert not found.drawn


def test_small_numbers_are_drawn_and_agree_with_the_exact_test() -> None:
    # Fisher's tea: 3 of 4 against 1 of 4 has the exact two-sided p = 34/70.
    found = rates_differ([part("a", 4, high=3), part("b", 4, high=1)])
    assert found is not None
    assert found.drawn
    assert found.p == pytest.approx(34 / 70, abs=0.02)
    again = rates_differ([part("a", 4, high=3), part("b", 4, high=1)])
    assert again == found


@pytest.mark.parametrize(
    "strata",
    [
        [],
        [part("a", 10, high=3)],
        [part("a", 10, high=3), part("b", 0)],
        [part("a", 10), part("b", 10)],
        [part("a", 10, high=10), part("b", 10, high=10)],
    ],
)
def test_nothing_can_differ(strata: list[Stratum]) -> None:
    assert rates_differ(strata) is None


def test_the_score_is_weighed_to_those_who_were_asked() -> None:
    # Half of the mails went to each; the happy half answers four times as often.
    strata = [part("large", 100, high=40), part("small", 100, low=10)]
    found = reweighted_nps(strata)
    raw = figure("nps", {9: 40, 3: 10})
    assert found is not None
    assert raw is not None
    assert (raw.value, found.estimate.value) == (60, pytest.approx(0))
    assert found.joined == ()
    # Weights 0.5/40 and 0.5/10: (Σw)²/Σw² = 1/(0.25/40 + 0.25/10) = 32 answers' worth.
    assert found.estimate.answers == 32
    assert found.estimate.low < 0 < found.estimate.high


def test_a_mix_as_asked_changes_nothing() -> None:
    strata = [part("a", 300, high=20, low=10), part("b", 100, middle=10)]
    found = reweighted_nps(strata)
    raw = figure("nps", {9: 20, 7: 10, 3: 10})
    assert found is not None
    assert raw is not None
    assert found.estimate.value == pytest.approx(raw.value)
    assert found.estimate.answers == raw.answers
    assert found.estimate.low == pytest.approx(raw.low)


def test_thin_parts_are_taken_together() -> None:
    strata = [
        part("fat", 100, high=20),
        part("thin", 50, low=3),
        part("thinner", 50, low=2),
        part("nobody asked", 0),
    ]
    found = reweighted_nps(strata)
    assert found is not None
    assert found.joined == ("thinner", "thin")
    assert found.estimate.value == pytest.approx(0)


def test_a_thin_part_takes_the_smallest_other_along() -> None:
    strata = [
        part("large", 100, high=20),
        part("middle", 50, low=6),
        part("silent", 50),
    ]
    found = reweighted_nps(strata)
    assert found is not None
    assert found.joined == ("silent", "middle")
    assert found.estimate.value == pytest.approx(0)


@pytest.mark.parametrize(
    "strata",
    [
        [],
        [part("a", 10, high=10)],
        [part("a", 10, high=2), part("b", 10, low=2)],
        [part("a", 10, high=9), part("b", 10, low=2)],
    ],
)
def test_too_thin_to_weigh(strata: list[Stratum]) -> None:
    assert reweighted_nps(strata) is None


COUNT = st.integers(0, 60)


@given(
    st.lists(
        st.tuples(COUNT, COUNT, COUNT, st.integers(0, 200)), min_size=2, max_size=6
    )
)
def test_weighing_keeps_within_the_scores_of_the_parts(
    rows: list[tuple[int, int, int, int]],
) -> None:
    strata = [
        part(str(index), high + middle + low + silent, high, middle, low)
        for index, (high, middle, low, silent) in enumerate(rows)
    ]
    found = reweighted_nps(strata)
    if found is None:
        return
    assert -100 <= found.estimate.low <= found.estimate.high <= 100
    total = sum(part.answers for part in strata)
    assert 1 <= found.estimate.answers <= total
