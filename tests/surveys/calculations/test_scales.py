"""The scales of the three kinds of survey, and what a score on them means."""

import pytest

from surveys.calculations.scales import HIGH, LOW, MIDDLE, group_of, scale_of


@pytest.mark.parametrize(
    ("kind", "low", "middle", "high"),
    [
        ("nps", range(7), (7, 8), (9, 10)),
        ("csat", (1, 2), (3,), (4, 5)),
        ("ces", (1, 2, 3), (4, 5), (6, 7)),
    ],
)
def test_a_score_is_low_high_or_between(
    kind: str, low: tuple[int, ...], middle: tuple[int, ...], high: tuple[int, ...]
) -> None:
    expected = dict.fromkeys(low, LOW) | dict.fromkeys(middle, MIDDLE)
    expected |= dict.fromkeys(high, HIGH)
    assert {score: group_of(kind, score) for score in scale_of(kind)} == expected
