"""Stretches of whole local days that figures are drawn from."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

ONE_DAY = dt.timedelta(days=1)
# Weeks, months or quarters: the shortest that holds so many answers on average.
ENOUGH_A_POINT = 10
MOST_POINTS = 60
STEPS = (("week", 7), ("month", 30), ("quarter", 91))


@dataclass(frozen=True, slots=True)
class Period:
    """From a first day to a last one, both included; without a first day: from the start."""

    first: dt.date | None
    last: dt.date

    def moments(self, zone: ZoneInfo) -> tuple[dt.datetime | None, dt.datetime]:
        """This will return the first moment and the first one after the period."""
        end = dt.datetime.combine(self.last + ONE_DAY, dt.time(), tzinfo=zone)
        if self.first is None:
            return None, end
        return dt.datetime.combine(self.first, dt.time(), tzinfo=zone), end

    @property
    def days(self) -> int | None:
        """How many days it has, None where it has no beginning."""
        return None if self.first is None else (self.last - self.first).days + 1

    def before(self) -> "Period | None":
        """This will return the stretch of the same length just before, if there is one."""
        if self.first is None or self.days is None:
            return None
        length = dt.timedelta(days=self.days)
        return Period(self.first - length, self.first - ONE_DAY)


def last_days(days: int, *, today: dt.date) -> Period:
    """This will return the last so many days, today included."""
    return Period(today - dt.timedelta(days=days - 1), today)


def step_of(answers: int, days: int) -> str:
    """This will choose weeks, months or quarters for a line over time.

    The shortest step whose points have ten answers on average, so that the line is not
    made of gaps, and which makes no more points than an eye can follow.
    """
    for step, length in STEPS[:-1]:
        points = max(1, days / length)
        if answers / points >= ENOUGH_A_POINT and points <= MOST_POINTS:
            return step
    return STEPS[-1][0]


def step_starts(first: dt.date, last: dt.date, step: str) -> list[dt.date]:
    """This will return the first day of every week, month or quarter of a stretch."""
    start = _start_of(first, step)
    starts = []
    while start <= last:
        starts.append(start)
        start = _start_of(start + dt.timedelta(days=_LONGER[step]), step)
    return starts


# So many days after its start a step is over and the next has begun, but not ended.
_LONGER = {"week": 7, "month": 31, "quarter": 92}


def _start_of(day: dt.date, step: str) -> dt.date:
    if step == "week":
        return day - dt.timedelta(days=day.weekday())
    month = day.month if step == "month" else day.month - (day.month - 1) % 3
    return day.replace(month=month, day=1)
