"""When recipients are at work."""

import datetime as dt
from collections.abc import Sequence

from accounts.models import Holiday
from accounts.selectors import company as the_company
from common.dates import first_zone
from mail.calculations.hours import HORIZON, WorkingHours, next_opening
from mail.models import OutboxMessage


def next_openings(
    messages: Sequence[OutboxMessage], *, now: dt.datetime
) -> dict[int, dt.datetime]:
    """This will return, for those that ask for working hours, when they may go.

    The recipient's time zone, our own working week and holidays. Two queries, or none.
    """
    asking = [message for message in messages if message.in_working_hours]
    if not asking:
        return {}
    company = the_company()
    days = (now - dt.timedelta(days=2), now + dt.timedelta(days=HORIZON))
    holidays = Holiday.objects.filter(day__range=days).values_list("day", flat=True)
    hours = WorkingHours(
        days=frozenset(company.working_days),
        opens=company.opens_at,
        closes=company.closes_at,
        holidays=frozenset(holidays),
    )
    return {
        message.pk: next_opening(
            now,
            zone=first_zone(
                message.contact.time_zone if message.contact else "",
                message.user.time_zone if message.user else "",
                company.time_zone,
            ),
            hours=hours,
        )
        for message in asking
    }
