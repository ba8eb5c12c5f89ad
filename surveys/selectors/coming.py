"""When whose turn will be, in the days to come."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from accounts.models import User
from customers.models import Customer
from surveys.enums import Schedule, SurveyState
from surveys.extension import portfolio_facts
from surveys.models import Invitation, Survey
from surveys.selectors.turns import (
    DAY,
    RENEWAL,
    Day,
    Turn,
    audience_customers,
    cycles_between,
    round_of,
    turns_left,
    turns_now,
)

AHEAD = 30
FOUND = 10
# These have days of their own; what follows an event has none.
PLANNED = (Schedule.ONCE, Schedule.EVERY, Schedule.RENEWAL)


@dataclass(frozen=True, slots=True)
class NextDate:
    """A customer and the day of its next turn; None where the survey does not want it."""

    customer: Customer
    day: dt.date | None


def coming_days(survey: Survey, day: Day) -> list[tuple[dt.date, int]] | None:
    """This will count the customers whose turn comes on each of the next 30 days.

    Today's are those that are left. None for what follows an event, which nobody can know.
    As many queries for many customers as for one.
    """
    if survey.schedule not in PLANNED:
        return None
    days = [day.today + ahead * DAY for ahead in range(AHEAD)]
    full: Counter[dt.date] = Counter()
    if survey.state not in {SurveyState.CLOSED, SurveyState.IMPORTED}:
        full.update(_coming(survey, day, days[-1]))
    over = survey.ends_on or days[-1]
    return [(one, full[one] if one <= over else 0) for one in days]


def _coming(survey: Survey, day: Day, last: dt.date) -> list[dt.date]:
    match survey.schedule:
        case Schedule.EVERY:
            return _every(survey, day, last)
        case Schedule.RENEWAL:
            return _renewing(survey, day, last)
        case _:
            first = max(day.today, survey.starts_on or day.today)
            waiting = 0 if survey.asked_on else len(turns_now(survey, day))
            return [first] * waiting


def _every(survey: Survey, day: Day, last: dt.date) -> list[dt.date]:
    audience = audience_customers(survey, on=day.today)
    customers = list(audience.values_list("pk", flat=True))
    # What was missed is asked today.
    today = [] if _is_over_today(survey, day) else turns_now(survey, day)
    found = [max(day.today, survey.starts_on or day.today)] * len(today)
    for cycle in cycles_between(survey, day, first=day.today + DAY, last=last):
        dates = {pk: cycle.day_of(pk, survey=survey.pk) for pk in customers}
        name = round_of(survey, cycle, day)
        left = turns_left(survey, [Turn(pk, name) for pk in customers])
        found += [
            dates[turn.customer_id]
            for turn in left
            if day.today < dates[turn.customer_id] <= last
        ]
    return found


def _renewing(survey: Survey, day: Day, last: dt.date) -> list[dt.date]:
    lead = survey.days_before * DAY
    begin = max(day.today, survey.starts_on or day.today)
    renewals = portfolio_facts().renewals(first=day.today, last=last + lead)
    inside = audience_customers(survey, on=day.today).filter(pk__in=renewals)
    turns = [
        Turn(pk, f"{RENEWAL}{renewals[pk].isoformat()}")
        for pk in inside.values_list("pk", flat=True)
    ]
    dates = [
        max(begin, renewals[turn.customer_id] - lead)
        for turn in turns_left(survey, turns)
    ]
    done = _is_over_today(survey, day)
    return [max(date, day.today + DAY) if done else date for date in dates]


def _is_over_today(survey: Survey, day: Day) -> bool:
    """This will say whether today's turn is over, so that nobody is asked before tomorrow."""
    return survey.asked_on is not None and survey.asked_on >= day.today


def next_dates(survey: Survey, day: Day, *, words: str, user: User) -> list[NextDate]:
    """This will find customers by name, ten at most, and the day of their next turn.

    Only for a survey that comes back every so many days. Five queries.
    """
    rows = Customer.objects.visible_to(user).filter(name__icontains=words)
    customers = list(rows.order_by("name", "pk")[:FOUND])
    ids = [customer.pk for customer in customers]
    wanted = audience_customers(survey, on=day.today).filter(pk__in=ids)
    dates = _next_of(survey, day, set(wanted.values_list("pk", flat=True)))
    return [NextDate(customer, dates.get(customer.pk)) for customer in customers]


def _next_of(survey: Survey, day: Day, ids: Collection[int]) -> dict[int, dt.date]:
    first = max(day.today, survey.starts_on or day.today)
    cycles = cycles_between(
        survey, day, first=first, last=first + survey.every_days * DAY
    )
    names = {cycle.number: round_of(survey, cycle, day) for cycle in cycles}
    rows = Invitation.objects.filter(
        survey=survey, customer__in=ids, round__in=names.values()
    )
    done = set(rows.values_list("customer_id", "round"))
    found: dict[int, dt.date] = {}
    for cycle in sorted(cycles, key=lambda one: one.number):
        for pk in ids:
            date = cycle.day_of(pk, survey=survey.pk)
            if date >= first and (pk, names[cycle.number]) not in done:
                found.setdefault(pk, date)
    return found


def fullest(days: Sequence[tuple[dt.date, int]]) -> tuple[dt.date, int] | None:
    """This will return the day with the most customers, None where there are none."""
    best = max(days, key=lambda pair: pair[1], default=None)
    return best if best and best[1] else None
