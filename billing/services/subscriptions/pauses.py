"""Pauses."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.actor import Actor
from billing.calculations.booking import Course, changed_for_a_while, next_change
from billing.calculations.terms import Terms
from billing.enums import ChangeAction
from billing.models import Subscription, SubscriptionChange
from billing.services.subscriptions.situation import Planned, Situation, refuse
from billing.services.subscriptions.writing import step_take
from common.templatetags import ui


def _paused(terms: Terms) -> Terms:
    return replace(terms, state="paused")


def _active(terms: Terms) -> Terms:
    return replace(terms, state="active")


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause from a day (today) on, until a day on which it runs again or without one."""

    on: dt.date | None = None
    until: dt.date | None = None

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be. Raises UnableToChangeSubscription."""
        on, until = self.on or situation.today, self.until
        situation.check_day(on)
        if until is not None and until <= on:
            refuse(_("The pause ends before it begins. Choose a later day."))
        _check_free(situation.course, on, until)
        if until is None:
            marked = situation.course.with_point(on, ChangeAction.PAUSED)
            course = marked.edited(_paused, on=on)
        else:
            actions = (ChangeAction.PAUSED, ChangeAction.RESUMED)
            course = changed_for_a_while(
                situation.course, _paused, on=on, until=until, actions=actions
            )
        return Planned(course, on, ChangeAction.PAUSED)


@dataclass(frozen=True, slots=True)
class Resume:
    """The end of a pause on a day (today)."""

    on: dt.date | None = None

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be. Raises UnableToChangeSubscription."""
        on, course = self.on or situation.today, situation.course
        situation.check_day(on)
        if course.at(on).state != "paused":
            text = _("It is not paused on %(day)s. Choose a day within the pause.")
            refuse(text, day=ui.day_long(on))
        marked = course.with_point(on, ChangeAction.RESUMED)
        over = next_change(course, "state", on=on)
        resumed = marked.edited(_active, on=on, before=over)
        return Planned(resumed, on, ChangeAction.RESUMED)


def _check_free(course: Course, on: dt.date, until: dt.date | None) -> None:
    """This will refuse a pause that meets a trial or another pause."""
    first = course.at(on)
    inside = [
        (point.on, point.terms)
        for point in course.points
        if point.on > on and (until is None or point.on < until)
    ]
    for day, terms in [(on, first), *inside]:
        if terms.ended:
            return
        if terms.state == "trial":
            refuse(_("A trial costs nothing and cannot be paused. Choose a later day."))
        if terms.state == "paused":
            text = _(
                "Another pause is booked for %(day)s. Choose days that do not meet it, "
                "or take it back first."
            )
            refuse(text, day=ui.day_long(day))


def subscription_pause(
    *,
    subscription: Subscription,
    on: dt.date | None = None,
    until: dt.date | None = None,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> list[SubscriptionChange]:
    """This will pause from a day (today) on: nothing is paid until it runs again."""
    step = Pause(on, until)
    return step_take(subscription=subscription, step=step, by=by, now=now, note=note)


def subscription_resume(
    *,
    subscription: Subscription,
    on: dt.date | None = None,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> list[SubscriptionChange]:
    """This will end a pause on a day (today)."""
    step = Resume(on)
    return step_take(subscription=subscription, step=step, by=by, now=now, note=note)
