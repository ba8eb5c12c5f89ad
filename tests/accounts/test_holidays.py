"""Days on which nobody works."""

import datetime as dt

import pytest

from accounts.actor import Actor
from accounts.forms.holidays import HolidayLinesForm, holiday_read
from accounts.models import Holiday, User
from accounts.selectors.holidays import holiday_years, holidays_of
from accounts.services.holidays import holiday_delete, holidays_add
from tests.accounts.entries import entries, entry, last_number
from tests.world import NOW

NEW_YEAR = dt.date(2027, 1, 1)
MAY_DAY = dt.date(2027, 5, 1)


def add(admin: User, *days: tuple[dt.date, str]) -> int:
    return holidays_add(days=days, by=Actor(admin), now=NOW)


def test_are_added_in_one_entry(admin: User) -> None:
    assert add(admin, (MAY_DAY, "May Day"), (NEW_YEAR, "New Year")) == 2
    assert [str(day) for day in Holiday.objects.all()] == [
        "2027-01-01: New Year",
        "2027-05-01: May Day",
    ]
    assert entry().after == {"2027-01-01": "New Year", "2027-05-01": "May Day"}


def test_a_known_day_keeps_its_name(admin: User) -> None:
    add(admin, (NEW_YEAR, "New Year"))
    before = last_number()
    assert add(admin, (NEW_YEAR, "Neujahr")) == 0
    assert Holiday.objects.get().name == "New Year"
    assert entries(after=before) == []


def test_the_first_of_two_names_wins(admin: User) -> None:
    assert add(admin, (NEW_YEAR, "New Year"), (NEW_YEAR, "Neujahr")) == 1
    assert Holiday.objects.get().name == "New Year"


def test_is_deleted_once(admin: User) -> None:
    add(admin, (NEW_YEAR, "New Year"), (MAY_DAY, "May Day"))
    before, holiday = last_number(), Holiday.objects.get(day=NEW_YEAR)
    for _ in range(2):
        holiday_delete(holiday=holiday, by=Actor(admin), now=NOW)
    assert list(Holiday.objects.values_list("name", flat=True)) == ["May Day"]
    assert entry(after=before).before == {"day": "2027-01-01", "name": "New Year"}


def test_years_are_counted(admin: User) -> None:
    days = [(NEW_YEAR, "a"), (MAY_DAY, "b"), (dt.date(2020, 1, 1), "c")]
    add(admin, *days)
    assert holiday_years() == {2020: 1, 2027: 2}
    assert [day.name for day in holidays_of(2027)] == ["a", "b"]


@pytest.mark.parametrize(
    "line",
    [
        "2027-01-01 New Year",
        "  2027-1-1\tNew  Year ",
        "2027-01-01;New Year",
        "2027-01-01, New Year",
        "01.01.2027 New Year",
        "1.1.2027: New Year",
        "2027-01-01 – New Year",
    ],
)
def test_lines_are_read_as_people_write_them(line: str) -> None:
    assert holiday_read(line) == (NEW_YEAR, "New Year")


@pytest.mark.parametrize(
    "line",
    [
        "New Year",
        "2027-01-01",
        "2027-02-30 Never",
        "01/02/2027 Which?",
        "12027-01-01 Far",
        "0001-01-01 Long ago",
        "2027-01-01 " + "x" * 81,
        "２０２７-01-01 Wide",
    ],
)
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - there is nothing to tell
        holiday_read(line)


def test_all_wrong_lines_are_named(db: None) -> None:
    lines = "2027-01-01 New Year\nwrong\n\n2027-13-01 Never"
    form = HolidayLinesForm({"lines": lines})
    assert form.errors["lines"] == [
        "Line 2 is not a day and a name: wrong",
        "Line 4 is not a day and a name: 2027-13-01 Never",
    ]
