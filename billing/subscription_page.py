"""What the page of a subscription shows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import ngettext

from billing.calculations.booking import Course
from billing.calculations.terms import Terms
from billing.models import Invoice, Movement, Subscription, SubscriptionChange
from billing.previews import booked, plan_names
from billing.selectors.subscriptions import course_from, renews_on
from billing.subscription_words import change_words, terms_words
from common.templatetags import ui

SHOWN_LINES, SHOWN_MOVEMENTS, SHOWN_INVOICES = 60, 12, 6


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log in words: what changed from when on, and whether it counts still."""

    change: SubscriptionChange
    words: str
    paid: str
    replaced: bool


def subscription_content(
    subscription: Subscription, *, today: dt.date
) -> dict[str, Any]:
    """This will read all that the page shows. Seven queries."""
    log = list(
        SubscriptionChange.objects.filter(
            customer_id=subscription.customer_id, subscription=subscription
        )
        .select_related("plan", "price", "actor")
        .order_by("effective_on", "id")
    )
    course = course_from(subscription, log)
    plans, currency = plan_names([course]), subscription.currency
    shown = max(today, course.starts_on)
    terms = course.at(shown)
    return {
        "subscription": subscription,
        "customer": subscription.customer,
        "name": subscription_name(subscription),
        "terms": terms,
        "paid": terms_words(terms, currency),
        "renews_on": renews_on(terms, after=shown),
        "starts_later": course.starts_on > today,
        "notice": _notice(subscription, course, terms, today),
        "booked": booked(course, today, plans, currency),
        "ends_on": course.ends_on,
        "actions": actions_for(subscription, course, today),
        "log": log_lines(subscription, log, plans),
        "lines": len(log),
        **_beside(subscription),
    }


def subscription_name(subscription: Subscription) -> str:
    """This will name a subscription: by its plan where it has one."""
    return subscription.plan.name if subscription.plan else subscription.external_id


def actions_for(
    subscription: Subscription, course: Course, today: dt.date
) -> list[str]:
    """This will name what may be done to a subscription as it stands."""
    ends_on = course.ends_on
    if ends_on is not None and ends_on <= today:
        return ["keep", "again"] if ends_on == today else ["again"]
    terms = course.at(max(today, course.starts_on))
    found = ["plan", "seats", "discount", "interval"]
    if terms.price is not None:
        found.append("price")
    found.append("while")
    if terms.state == "paused":
        found.append("resume")
    elif terms.state == "active":
        found.append("pause")
    return [*found, "cancel" if ends_on is None else "keep"]


def log_lines(
    subscription: Subscription, log: list[SubscriptionChange], plans: dict[int, str]
) -> list[LogLine]:
    """This will put the newest lines of a log in words, what was written last first.

    Each is compared with what counted the day before it when it was written.
    """
    counts = {line.effective_on: line.pk for line in log}
    written = sorted(log, key=lambda line: line.pk)
    lines = []
    for place in range(len(written), max(0, len(written) - SHOWN_LINES), -1):
        line = written[place - 1]
        known = [one for one in log if one.pk <= line.pk]
        course = course_from(subscription, known)
        after, words = course.at(line.effective_on), ""
        if line.effective_on > course.starts_on:
            words = change_words(course.before(line.effective_on), after, plans)
        paid = terms_words(after, line.currency)
        replaced = counts[line.effective_on] != line.pk
        lines.append(LogLine(line, words, paid, replaced))
    return lines


def _notice(
    subscription: Subscription, course: Course, terms: Terms, today: dt.date
) -> str:
    days = subscription.notice_days
    end = course.ends_on or renews_on(terms, after=max(today, course.starts_on))
    if not days or end is None or end <= today:
        return ""
    text = ngettext(
        "Notice period of %(days)s day: to end on %(end)s it is cancelled by %(day)s.",
        "Notice period of %(days)s days: to end on %(end)s it is cancelled by %(day)s.",
        days,
    )
    last = end - dt.timedelta(days=days)
    words = {"end": ui.day_long(end), "day": ui.day_long(last)}
    return text % {**words, "days": ui.number(days)}


def _beside(subscription: Subscription) -> dict[str, Any]:
    movements = Movement.objects.filter(customer_id=subscription.customer_id)
    invoices = Invoice.objects.filter(
        Q(subscription=subscription), customer_id=subscription.customer_id
    )
    add_ons = subscription.add_ons.select_related("plan").order_by("started_on", "id")
    return {
        "movements": movements.order_by("-day", "-id")[:SHOWN_MOVEMENTS],
        "invoices": invoices.order_by("-issued_on", "-id")[:SHOWN_INVOICES],
        "add_ons": [(row, subscription_name(row)) for row in add_ons],
        "follower": subscription.followers.order_by("id").first(),
    }
