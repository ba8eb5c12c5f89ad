"""Working hours, in every zone and over every clock change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.calculations.hours import WorkingHours, next_opening

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = WorkingHours(days={1, 2, 3, 4, 5}, opens=dt.time(9), closes=dt.time(17))


def at(text: str, zone: ZoneInfo = BERLIN) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # 30 June 2026 is a Tuesday.
        ("2026-06-30T12:00", "2026-06-30T12:00"),
        ("2026-06-30T09:00", "2026-06-30T09:00"),
        ("2026-06-30T08:59:59", "2026-06-30T09:00"),
        ("2026-06-30T16:59:59", "2026-06-30T16:59:59"),
        ("2026-06-30T17:00", "2026-07-01T09:00"),
        ("2026-07-03T17:00", "2026-07-06T09:00"),
        ("2026-07-04T12:00", "2026-07-06T09:00"),
    ],
)
def test_the_next_opening(moment: str, expected: str) -> None:
    assert next_opening(at(moment), zone=BERLIN, hours=WEEK) == at(expected)


def test_it_is_the_recipients_morning_that_counts() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    moment = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
    assert next_opening(moment, zone=tokyo, hours=WEEK) == at("2026-07-01T09:00", tokyo)


def test_holidays_are_passed_over() -> None:
    hours = WorkingHours(
        days=WEEK.days,
        opens=WEEK.opens,
        closes=WEEK.closes,
        holidays={dt.date(2026, 7, 1), dt.date(2026, 7, 2), dt.date(2026, 7, 3)},
    )
    moment = at("2026-06-30T18:00")
    assert next_opening(moment, zone=BERLIN, hours=hours) == at("2026-07-06T09:00")


def test_hours_may_run_past_midnight() -> None:
    night = WorkingHours(days={5}, opens=dt.time(22), closes=dt.time(6))
    saturday = at("2026-07-04T05:00")
    assert next_opening(saturday, zone=BERLIN, hours=night) == saturday
    later = at("2026-07-04T06:00")
    assert next_opening(later, zone=BERLIN, hours=night) == at("2026-07-10T22:00")


def test_an_opening_in_the_hour_that_is_left_out_comes_when_the_clock_has_jumped() -> (
    None
):
    sunday = WorkingHours(days={7}, opens=dt.time(2, 30), closes=dt.time(5))
    found = next_opening(at("2026-03-29T00:00"), zone=BERLIN, hours=sunday)
    assert found.astimezone(BERLIN).isoformat() == "2026-03-29T03:30:00+02:00"


def test_in_the_hour_that_comes_twice_work_begins_with_the_first() -> None:
    sunday = WorkingHours(days={7}, opens=dt.time(2, 30), closes=dt.time(2, 45))
    found = next_opening(at("2026-10-25T00:00"), zone=BERLIN, hours=sunday)
    assert found.astimezone(BERLIN).isoformat() == "2026-10-25T02:30:00+02:00"
    # … and ends with the second.
    second = at("2026-10-25T02:40").replace(fold=1)
    assert next_opening(second, zone=BERLIN, hours=sunday) == second


def test_a_calendar_without_a_working_day_holds_no_mail_back() -> None:
    never = WorkingHours(days=(), opens=dt.time(9), closes=dt.time(17))
    moment = at("2026-06-30T23:00")
    assert next_opening(moment, zone=BERLIN, hours=never) == moment


@settings(max_examples=300, deadline=None)
@given(
    st.datetimes(
        min_value=dt.datetime(2025, 1, 1),
        max_value=dt.datetime(2028, 1, 1),
        timezones=st.just(dt.UTC),
    ),
    st.timezones(),
    st.sets(st.integers(1, 7), min_size=1),
    st.times(),
    st.times(),
)
def test_an_opening_is_open_and_never_earlier(
    moment: dt.datetime, zone: ZoneInfo, days: set[int], opens: dt.time, closes: dt.time
) -> None:
    hours = WorkingHours(days=days, opens=opens, closes=closes)
    found = next_opening(moment, zone=zone, hours=hours)
    assert found >= moment
    assert next_opening(found, zone=zone, hours=hours) == found
    assert found - moment < dt.timedelta(days=9)
