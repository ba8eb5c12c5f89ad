"""Whose turn it is, by a survey's audience and schedule."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from accounts.models import Company, Holiday
from accounts.selectors import company as the_company
from common.dates import day_end, first_zone, local_day
from customers.models import Contact, Customer
from customers.models.customer import CustomerQuerySet
from surveys.calculations.spreading import Cycle, cycle_at, turns_between
from surveys.enums import Schedule
from surveys.extension import portfolio_facts
from surveys.models import Invitation, Survey
from surveys.triggers import TRIGGERS

ONCE = "once"
RENEWAL = "renewal:"
# What was missed for longer is not made up for.
LOOK_BACK = dt.timedelta(days=7)
EVENT_LOOK_BACK = dt.timedelta(days=3)
# A renewal that moved by fewer days is still the one that was asked about.
SAME_RENEWAL_DAYS = 45
FEW = 1000
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """A customer whose turn it is; of a ticket's round also the person it is about."""

    customer_id: int
    round: str
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A moment and the company's local day and calendar around it. Read once a tick."""

    now: dt.datetime
    today: dt.date
    zone: ZoneInfo
    weekdays: Collection[int]

    def begin(self, days_ago: int) -> dt.datetime:
        """This will return the first moment of the day after the one so many days ago."""
        return day_end(self.today - days_ago * DAY, self.zone)


def day_of(now: dt.datetime, *, company: Company | None = None) -> Day:
    """This will return the company's local day of a moment. One query, or none."""
    company = company or the_company()
    zone = first_zone(company.time_zone)
    return Day(now, local_day(now, zone), zone, frozenset(company.working_days))


def audience_contacts(survey: Survey) -> Q:
    """This will describe the contacts that a survey may ask: they work there still."""
    roles = Q(role__in=survey.roles) if survey.roles else Q()
    return Q(left_on__isnull=True) & roles


def audience_customers(survey: Survey, *, on: dt.date) -> CustomerQuerySet:
    """This will keep a survey's customers who have somebody to ask and have not left."""
    facts = portfolio_facts()
    somebody = Contact.objects.filter(
        audience_contacts(survey), customer=OuterRef("pk")
    )
    found: CustomerQuerySet = Customer.objects.filter(Exists(somebody))
    found = found.exclude(pk__in=facts.gone(on=on))
    if survey.segments:
        found = found.filter(segment__key__in=survey.segments)
    if survey.stages:
        found = found.filter(stage__in=survey.stages)
    if survey.plans:
        found = found.filter(pk__in=facts.on_plans(survey.plans, on=on))
    return found


def turns_now(survey: Survey, day: Day) -> list[Turn]:
    """This will return whose turn it is and was not yet, by customer.

    A handful of queries whatever the number. Whether the survey runs, and whether the day
    was looked at before, is for the caller to ask.
    """
    return turns_left(survey, _turns(survey, day))


def turns_left(survey: Survey, turns: Sequence[Turn]) -> list[Turn]:
    """This will leave out the customers who were asked, or dropped, in their round."""
    if not turns:
        return []
    rows = Invitation.objects.filter(survey=survey)
    if len(turns) <= FEW:
        rows = rows.filter(customer__in={turn.customer_id for turn in turns})
    if survey.schedule == Schedule.RENEWAL:
        return _other_renewals(turns, rows.filter(round__startswith=RENEWAL))
    rounds = {turn.round for turn in turns}
    rows = rows.filter(round__in=rounds).order_by().distinct()
    done = set(rows.values_list("customer_id", "round"))
    return [turn for turn in turns if (turn.customer_id, turn.round) not in done]


def first_day(survey: Survey, day: Day) -> dt.date:
    """This will return the day on which a survey's rounds begin."""
    if survey.starts_on:
        return survey.starts_on
    return local_day(survey.started_at, day.zone) if survey.started_at else day.today


