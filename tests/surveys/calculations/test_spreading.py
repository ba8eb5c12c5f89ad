"""Everybody has a date of their own, and the days are equally full."""

import datetime as dt
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.calculations.spreading import Cycle, cycle_at, turns_between

START = dt.date(2026, 3, 2)
WEEK = (1, 2, 3, 4, 5)
DAY = dt.timedelta(days=1)


def at(day: dt.date, *, every: int = 91, **fields: object) -> Cycle:
    found = cycle_at(
        day,
        starts_on=START,
        every=every,
        **{"weekdays": WEEK, **fields},  # type: ignore[arg-type]
    )
    assert found
    return found


def test_nothing_begins_before_the_first_day() -> None:
    days = {"starts_on": START, "every": 7, "weekdays": WEEK}
    assert cycle_at(START - DAY, **days) is None  # type: ignore[arg-type]


def test_a_cycle_holds_its_working_days() -> None:
    cycle = at(START, every=8, holidays=[dt.date(2026, 3, 4)])
    assert cycle.number == 0
    assert [day.day for day in cycle.days] == [2, 3, 5, 6, 9]
    later = at(START + 8 * DAY, every=8)
    assert later.number == 1
    assert [day.day for day in later.days] == [10, 11, 12, 13, 16, 17]


def test_without_a_working_day_all_days_are_taken() -> None:
    assert len(at(START, every=7, weekdays=()).days) == 7


def test_dates_of_known_customers_stay_where_they_are() -> None:
    # Written down once: a customer's date must not move with a new release.
    cycle = at(START, every=182)
    dates = [cycle.day_of(customer, survey=1) for customer in (1, 2, 3, 1000)]
    assert dates == [
        dt.date(2026, 3, 6), dt.date(2026, 6, 26), dt.date(2026, 4, 17),
        dt.date(2026, 5, 21),
    ]  # fmt: skip


def test_two_surveys_do_not_ask_on_the_same_day() -> None:
    cycle = at(START, every=182)
    same = sum(
        cycle.day_of(customer, survey=1) == cycle.day_of(customer, survey=2)
        for customer in range(1, 1001)
    )
    assert same == 0


@settings(deadline=None)
@given(
    customer=st.integers(1, 10**9),
    survey=st.integers(1, 10**5),
    every=st.integers(7, 400),
    cycles=st.integers(0, 9),
    weekdays=st.sets(st.integers(1, 7), min_size=1),
    holidays=st.sets(st.dates(START, dt.date(2027, 3, 1)), max_size=20),
)
def test_each_customer_has_one_working_day_in_each_cycle(
    customer: int,
    survey: int,
    every: int,
    cycles: int,
    weekdays: set[int],
    holidays: set[dt.date],
) -> None:
    first = START + cycles * every * DAY
    last = first + (every - 1) * DAY
    turns = []
    for ahead in range(every):
        day = first + ahead * DAY
        cycle = at(day, every=every, weekdays=weekdays, holidays=holidays)
        assert cycle.number == cycles
        turns += turns_between([customer], cycle, survey=survey, first=day, last=day)
    [(who, day)] = turns
    assert who == customer
    assert first <= day <= last
    works = [
        one
        for one in (first + ahead * DAY for ahead in range(every))
        if one.isoweekday() in weekdays and one not in holidays
    ]
    assert day in works or not works


@settings(deadline=None)
@given(
    count=st.integers(1, 4000),
    first=st.integers(1, 10**6),
    survey=st.integers(1, 1000),
    every=st.integers(7, 366),
)
def test_days_are_equally_full(count: int, first: int, survey: int, every: int) -> None:
    cycle = at(START, every=every)
    full = Counter(dict.fromkeys(cycle.days, 0))
    full.update(
        cycle.day_of(customer, survey=survey)
        for customer in range(first, first + count)
    )
    assert max(full.values()) - min(full.values()) <= 4
