"""Which days teach and which one is tried."""

import datetime as dt
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from health.calculations.churn.grid import apart, month_grid, split_by_time
from tests.health.calculations.churn.made import company

EPOCH = dt.date(2000, 1, 1)


def day(text: str) -> int:
    return (dt.date.fromisoformat(text) - EPOCH).days


def test_the_last_day_of_each_month() -> None:
    dates = ["2026-01-31", "2026-02-10", "2026-02-28", "2026-03-31", "2026-06-30"]
    days = np.array([day(one) for one in dates])
    found = month_grid(days[::-1], today=day("2026-06-29"), horizon=90)
    assert found.days == (day("2026-01-31"), day("2026-02-28"), day("2026-03-31"))
    # 90 days after 31 March are over on 29 June, to the day.
    assert found.labelled == found.days
    assert found.test == day("2026-03-31")
    # None of the others' windows was over by then: 31 January + 90 is 1 May.
    assert found.training == ()
    earlier = month_grid(days, today=day("2026-06-28"), horizon=90)
    assert (earlier.test, earlier.labelled) == (found.days[1], found.days[:2])


def test_a_year_of_months_leaves_nine_to_learn_from() -> None:
    days = np.array([day(f"2025-{month:02}-28") for month in range(1, 13)])
    found = month_grid(days, today=day("2026-03-31"), horizon=90)
    assert found.test == days[-1]
    assert found.training == tuple(days[:9].tolist())


def test_without_days_there_is_no_test_day() -> None:
    none = month_grid(np.array([], dtype=np.int64), today=5, horizon=90)
    assert (none.days, none.test, none.training) == ((), None, ())
    young = month_grid(np.array([9_000]), today=9_010, horizon=90)
    assert (young.days, young.labelled, young.test) == ((9_000,), (), None)


@given(st.lists(st.integers(8_000, 8_400), min_size=1), st.integers(20, 100))
def test_windows_of_chosen_days_do_not_overlap(days: list[int], horizon: int) -> None:
    found = apart(np.array(days), horizon=horizon)
    assert found[0] == max(days)
    assert all(later - one >= horizon for later, one in pairwise(found))
    # No other day would fit below the last one chosen.
    assert found[-1] - min(days) < horizon


@given(st.integers(7_000, 8_200), st.integers(1, 120), st.integers(0, 5))
def test_no_training_window_reaches_past_the_test_day(
    test_day: int, horizon: int, seed: int
) -> None:
    rows = company(seed=seed, customers=30)
    found = split_by_time(rows, test_day=test_day, horizon=horizon)
    train, test = rows.chosen(found.train), rows.chosen(found.test)
    assert (train.day + horizon <= test_day).all()
    assert (test.day == test_day).all()
    assert (np.append(train.observed, test.observed) >= horizon).all()
    rest = np.delete(rows.day, np.append(found.train, found.test))
    rest_known = np.delete(rows.observed, np.append(found.train, found.test))
    inside = (rest + horizon <= test_day) | (rest == test_day)
    assert (rest_known[inside] < horizon).all()
