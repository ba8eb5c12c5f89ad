"""NPS and its interval."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calculations.nps import net_promoter_score

COUNTS = st.integers(0, 10_000)


def test_no_answers_give_no_score() -> None:
    assert net_promoter_score(promoters=0, passives=0, detractors=0) is None


def test_the_interval_of_a_worked_example() -> None:
    # n' = 128 + 3, p' = 64.75/131, d' = 20.75/131, by hand.
    score = net_promoter_score(promoters=64, passives=44, detractors=20)
    assert score is not None
    assert score.score == pytest.approx(34.375)
    up, down = 64.75 / 131, 20.75 / 131
    reach = 1.96 * math.sqrt((up + down - (up - down) ** 2) / 131)
    assert score.low == pytest.approx(100 * (up - down - reach))
    assert score.high == pytest.approx(100 * (up - down + reach))
    assert (round(score.low), round(score.high), score.answers) == (21, 46, 128)


@pytest.mark.parametrize(("answers", "enough"), [(9, False), (10, True)])
def test_under_ten_answers_are_too_few(answers: int, enough: bool) -> None:
    score = net_promoter_score(promoters=answers, passives=0, detractors=0)
    assert score is not None
    assert score.enough is enough


@given(COUNTS, COUNTS, COUNTS)
def test_the_interval_lies_in_the_scale_and_mirrors(
    up: int, middle: int, down: int
) -> None:
    score = net_promoter_score(promoters=up, passives=middle, detractors=down)
    mirrored = net_promoter_score(promoters=down, passives=middle, detractors=up)
    if score is None or mirrored is None:
        assert up + middle + down == 0
        return
    assert -100 <= score.low <= score.high <= 100
    assert score.low == pytest.approx(-mirrored.high)
    assert score.score == pytest.approx(-mirrored.score)
