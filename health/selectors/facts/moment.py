"""The day that facts are read for, and the days and moments that follow from it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from common.dates import POSTGRES_EPOCH

# PostgreSQL's "-infinity" of a timestamp and "infinity" of a date, as COPY writes them.
NEVER = np.iinfo(np.int64).min
FAR_DAY = np.iinfo(np.int32).max
DAY = dt.timedelta(days=1)
DAY_MICROS = 86_400_000_000
EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
FIRST_DAY, LAST_DAY = dt.date(1970, 1, 1), dt.date(2100, 1, 1)
FIRST = (FIRST_DAY - POSTGRES_EPOCH).days


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and the moment before which a fact had to be known to count."""

    as_of: dt.date
    known_before: dt.datetime
    time_zone: str
    currency: str


@dataclass(frozen=True, slots=True)
class Window:
    """A moment as one source sees it: its windows end with its last day on time."""

    moment: Moment
    late: Mapping[str, int] = field(default_factory=dict)

    @property
    def day(self) -> int:
        """The moment's day, in days since PostgreSQL's first."""
        return (self.moment.as_of - POSTGRES_EPOCH).days

    def last_day(self, source: str, back: int = 0) -> dt.date:
        """This will return the last day of a source's windows, or one so far `back`."""
        return self.moment.as_of - (self.late.get(source, 0) + back) * DAY

    def source_day(self, source: str) -> int:
        """This will return that day in days since PostgreSQL's first."""
        return self.day - self.late.get(source, 0)

    def begin(self, source: str, days: int) -> dt.datetime:
        """This will return the first moment of a window of so many days."""
        day = self.last_day(source, days - 1)
        return dt.datetime.combine(day, dt.time(), ZoneInfo(self.moment.time_zone))

    def micros(self, source: str, days: int) -> int:
        """This will return that moment as COPY writes it: microseconds since 2000."""
        return (self.begin(source, days) - EPOCH) // dt.timedelta(microseconds=1)

    def local_days(self, moments: NDArray[np.int64]) -> NDArray[np.int32]:
        """This will turn moments as COPY writes them into local days."""
        starts = _day_starts(self.moment.time_zone)
        # All days are about as long as each other: guess, then correct. Where a zone left
        # out a day, two begin at once, and the second is the one.
        day = np.clip((moments - starts[0]) // DAY_MICROS, 1, len(starts) - 3)
        for _ in range(2):
            day += starts[day + 1] <= moments
        day -= starts[day] > moments
        days: NDArray[np.int32] = (day + FIRST).astype(np.int32)
        return days

    def days_since(self, moments: NDArray[np.int64]) -> NDArray[np.int32]:
        """This will count local days from moments to the day; −1 for NEVER."""
        known = moments != NEVER
        days = self.day - self.local_days(np.where(known, moments, 0))
        return np.where(known, days, -1).astype(np.int32)


@lru_cache(maxsize=4)
def _day_starts(zone: str) -> NDArray[np.int64]:
    """This will list the first moments of all local days, in microseconds."""
    place = ZoneInfo(zone)
    count = (LAST_DAY - FIRST_DAY).days
    days = (FIRST_DAY + number * DAY for number in range(count))
    offsets = (dt.datetime.combine(day, dt.time(), place).utcoffset() for day in days)
    shifts = np.fromiter(
        (offset.total_seconds() for offset in offsets if offset is not None),
        dtype=np.int64,
        count=count,
    )
    starts: NDArray[np.int64] = (np.arange(count) + FIRST) * 86_400 - shifts
    return starts * 1_000_000
