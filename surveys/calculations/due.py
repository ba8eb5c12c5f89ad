"""When an answer should have a reply. Pure: zone and calendar are handed in."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)
# A calendar without a working day holds nothing back for ever.
HORIZON = 400


def due_after(
    moment: dt.datetime,
    *,
    hours: int,
    zone: ZoneInfo,
    works_on: Callable[[dt.date], bool],
) -> dt.datetime:
    """This will return the moment so many hours later, days off left out.

    The clock runs through the whole of a working day and stands still on a day on which
    nobody works: 48 hours from Friday noon end on Tuesday noon. Days are local ones, so
    a day of 23 or 25 hours counts as what it is.
    """
    left = dt.timedelta(hours=hours)
    place = moment.astimezone(dt.UTC)
    today = moment.astimezone(zone).date()
    for ahead in range(HORIZON):
        day = today + ahead * DAY
        ends = dt.datetime.combine(day + DAY, dt.time(), tzinfo=zone)
        end = ends.astimezone(dt.UTC)
        if works_on(day):
            if place + left <= end:
                return place + left
            left -= end - place
        place = end
    return moment.astimezone(dt.UTC) + dt.timedelta(hours=hours)
