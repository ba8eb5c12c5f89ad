"""When somebody is at work. Pure: the moment, the zone and the calendar are handed in."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from common.schedule import moment_of_day

# Nobody is on holiday for longer; a calendar without a working day holds no mail back.
HORIZON = 400
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The working week, by ISO weekday, and the days on which nobody works."""

    days: Collection[int]
    opens: dt.time
    closes: dt.time
    holidays: Collection[dt.date] = ()

    def works_on(self, day: dt.date) -> bool:
        return day.isoweekday() in self.days and day not in self.holidays


def next_opening(
    moment: dt.datetime, *, zone: ZoneInfo, hours: WorkingHours
) -> dt.datetime:
    """This will return the moment itself during working hours, else when they begin next.

    Local times, so an opening follows the clock through its changes: one in the hour that
    is left out comes as much later as the clock jumps, and in the hour that comes twice
    work begins with the first and ends with the second. Hours that end before they begin
    run past midnight and belong to the day on which they began.
    """
    today = moment.astimezone(zone).date()
    # Yesterday too: its hours may reach into today.
    for ahead in range(-1, HORIZON):
        day = today + ahead * DAY
        if not hours.works_on(day):
            continue
        opening, closing = _span(day, zone, hours)
        if moment < closing:
            return max(moment, opening)
    return moment


def _span(
    day: dt.date, zone: ZoneInfo, hours: WorkingHours
) -> tuple[dt.datetime, dt.datetime]:
    last = day if hours.closes > hours.opens else day + DAY
    closes = hours.closes.replace(fold=1)
    return moment_of_day(day, hours.opens, zone), moment_of_day(last, closes, zone)
