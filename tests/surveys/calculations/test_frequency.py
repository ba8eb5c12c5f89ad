"""More often, less often, or chance."""

import pytest

from surveys.calculations.frequency import Change, chance_of, change_between


@pytest.mark.parametrize(
    ("count", "total", "expected"),
    [
        # 2 * P(X <= 1), X binomial(6, 1/2): 2 * 7/64
        (1, 6, 0.21875),
        # 2 * P(X = 0), X binomial(6, 1/2)
        (0, 6, 0.03125),
        (6, 6, 0.03125),
        (3, 6, 1.0),
        (0, 0, 1.0),
    ],
)
def test_the_exact_chance(count: int, total: int, expected: float) -> None:
    assert chance_of(count, total, 0.5) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (6, 0, Change.MORE),
        (0, 6, Change.LESS),
        (5, 0, Change.SAME),
        (5, 3, Change.SAME),
        (0, 0, Change.SAME),
        (30, 10, Change.MORE),
        (10_500, 10_000, Change.MORE),
    ],
)
def test_equal_periods(now: int, before: int, expected: Change) -> None:
    change = change_between(now=now, before=before, all_now=100, all_before=100)
    assert change == expected


def test_more_surveys_are_not_more_trouble() -> None:
    """Twice as many spoke, and twice as many raised it."""
    assert change_between(now=40, before=20, all_now=400, all_before=200) == "same"
    assert change_between(now=40, before=20, all_now=200, all_before=200) == "more"
    assert change_between(now=40, before=40, all_now=800, all_before=200) == "less"


def test_nothing_to_compare_with() -> None:
    assert change_between(now=9, before=0, all_now=50, all_before=0) == "unknown"
    assert change_between(now=0, before=9, all_now=0, all_before=50) == "unknown"
