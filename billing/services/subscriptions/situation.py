"""What a change of a subscription starts from, and what it plans to do."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NoReturn, Protocol
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.selectors import company
from billing.calculations.booking import Course
from billing.calculations.renewal import period_of
from billing.calculations.terms import Terms
from billing.models import Subscription, SubscriptionChange
from billing.selectors.subscriptions import course_from, logs_of
from common.dates import local_day
from common.errors import KeepwellError
from common.templatetags import ui

# How far back a change may take effect, in days: further back, whole years that were
# reported would change. Starts may lie further back.
MOST_DAYS_BACK = 366


class UnableToChangeSubscription(KeepwellError):
    """The change makes no sense for this subscription; the text says why."""


@dataclass(frozen=True, slots=True)
class Situation:
    """A subscription, its log and the course that it tells, and the company's day."""

    subscription: Subscription
    log: Sequence[SubscriptionChange]
    course: Course
    today: dt.date

    @property
    def now(self) -> Terms:
        return self.course.at(self.today)

    def period_end(self, day: dt.date | None = None) -> dt.date:
        """This will return the first day after the term that a day (today) lies in."""
        day = max(day or self.today, self.course.starts_on)
        terms = self.course.at(day)
        if day < terms.anchored_on:
            # Before the first paid term there is only the trial.
            return terms.anchored_on
        return period_of(terms.anchored_on, terms.interval_months, day)[1]

    def check_day(self, on: dt.date) -> None:
        """This will refuse days before the start, after the end, and too far back."""
        starts_on, ends_on = self.course.starts_on, self.course.ends_on
        if on < starts_on:
            text = _("It starts on %(day)s. Choose that day or a later one.")
            refuse(text, day=ui.day_long(starts_on))
        if ends_on is not None and on >= ends_on:
            text = _(
                "It ends on %(day)s. Choose an earlier day, or withdraw the end first."
            )
            refuse(text, day=ui.day_long(ends_on))
        if (self.today - on).days > MOST_DAYS_BACK:
            first = self.today - dt.timedelta(days=MOST_DAYS_BACK)
            text = _("Changes reach back a year at most. Choose a day from %(day)s on.")
            refuse(text, day=ui.day_long(first))


@dataclass(frozen=True, slots=True)
class Planned:
    """The course as it would be, from which day on, and what that is called.

    `along` are other subscriptions that go the same way, each with its own step.
    """

    course: Course
    on: dt.date
    action: str
    along: Iterable[tuple[Subscription, "Step"]] = field(default=())


class Step(Protocol):
    """A change that somebody wants, in numbers; it may be looked at before it is made."""

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be; raises UnableToChangeSubscription."""


def refuse(text: str, **words: object) -> NoReturn:
    """This will say why a change is not possible."""
    raise UnableToChangeSubscription(text % words if words else text)


def situation_of(subscription: Subscription, *, now: dt.datetime) -> Situation:
    """This will read a subscription's course. Two queries."""
    today = local_day(now, company_zone())
    log = logs_of([subscription])[subscription.pk]
    return Situation(subscription, log, course_from(subscription, log), today)


def company_zone() -> ZoneInfo:
    """This will return the zone in which the company's days begin. One query."""
    return ZoneInfo(company().time_zone)
