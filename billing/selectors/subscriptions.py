"""What subscriptions are, were, and will be, read from their logs."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import overload

from django.db.models import QuerySet

from billing.calculations.booking import Course, Point
from billing.calculations.renewal import next_renewal
from billing.calculations.terms import State, Terms
from billing.enums import ChangeKind, SubscriptionState
from billing.models import Subscription, SubscriptionChange
from customers.models import Customer

STATES: dict[str, State] = {
    SubscriptionState.ACTIVE: "active",
    SubscriptionState.TRIAL: "trial",
    SubscriptionState.PAUSED: "paused",
}


@overload
def state_on(
    whose: Subscription, day: dt.date, known_before: dt.datetime | None = None
) -> SubscriptionChange | None: ...
@overload
def state_on(
    whose: Customer, day: dt.date, known_before: dt.datetime | None = None
) -> list[SubscriptionChange]: ...
def state_on(
    whose: Subscription | Customer,
    day: dt.date,
    known_before: dt.datetime | None = None,
) -> SubscriptionChange | list[SubscriptionChange] | None:
    """This will return the line of the log in force on a day, as known before a moment.

    None before the start. Of a customer, those of all subscriptions begun by then, ended
    ones included, by the subscription. One query.
    """
    if isinstance(whose, Subscription):
        rows = _log(known_before).filter(
            customer_id=whose.customer_id, subscription=whose, effective_on__lte=day
        )
        return rows.order_by("-effective_on", "-id").first()
    rows = _log(known_before).filter(customer=whose, effective_on__lte=day)
    rows = rows.order_by("subscription_id", "-effective_on", "-id")
    return list(rows.distinct("subscription_id"))


def course_of(
    subscription: Subscription, known_before: dt.datetime | None = None
) -> Course:
    """This will return the whole course of a subscription. One query."""
    rows = _log(known_before).filter(
        customer_id=subscription.customer_id, subscription=subscription
    )
    return course_from(subscription, rows.order_by("effective_on", "id"))


def logs_of(
    subscriptions: Collection[Subscription],
) -> dict[int, list[SubscriptionChange]]:
    """This will return the lines of several logs by subscription, in order. One query."""
    logs: dict[int, list[SubscriptionChange]] = {row.pk: [] for row in subscriptions}
    customers = {row.customer_id for row in subscriptions}
    rows = _log(None).filter(customer__in=customers, subscription__in=list(logs))
    for line in rows.order_by("subscription_id", "effective_on", "id"):
        logs[line.subscription_id].append(line)
    return logs


def course_from(
    subscription: Subscription, lines: Iterable[SubscriptionChange]
) -> Course:
    """This will read a course from the lines of a log, in order of day and id."""
    points: list[Point] = []
    last: dict[dt.date, SubscriptionChange] = {}
    for line in lines:
        last[line.effective_on] = line
    for line in last.values():
        before = points[-1].terms if points else None
        terms = _terms(subscription, line, before)
        points.append(Point(line.effective_on, terms, line.action))
    return Course(tuple(points))


def log_of(subscription: Subscription) -> list[SubscriptionChange]:
    """This will return every line with who wrote it, the newest first. One query."""
    rows = SubscriptionChange.objects.filter(
        customer_id=subscription.customer_id, subscription=subscription
    ).select_related("plan", "price", "actor")
    return list(rows.order_by("-id"))


def renews_on(terms: Terms, *, after: dt.date) -> dt.date | None:
    """This will return the next renewal after a day; None once it has ended."""
    if terms.ended:
        return None
    return next_renewal(terms.anchored_on, terms.interval_months, after)


def _log(known_before: dt.datetime | None) -> QuerySet[SubscriptionChange]:
    rows = SubscriptionChange.objects.select_related("price")
    return rows.filter(recorded_at__lt=known_before) if known_before else rows


def _terms(
    subscription: Subscription, line: SubscriptionChange, before: Terms | None
) -> Terms:
    ended = line.kind == ChangeKind.END
    if ended and line.revision == 0 and before is not None:
        # An imported end tells nothing of what ended.
        return replace(before, ended=True)
    return Terms(
        plan=line.plan_id,
        price=line.price_id,
        amount=_amount(line, before),
        interval_months=line.interval_months,
        anchored_on=line.anchored_on or subscription.started_on,
        quantity=line.quantity,
        discount=line.discount or None,
        discount_until=line.discount_until,
        state=_state(subscription, line),
        ended=ended,
    )


def _state(subscription: Subscription, line: SubscriptionChange) -> State:
    # Files tell of trials by a column of the subscription.
    tried = subscription.is_trial and line.revision == 0 and not line.mrr
    return "trial" if tried else STATES[line.state]


def _amount(line: SubscriptionChange, before: Terms | None) -> Decimal:
    """This will return the list price of one unit for an interval."""
    if line.price is not None:
        return line.price.amount
    if line.kind == ChangeKind.END:
        return before.amount if before else Decimal(0)
    listed = line.list_mrr
    if listed is None:
        share = 1 - (line.discount or Decimal(0))
        listed = line.mrr / share if share else Decimal(0)
    return listed * line.interval_months / (line.quantity or 1)
