"""When a customer may be asked for money: local hours and working days, across DST.

Hours are those on the customer's clock. An hour that a change of the clock leaves out
begins with the next one there is; one that comes twice counts both times.
"""

import datetime as dt
from itertools import count
from zoneinfo import ZoneInfo

from billing.calculations.dunning.situation import Policy

DAY = dt.timedelta(days=1)


def allowed(moment: dt.datetime, policy: Policy, zone: ZoneInfo) -> bool:
    """This will tell whether a moment is within the hours, on a day that is one."""
    local = moment.astimezone(zone)
    if policy.working_days and local.weekday() not in policy.working_days:
        return False
    return policy.from_hour <= local.hour < policy.until_hour


def allowed_at(moment: dt.datetime, policy: Policy, zone: ZoneInfo) -> dt.datetime:
    """This will return the first allowed moment from a moment on, in UTC."""
    if allowed(moment, policy, zone):
        return moment.astimezone(dt.UTC)
    first = moment.astimezone(zone).date()
    openings = (opening(first + DAY * days, policy, zone) for days in count())
    return next(at for at in openings if at >= moment and allowed(at, policy, zone))


def opening(day: dt.date, policy: Policy, zone: ZoneInfo) -> dt.datetime:
    """This will return when the hours of a local day begin, in UTC, working day or not."""
    at = dt.datetime.combine(day, dt.time(policy.from_hour), tzinfo=zone)
    return at.astimezone(dt.UTC)