def cycles_between(
    survey: Survey, day: Day, *, first: dt.date, last: dt.date
) -> list[Cycle]:
    """This will return the cycles that a range of days touches. One query."""
    begin, every = first_day(survey, day), survey.every_days
    reach = (first - every * DAY, last + every * DAY)
    holidays = set(
        Holiday.objects.filter(day__range=reach).values_list("day", flat=True)
    )
    found: dict[int, Cycle] = {}
    moment = max(first, begin)
    while moment <= last:
        cycle = cycle_at(
            moment,
            starts_on=begin,
            every=every,
            weekdays=day.weekdays,
            holidays=holidays,
        )
        if cycle:
            found.setdefault(cycle.number, cycle)
        moment += min(every, max(1, (last - moment).days)) * DAY
    return list(found.values())


def _turns(survey: Survey, day: Day) -> list[Turn]:
    audience = audience_customers(survey, on=day.today)
    match survey.schedule:
        case Schedule.EVERY:
            return _every(survey, day, _ids(audience))
        case Schedule.RENEWAL:
            return _renewing(survey, day, audience)
        case Schedule.EVENT:
            return _caused(survey, day, audience)
        case _:
            return [Turn(pk, ONCE) for pk in _ids(audience)]


def _every(survey: Survey, day: Day, customers: Sequence[int]) -> list[Turn]:
    """This will return today's and those of the last days whom nobody asked.

    The days before are always looked at: a holiday that was added, or a time without a
    machine, moves dates into the past.
    """
    first = max(day.today - LOOK_BACK, first_day(survey, day))
    # What lay before the start is nobody's loss; a draft would be started today.
    first = max(first, local_day(survey.started_at or day.now, day.zone))
    return [
        Turn(customer, round_of(survey, cycle, day))
        for cycle in cycles_between(survey, day, first=first, last=day.today)
        for customer, _day in turns_between(
            customers, cycle, survey=survey.pk, first=first, last=day.today
        )
    ]


def round_of(survey: Survey, cycle: Cycle, day: Day) -> str:
    """This will name a cycle; another first day or length makes it another one."""
    return f"{first_day(survey, day)}/{survey.every_days}/{cycle.number}"


def _renewing(survey: Survey, day: Day, audience: CustomerQuerySet) -> list[Turn]:
    last = day.today + survey.days_before * DAY
    renewals = portfolio_facts().renewals(first=day.today, last=last)
    return [
        Turn(pk, f"{RENEWAL}{renewals[pk].isoformat()}")
        for pk in _ids(audience.filter(pk__in=renewals))
    ]


def _other_renewals(turns: Iterable[Turn], rows: object) -> list[Turn]:
    asked: dict[int, list[dt.date]] = {}
    pairs = rows.order_by().distinct().values_list("customer_id", "round")  # type: ignore[attr-defined]
    for customer, name in pairs:
        asked.setdefault(customer, []).append(renewal_of(name))
    return [
        turn
        for turn in turns
        if all(
            abs((renewal_of(turn.round) - other).days) > SAME_RENEWAL_DAYS
            for other in asked.get(turn.customer_id, ())
        )
    ]


def renewal_of(name: str) -> dt.date:
    """This will read the renewal's date from the name of its round."""
    return dt.date.fromisoformat(name.removeprefix(RENEWAL))


def _caused(survey: Survey, day: Day, audience: CustomerQuerySet) -> list[Turn]:
    trigger = TRIGGERS.get(survey.trigger)
    if trigger is None:
        return []
    until = day.now - dt.timedelta(hours=survey.delay_hours)
    since = until - EVENT_LOOK_BACK
    if survey.starts_on:
        since = max(since, day_end(survey.starts_on - DAY, day.zone))
    causes = trigger.causes(since=since, until=until) if since < until else []
    if not causes:
        return []
    known = set(_ids(audience.filter(pk__in={cause.customer_id for cause in causes})))
    return [
        Turn(cause.customer_id, cause.round, cause.contact_id)
        for cause in causes
        if cause.customer_id in known
    ]


def _ids(customers: CustomerQuerySet) -> list[int]:
    return list(customers.order_by("pk").values_list("pk", flat=True))
