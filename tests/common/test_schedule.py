"""Due days around the clock changes of real zones."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from common.schedule import latest_due, moment_of_day

BUCHAREST = ZoneInfo("Europe/Bucharest")
TWO, HALF_PAST_THREE = dt.time(2), dt.time(3, 30)


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (utc(2026, 6, 29, 22, 59), dt.date(2026, 6, 29)),
        (utc(2026, 6, 29, 23, 0), dt.date(2026, 6, 30)),
        (utc(2026, 6, 30, 20, 59), dt.date(2026, 6, 30)),
        (utc(2026, 6, 30, 21, 30), dt.date(2026, 6, 30)),
    ],
)
def test_a_day_is_due_from_its_hour_on(now: dt.datetime, day: dt.date) -> None:
    assert latest_due(now, BUCHAREST, TWO) == day


def test_an_hour_that_the_clock_skips_comes_with_the_next_one() -> None:
    # On 29 March 2026 03:00 becomes 04:00.
    assert moment_of_day(dt.date(2026, 3, 29), HALF_PAST_THREE, BUCHAREST) == utc(
        2026, 3, 29, 1, 30
    )
    before, after = utc(2026, 3, 29, 1, 29), utc(2026, 3, 29, 1, 30)
    assert latest_due(before, BUCHAREST, HALF_PAST_THREE) == dt.date(2026, 3, 28)
    assert latest_due(after, BUCHAREST, HALF_PAST_THREE) == dt.date(2026, 3, 29)


def test_an_hour_that_comes_twice_counts_once() -> None:
    # On 25 October 2026 04:00 becomes 03:00.
    first, second = utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)
    for now in (first, first + dt.timedelta(minutes=30), second):
        assert latest_due(now, BUCHAREST, HALF_PAST_THREE) == dt.date(2026, 10, 25)


def test_clocks_that_go_back_over_midnight_do_not_undo_a_day() -> None:
    # In Beirut 25 October 2026 begins, and an hour later it is 24 October again.
    zone, midnight = ZoneInfo("Asia/Beirut"), dt.time(0, 0)
    begins = moment_of_day(dt.date(2026, 10, 25), midnight, zone)
    days = [
        latest_due(begins + dt.timedelta(minutes=minute), zone, midnight)
        for minute in range(0, 180, 15)
    ]
    assert days == sorted(days)
    assert days[0] == dt.date(2026, 10, 25)


def test_a_day_that_never_was_is_not_due() -> None:
    # Samoa went from 29 to 31 December 2011.
    zone = ZoneInfo("Pacific/Apia")
    start = utc(2011, 12, 29, 0, 0)
    days = [latest_due(start + dt.timedelta(hours=h), zone, TWO) for h in range(72)]
    assert dt.date(2011, 12, 30) not in days
    assert dt.date(2011, 12, 31) in days


def test_only_the_chosen_weekdays_are_due() -> None:
    monday = dt.date(2026, 6, 29)
    for hours in range(2, 7 * 24):
        now = moment_of_day(monday, dt.time(0), BUCHAREST) + dt.timedelta(hours=hours)
        assert latest_due(now, BUCHAREST, TWO, weekdays={1}) == monday
