"""The days and weeks of the simulated past."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Grid:
    """Whole weeks that end yesterday. Days and weeks are counted from 0.

    Day `days` is today, on which nothing has happened yet.
    """

    today: dt.date
    weeks: int

    @property
    def days(self) -> int:
        return self.weeks * 7

    @cached_property
    def first(self) -> dt.date:
        return self.today - dt.timedelta(days=self.days)

    def date(self, day: int) -> dt.date:
        """This will return the date of a day, also of one to come."""
        return self.first + dt.timedelta(days=int(day))

    def day(self, date: dt.date) -> int:
        """This will return the number of a date's day."""
        return (date - self.first).days


def grid_until(today: dt.date, months: int) -> Grid:
    """This will return the whole weeks nearest to that many months before today."""
    return Grid(today, round(months * DAYS_A_MONTH / 7))


def months_later(date: dt.date, months: int) -> dt.date:
    """This will return the same day some months on; the day must not be after the 28th."""
    month = date.month - 1 + months
    return date.replace(year=date.year + month // 12, month=month % 12 + 1)
