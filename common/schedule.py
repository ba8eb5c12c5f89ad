"""When something that comes back is due. Pure: the clock and the zone are handed in.

The rule that survives clock changes, two schedulers and hours of silence: something is due
for the newest local day whose hour has come, and the day is part of a unique key in the
database. Whoever asks late still gets the right day; whoever asks twice finds it done.
"""

import datetime as dt
from collections.abc import Collection
from zoneinfo import ZoneInfo

WEEK = dt.timedelta(days=7)
EVERY_DAY = frozenset(range(1, 8))


def moment_of_day(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """This will return the moment of a local time in UTC.

    A time that comes twice (clocks go back) is the first one; a time that does not come
    (clocks go forward) is as much later as the clock jumps.
    """
    return dt.datetime.combine(day, at, tzinfo=zone).astimezone(dt.UTC)


def latest_due(
    now: dt.datetime,
    zone: ZoneInfo,
    at: dt.time,
    weekdays: Collection[int] = EVERY_DAY,
) -> dt.date:
    """This will return the newest local day of these weekdays whose hour has come.

    `now` is aware; `weekdays` are ISO numbers (1 is Monday) and not empty. At most a week
    back, so what was missed for longer is not made up for.
    """
    today = now.astimezone(zone).date()
    # One day ahead too: where clocks went back over midnight, tomorrow has begun before.
    days = (today + dt.timedelta(days=1 - back) for back in range(9))
    return next(
        day
        for day in days
        if day.isoweekday() in weekdays and moment_of_day(day, at, zone) <= now
    )
