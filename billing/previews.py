"""What a change of a subscription would mean, in words, before anybody makes it."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.calculations.booking import Course
from billing.calculations.outlook import year_total
from billing.calculations.terms import Terms
from billing.models import Plan, Subscription
from billing.services.subscriptions.situation import Planned, Situation
from billing.services.subscriptions.start import StartValues, course_started
from billing.subscription_words import change_words, seats_words, terms_words
from common.templatetags import ui
from customers.models import Customer


@dataclass(frozen=True, slots=True)
class Booked:
    """Something that is to come: from a day on, what changes, and what is paid then."""

    on: dt.date
    words: str
    paid: str
    trial: bool = False  # the end of a trial, which nobody takes back


@dataclass(frozen=True, slots=True)
class Preview:
    """The sentences of a preview; `warnings` are what one might not expect."""

    headline: str
    year: str
    later: list[Booked]
    warnings: list[str]


def preview_of(situation: Situation, planned: Planned) -> Preview:
    """This will say what a planned change means. One query."""
    old, new, on = situation.course, planned.course, planned.on
    plans, currency = plan_names([old, new]), situation.subscription.currency
    before, after = old.at(on), new.at(on)
    words = {
        "day": ui.day_long(on),
        "change": change_words(before, after, plans),
        "new": terms_words(after, currency),
        "old": terms_words(before, currency),
    }
    same = words["new"] == words["old"]
    text = (
        _("From %(day)s: %(change)s, %(new)s as before.")
        if same
        else _("From %(day)s: %(change)s, %(new)s instead of %(old)s.")
    )
    return Preview(
        headline=text % words,
        year=_year(old, new, on, currency),
        later=booked(new, max(on, situation.today), plans, currency),
        warnings=_warnings(situation, planned),
    )


def booked(
    course: Course, today: dt.date, plans: dict[int, str], currency: str
) -> list[Booked]:
    """This will list what is booked for after a day."""
    return [
        Booked(
            point.on,
            change_words(before, point.terms, plans),
            terms_words(point.terms, currency),
            before.state == "trial" and point.terms.state != "trial",
        )
        for point, before in course.booked(today)
        if not (before.ended and point.terms.ended)
    ]


def plan_names(courses: Collection[Course]) -> dict[int, str]:
    """This will name the plans that courses speak of. One query."""
    ids = {point.terms.plan for course in courses for point in course.points}
    return dict(Plan.objects.filter(pk__in=ids - {None}).values_list("pk", "name"))


def notice_words(subscription: Subscription, on: dt.date, today: dt.date) -> str:
    """This will say whether the notice period is kept; nothing without one."""
    days = subscription.notice_days
    if not days:
        return ""
    last = on - dt.timedelta(days=days)
    words = {"days": ui.number(days), "day": ui.day_long(last)}
    if today <= last:
        text = ngettext(
            "The notice period of %(days)s day is kept: its last day is %(day)s.",
            "The notice period of %(days)s days is kept: its last day is %(day)s.",
            days,
        )
    else:
        text = ngettext(
            "The notice period of %(days)s day is not kept: notice was due by %(day)s.",
            "The notice period of %(days)s days is not kept: notice was due by %(day)s.",
            days,
        )
    return text % words


def _year(old: Course, new: Course, on: dt.date, currency: str) -> str:
    sums = {
        "new": ui.money_exact(year_total(new, on), currency),
        "old": ui.money_exact(year_total(old, on), currency),
    }
    if sums["new"] == sums["old"]:
        return ""
    return _("In the twelve months from then on %(new)s instead of %(old)s.") % sums


def _warnings(situation: Situation, planned: Planned) -> list[str]:
    found = []
    if planned.on < situation.today:
        found.append(
            _("The day is over: figures of that time that were reported will change.")
        )
    after: Terms = planned.course.at(planned.on)
    if after.ended:
        subscription, today = situation.subscription, situation.today
        found.append(notice_words(subscription, planned.on, today))
    names = ", ".join(other.plan.name for other, _step in planned.along if other.plan)
    if names and after.ended:
        found.append(_("Its add-ons end with it: %(names)s.") % {"names": names})
    return [words for words in found if words]


def start_preview(
    customer: Customer, values: StartValues, *, today: dt.date
) -> Preview:
    """This will say what would start. Raises UnableToChangeSubscription."""
    course = course_started(customer, values, today=today)
    first, currency = course.at(values.on), values.currency
    words = {
        "day": ui.day_long(values.on),
        "plan": values.plan.name,
        "seats": seats_words(first.quantity),
        "paid": terms_words(first, currency),
    }
    total = ui.money_exact(year_total(course, values.on), currency)
    warnings = []
    if values.on < today:
        warnings.append(
            _("The day is over: figures of that time that were reported will change.")
        )
    return Preview(
        headline=_("From %(day)s: %(plan)s, %(seats)s, %(paid)s.") % words,
        year=_("%(total)s in the first twelve months.") % {"total": total},
        later=booked(course, values.on, {values.plan.pk: values.plan.name}, currency),
        warnings=warnings,
    )
