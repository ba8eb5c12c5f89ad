"""Until when somebody should have got a reply."""

import datetime as dt

from accounts.models import Holiday
from accounts.selectors import company as the_company
from common.dates import first_zone
from surveys.calculations.due import HORIZON, due_after
from surveys.selectors.rules import survey_rules


def reply_due(now: dt.datetime) -> dt.datetime:
    """This will count the hours of the survey rules over the company's working days.

    Three queries: the company, the rules, the holidays ahead.
    """
    company = the_company()
    days = (now - dt.timedelta(days=2), now + dt.timedelta(days=HORIZON))
    holidays = frozenset(
        Holiday.objects.filter(day__range=days).values_list("day", flat=True)
    )
    return due_after(
        now,
        hours=survey_rules().reply_hours,
        zone=first_zone(company.time_zone),
        works_on=lambda day: (
            day.isoweekday() in company.working_days and day not in holidays
        ),
    )
