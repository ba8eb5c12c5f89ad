"""Days and moments in the company's time zone. The clock is always handed in."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# PostgreSQL's binary dates count from here.
POSTGRES_EPOCH = dt.date(2000, 1, 1)


def day_end(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """This will return the first moment that no longer belongs to a local day."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone)


def local_day(moment: dt.datetime, zone: ZoneInfo) -> dt.date:
    """This will return the local day of a moment."""
    return moment.astimezone(zone).date()


def months_before(day: dt.date, months: int) -> dt.date:
    """This will return the same day of an earlier month; month ends stay month ends."""
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    last = calendar.monthrange(year, month)[1]
    is_end = day.day == calendar.monthrange(day.year, day.month)[1]
    return dt.date(year, month, last if is_end else min(day.day, last))


def first_zone(*names: str) -> ZoneInfo:
    """This will return the first zone of these names that is known here, else UTC.

    A zone whose name the system no longer knows must not keep anybody out.
    """
    for name in names:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")
