"""The figure of each kind, and whether it changed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from surveys.calculations.estimates import Change
from surveys.calculations.figures import Groups, change, figure, groups
from surveys.calculations.nps import SMALL_QUANTILES, nps_quantile

NPS = st.dictionaries(st.integers(0, 10), st.integers(0, 500), max_size=11)


def tally(promoters: int, passives: int, detractors: int) -> dict[int, int]:
    return {9: promoters, 7: passives, 3: detractors}


def test_a_published_example() -> None:
    # 291 promoters and 395 detractors of 1,162: −9.0 with a margin of 4.4.
    found = figure("nps", tally(291, 476, 395))
    assert found is not None
    assert round(found.value, 1) == -9.0
    assert round((found.high - found.low) / 2, 1) == 4.4
    assert found.answers == 1162


def test_each_kind_has_its_figure() -> None:
    csat = figure("csat", {1: 1, 3: 1, 4: 2, 5: 4})
    ces = figure("ces", {1: 1, 7: 3})
    assert csat is not None
    assert ces is not None
    assert (csat.value, ces.value) == (0.75, 5.5)
    assert figure("nps", {}) is None
    assert figure("csat", {}) is None
    assert figure("ces", {}) is None


def test_scores_fall_into_groups() -> None:
    found = groups("nps", {0: 1, 6: 2, 7: 4, 8: 8, 9: 16, 10: 32})
    assert found == Groups(3, 12, 48)
    assert found.answers == 63


def test_small_quantiles_are_students() -> None:
    exact = [student.ppf(0.975, size + 2) for size in range(1, 10)]
    assert list(SMALL_QUANTILES) == [pytest.approx(one, abs=5e-4) for one in exact]
    assert [nps_quantile(size) for size in (0.4, 1, 9.9, 10)] == [
        SMALL_QUANTILES[0],
        SMALL_QUANTILES[0],
        SMALL_QUANTILES[8],
        1.96,
    ]


def test_a_change_is_the_z_test_of_the_difference() -> None:
    before, now = tally(40, 30, 30), tally(60, 20, 20)
    found = change("nps", before, now)
    assert found is not None

    def adjusted(up: int, down: int, n: int) -> tuple[float, float]:
        p, d = (up + 0.75) / (n + 3), (down + 0.75) / (n + 3)
        return p - d, (p + d - (p - d) ** 2) / (n + 3)

    (m1, v1), (m2, v2) = adjusted(40, 30, 100), adjusted(60, 20, 100)
    z = (m2 - m1) / math.sqrt(v1 + v2)
    assert found.value == pytest.approx(30)
    assert (found.low + found.high) / (found.high - found.low) * 1.96 == pytest.approx(
        z
    )
    assert (found.direction, z > 1.96) == (1, True)
    back = change("nps", now, before)
    assert back is not None
    assert back.direction == -1


def test_a_change_inside_the_interval_has_no_direction() -> None:
    found = change("nps", tally(40, 30, 30), tally(44, 30, 26))
    assert found is not None
    assert found.value == pytest.approx(8)
    assert found.low < 0 < found.high
    assert found.direction == 0
    assert Change(0, 0, 0).direction == 0


@pytest.mark.parametrize(
    ("before", "now"),
    [({}, {9: 50}), ({9: 50}, {}), ({9: 9}, {3: 50}), ({9: 50}, {3: 9})],
)
def test_too_few_answers_are_not_compared(
    before: dict[int, int], now: dict[int, int]
) -> None:
    assert change("nps", before, now) is None


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # R. Newcombe, Statistics in Medicine 17 (1998), 873–890, table II, method 10.
        ((48, 80), (56, 70), -0.3339, -0.0524),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_shares_are_compared_as_published(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    def scores(pair: tuple[int, int]) -> dict[int, int]:
        return {5: pair[0], 1: pair[1] - pair[0]}

    # The paper takes the second from the first: ours is now minus before.
    found = change("csat", scores(second), scores(first))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)
    assert found.value == pytest.approx(first[0] / first[1] - second[0] / second[1])


def test_effort_is_compared_by_its_means() -> None:
    easier = change("ces", {3: 40, 4: 40}, {5: 40, 6: 40})
    assert easier is not None
    assert (easier.value, easier.direction) == (2, 1)
    same = change("ces", {3: 40, 4: 40}, {3: 41, 4: 42})
    assert same is not None
    assert same.direction == 0


@given(NPS, NPS)
def test_the_change_turns_around_with_the_periods(
    one: dict[int, int], two: dict[int, int]
) -> None:
    there, back = change("nps", one, two), change("nps", two, one)
    if there is None or back is None:
        assert there is back
        return
    assert there.value == pytest.approx(-back.value, abs=1e-9)
    assert there.low == pytest.approx(-back.high)
    assert there.direction == -back.direction
    # No arrow points against the figures on the page.
    assert there.direction * there.value >= 0


def test_z_is_the_number_of_standard_errors() -> None:
    assert Change(5, 1, 9).z == pytest.approx(1.96 * 10 / 8)
    assert Change(-5, -9, -1).z == pytest.approx(-1.96 * 10 / 8)
