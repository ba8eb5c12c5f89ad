"""Making a change: lines of the log, the subscription's columns, event, audit, ledger."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from billing.calculations.booking import Course, Point, lines_between
from billing.calculations.terms import Terms
from billing.enums import ChangeKind
from billing.models import Subscription, SubscriptionChange
from billing.selectors.subscriptions import renews_on
from billing.services.ledger import ledger_refresh
from billing.services.subscriptions.settling import columns_settle
from billing.services.subscriptions.situation import (
    Planned,
    Situation,
    Step,
    UnableToChangeSubscription,
    situation_of,
)
from billing.services.subscriptions.telling import change_tell


@transaction.atomic
def step_take(
    *,
    subscription: Subscription,
    step: Step,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> list[SubscriptionChange]:
    """This will make a change, and return the lines that the log got.

    Two people who change a subscription at once take turns: the second one starts from
    what the first one made of it. Raises UnableToChangeSubscription.
    """
    situation = situation_of(subscription_locked(subscription), now=now)
    planned = step.planned(situation)
    lines = course_write(situation, planned, by=by, now=now, note=note)
    for other, same in planned.along:
        there = situation_of(subscription_locked(other), now=now)
        lines += course_write(there, same.planned(there), by=by, now=now, note=note)
    ledger_refresh(customers=[subscription.customer_id], now=now)
    return lines


def subscription_locked(subscription: Subscription) -> Subscription:
    """This will read a subscription anew and hold it until the transaction ends."""
    rows = Subscription.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("customer", "plan").get(pk=subscription.pk)


def course_write(
    situation: Situation, planned: Planned, *, by: Actor, now: dt.datetime, note: str
) -> list[SubscriptionChange]:
    """This will write what differs, and tell of it. Nothing that differs is refused."""
    subscription = situation.subscription
    points = lines_between(situation.course, planned.course)
    if not points:
        raise UnableToChangeSubscription(_("That is how it is already."))
    lines = lines_made(subscription, points, situation.log, by=by, now=now, note=note)
    SubscriptionChange.objects.bulk_create(lines)
    columns_write(subscription, planned.course, situation.today)
    change_tell(situation, planned, by=by, now=now)
    return lines


def lines_made(
    subscription: Subscription,
    points: Iterable[Point],
    log: Iterable[SubscriptionChange] = (),
    *,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> list[SubscriptionChange]:
    """This will make the lines for points of a course, to be added to a log.

    A line is never known before one that was written earlier, so that what was known at a
    moment stays what was known then.
    """
    revisions: dict[tuple[dt.date, str], int] = {}
    first = True
    for known in log:
        place = (known.effective_on, known.kind)
        revisions[place] = max(known.revision, revisions.get(place, 0))
        now, first = max(now, known.recorded_at), False
    lines = []
    for point in points:
        kind = _kind(point.terms, first=first)
        line = line_made(subscription, point, kind, now)
        line.revision = revisions.get((point.on, kind), 0) + 1
        line.actor, line.note = by.user, note
        lines.append(line)
        first = False
    return lines


def line_made(
    subscription: Subscription, point: Point, kind: str, now: dt.datetime
) -> SubscriptionChange:
    """This will make the line that says what is in force from a point on."""
    terms = point.terms
    return SubscriptionChange(
        subscription=subscription,
        customer_id=subscription.customer_id,
        kind=kind,
        effective_on=point.on,
        recorded_at=now,
        mrr=terms.mrr,
        list_mrr=terms.list_mrr,
        currency=subscription.currency,
        quantity=terms.quantity,
        interval_months=terms.interval_months,
        plan_id=terms.plan,
        price_id=terms.price,
        anchored_on=terms.anchored_on,
        renews_on=_renews_on(point),
        discount=terms.discount,
        discount_until=terms.discount_until,
        state=terms.state,
        action=point.action,
    )


def _renews_on(point: Point) -> dt.date | None:
    """Monthly ones renew all the time: no day of it is worth a note."""
    terms = point.terms
    if terms.interval_months == 1:
        return None
    return renews_on(terms, after=point.on)


def _kind(terms: Terms, *, first: bool) -> ChangeKind:
    if terms.ended:
        return ChangeKind.END
    return ChangeKind.START if first else ChangeKind.CHANGE


def columns_write(subscription: Subscription, course: Course, today: dt.date) -> None:
    """This will bring the subscription's own columns in step with its log."""
    subscription.ended_on = course.ends_on
    subscription.save(update_fields=["ended_on"])
    columns_settle(Subscription.objects.filter(pk=subscription.pk), today=today)
    subscription.refresh_from_db()
