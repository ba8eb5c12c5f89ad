"""Hours that stand still while nobody works."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from surveys.calculations.due import due_after

BERLIN = ZoneInfo("Europe/Berlin")
HOLIDAY = dt.date(2026, 7, 1)


def works_on(day: dt.date) -> bool:
    return day.isoweekday() < 6 and day != HOLIDAY


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("moment", "hours", "due"),
    [
        ("2026-07-06 12:00", 8, "2026-07-06 20:00"),
        ("2026-07-06 12:00", 12, "2026-07-07 00:00"),
        ("2026-07-06 12:00", 48, "2026-07-08 12:00"),
        # Friday noon: half of Friday, Monday, half of Tuesday.
        ("2026-07-03 12:00", 48, "2026-07-07 12:00"),
        # Said on a Saturday, the clock starts on Monday.
        ("2026-07-04 15:00", 1, "2026-07-06 01:00"),
        # Tuesday evening before a holiday.
        ("2026-06-30 20:00", 24, "2026-07-02 20:00"),
        # The clocks go back on Sunday 25 October, which nobody works on.
        ("2026-10-23 12:00", 24, "2026-10-26 12:00"),
    ],
)
def test_days_off_do_not_count(moment: str, hours: int, due: str) -> None:
    made = due_after(at(moment), hours=hours, zone=BERLIN, works_on=works_on)
    assert made == at(due)


def test_a_day_of_25_hours_counts_as_what_it_is() -> None:
    made = due_after(
        at("2026-10-24 12:00"), hours=48, zone=BERLIN, works_on=lambda day: True
    )
    assert made == at("2026-10-26 11:00")


def test_a_calendar_without_a_working_day_holds_nothing_back() -> None:
    moment = at("2026-07-06 12:00")
    made = due_after(moment, hours=48, zone=BERLIN, works_on=lambda day: False)
    assert made == moment + dt.timedelta(hours=48)
