"""Past days with what stood beside their rows."""

from dataclasses import replace

import numpy as np
import pytest

from health.calculations.landmarks import STAYED
from health.calculations.past_frames import PastFrames
from tests.health.calculations.frames import frames_of
from tests.health.calculations.test_landmarks import landmarks, same


def frames() -> PastFrames:
    return frames_of(
        landmarks(),
        tickets=np.array([1.0, 2.0, 3.0, 4.0]),
        earned=np.array([10.0, 20.0, 30.0, 40.0]),
        band=np.array([1, 2, 3, 0], dtype=np.int16),
        buyer=np.array([False, True, False, True]),
        scores={
            "in_use": np.array([40.0, 60.0, 80.0, np.nan]),
            "7": np.array([41.0, 61.0, 81.0, np.nan]),
        },
    )


def same_frames(one: PastFrames, other: PastFrames) -> None:
    same(one.rows, other.rows)
    for name in ("tickets", "earned", "band", "buyer"):
        np.testing.assert_array_equal(
            getattr(one, name), getattr(other, name), strict=True
        )
    assert list(one.scores) == list(other.scores)
    for name, score in one.scores.items():
        np.testing.assert_array_equal(score, other.scores[name], strict=True)


def test_some_of_the_rows_keep_what_stood_beside_them():
    some = frames().chosen(np.array([2, 0]))
    assert len(some) == 2
    assert some.rows.customer.tolist() == [1, 1]
    assert some.rows.day.tolist() == [200, 100]
    assert some.tickets.tolist() == [3.0, 1.0]
    assert some.earned.tolist() == [30.0, 10.0]
    assert some.band.tolist() == [3, 1]
    assert some.buyer.tolist() == [False, False]
    assert some.scores["7"].tolist() == [81.0, 41.0]


def test_nothing_is_seen_that_came_after_the_day():
    then = frames().seen_until(150)
    assert then.rows.customer.tolist() == [1, 2]
    assert then.tickets.tolist() == [1.0, 2.0]
    assert then.rows.observed.tolist() == [50, 50]
    # The second one leaves on day 290, long after.
    assert then.rows.left_after.tolist() == [STAYED, STAYED]
    # The day it leaves it is known to leave.
    assert frames().seen_until(290).rows.left_after.tolist() == [
        STAYED, 190, STAYED, 90,
    ]  # fmt: skip
    assert frames().seen_until(289).rows.left_after.tolist() == [STAYED] * 4


def test_why_a_customer_left_is_not_known_before_it_left():
    rows = replace(landmarks(), involuntary=np.array([False, True, False, True]))
    assert rows.seen_until(290).involuntary.tolist() == [False, True, False, True]
    assert rows.seen_until(289).involuntary.tolist() == [False] * 4
    # What is over stays over: nothing is known of days that were not watched.
    assert rows.seen_until(1_000).observed.tolist() == [200, 200, 100, 100]


def test_frames_come_back_from_bytes_as_they_were():
    same_frames(PastFrames.from_bytes(frames().as_bytes()), frames())
    none = frames().chosen(np.zeros(4, dtype=bool))
    same_frames(PastFrames.from_bytes(none.as_bytes()), none)


def test_parts_are_joined_in_their_order():
    whole = frames()
    first, second = (whole.chosen(whole.rows.day == day) for day in (100, 200))
    same_frames(PastFrames.joined([first, second]), whole)
    other = replace(second, scores={"in_use": second.scores["in_use"]})
    with pytest.raises(ValueError, match="same scorecards"):
        PastFrames.joined([first, other])


def test_who_buys_is_left_out_where_there_is_anybody_else():
    some = frames().without_buyers()
    assert some.rows.customer.tolist() == [1, 1]
    only = frames().chosen(frames().buyer)
    assert only.without_buyers() is only
