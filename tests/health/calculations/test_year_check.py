"""A year's margin, read from the rows that followed."""

import numpy as np
import pytest

from health.calculations.conformal import NONE, Ranges, Widening
from health.calculations.forecast import Economics
from health.calculations.landmarks import STAYED
from health.calculations.past_frames import PastFrames
from health.calculations.sum_ranges import Spread, SumDoubt
from health.calculations.year_check import (
    Realised,
    YearCheck,
    day_before_years,
    realised,
)
from tests.health.calculations.frames import frames_of
from tests.health.calculations.lifetime_rows import rows

PLAIN = Economics(0.5, 10.0, discount_rate=0.0, horizon_months=60)
MONTH = 30


def company(*, months: int = 13) -> PastFrames:
    """Customer 1 stays and opens two tickets a month; 2 is gone after three months."""
    lines = [(month, 1) for month in range(months)] + [(m, 2) for m in range(4)]
    lines.sort(key=lambda line: (line[0], -line[1]))  # Not in the order of numbers.
    day, who = np.array(lines).T
    return frames_of(
        rows(
            customer=who,
            day=MONTH * day,
            mrr=np.where(who == 1, 100.0, 40.0),
            observed=MONTH * (months - day),
            left_after=np.where(who == 2, 100 - MONTH * day, STAYED),
        ),
        tickets=np.where(who == 1, 5.0 + 2.0 * day, 0.0),
    )


def at(frames: PastFrames, day: int) -> PastFrames:
    return frames.chosen(frames.rows.day == day)


def test_a_year_is_twelve_following_rows():
    frames = company()
    found = realised(frames, at(frames, 0), PLAIN)
    # 12 · 100 · 0.5 − 24 tickets · 10; 3 · 40 · 0.5.
    assert at(frames, 0).rows.customer.tolist() == [2, 1]
    np.testing.assert_allclose(found.margin, [60.0, 360.0])
    assert found.left.tolist() == [True, False]
    longer = company(months=20)
    np.testing.assert_allclose(
        realised(longer, at(longer, 0), PLAIN).margin, found.margin
    )


def test_money_later_is_worth_less():
    frames = company()
    free = Economics(1.0, 0.0, discount_rate=0.1, horizon_months=60)
    found = realised(frames, at(frames, 0), free)
    worth = sum(1.1 ** (-month / 12) for month in range(1, 4))
    np.testing.assert_allclose(found.margin[0], 40.0 * worth)


def test_nothing_follows_the_last_day():
    frames = company()
    found = realised(frames, at(frames, 12 * MONTH), PLAIN)
    np.testing.assert_allclose(found.margin, [0.0])


def test_the_day_of_a_year_ago_has_twelve_after_it():
    assert day_before_years(company(months=13), 1) == 0
    assert day_before_years(company(months=12), 1) is None
    assert day_before_years(company(months=26), 1) == 13 * MONTH
    assert day_before_years(company(months=26), 2) == MONTH
    assert day_before_years(company(months=24), 2) is None


def check(staying: list[float]) -> YearCheck:
    n = len(staying)
    return YearCheck(
        day=0,
        customer=np.arange(n),
        plan=np.ones(n, dtype=np.int64),
        expected=np.full(n, 80.0),
        staying=np.array(staying),
        ranges=Ranges(np.full(n, 60.0), np.full(n, 80.0), np.full(n, 90.0)),
        realised=Realised(np.full(n, 100.0), np.zeros(n, dtype=bool)),
        spread=Spread(
            np.ones(n, dtype=np.int64),
            np.full(n, 400.0),
            np.zeros(n),
            SumDoubt((1,), (0.1,), 1.0),
        ),
    )


def test_sums_that_were_further_off_than_they_should_widen_the_next():
    """4 of 80 brought 100: 80 off where √(4 · 400) = 40 were to be expected, twice over.

    The one plan, the whole, and four that came out right: √((4 + 4 + 4) / 6).
    """
    assert check([100.0] * 4).factor == pytest.approx(2**0.5)


def test_ranges_move_by_what_they_missed():
    found = check([100.0] * 200)
    widening = found.widening(200)
    np.testing.assert_allclose(widening.rest, 0.1)
    np.testing.assert_allclose(found.widened(widening).high, 100.0)
    np.testing.assert_allclose(found.widened(widening).low, 50.0)
    np.testing.assert_allclose(found.widened().high, 90.0)
    assert found.widened(Widening((), (), 0.0)).low.tolist() == [60.0] * 200


def test_who_costs_more_than_it_brings_teaches_nothing():
    plain = check([100.0] * 200).widening(200)
    assert check([100.0] * 200 + [-5.0, 0.0]).widening(200) == plain
    assert check([-1.0]).widening(1) == NONE
