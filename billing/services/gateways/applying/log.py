"""Adding lines to a subscription's log, and telling of them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from accounts.actor import MACHINE
from accounts.services.audit import audit_record
from billing.calculations.renewal import next_renewal
from billing.enums import ChangeAction, ChangeKind
from billing.events import (
    SUBSCRIPTION_BOOKED,
    SUBSCRIPTION_CANCELLED,
    SUBSCRIPTION_CHANGED,
    SUBSCRIPTION_ENDED,
    SUBSCRIPTION_KEPT,
    SUBSCRIPTION_STARTED,
)
from billing.gateways.objects import RemoteSubscription
from billing.models import Plan, Subscription, SubscriptionChange
from billing.services.gateways.applying.ground import Ground
from billing.services.gateways.applying.points import Point
from billing.services.gateways.applying.standing import (
    Standing,
    action_between,
    line_of,
    standing_of,
)
from common.dates import day_end
from customers.services.events import event_record


def lines_add(
    ground: Ground,
    subscription: Subscription,
    points: Sequence[Point],
    log: Sequence[SubscriptionChange],
    *,
    told: RemoteSubscription,
) -> list[SubscriptionChange]:
    """This will add a line for each point, and tell of the first that means something."""
    known = max((line.recorded_at for line in log), default=None)
    revisions: dict[tuple[dt.date, str], int] = {}
    for line in log:
        place = (line.effective_on, line.kind)
        revisions[place] = max(line.revision, revisions.get(place, 0))
    lines: list[SubscriptionChange] = []
    for on, standing in points:
        line = line_of(subscription, standing)
        line.effective_on, line.kind = on, _kind(standing, first=not log and not lines)
        line.revision = revisions.get((on, line.kind), 0) + 1
        before = _before(on, log, lines, subscription.started_on)
        line.action = action_between(before, standing)
        line.renews_on = _renews_on(on, standing)
        at = ground.now if log else _known_at(ground, told, line)
        # A line is never known before one that was written earlier.
        known = line.recorded_at = max(at, known) if known else at
        lines.append(line)
    SubscriptionChange.objects.bulk_create(lines)
    if lines and not ground.history:
        _tell(ground, subscription, lines, log)
    return lines


def _before(
    on: dt.date,
    log: Iterable[SubscriptionChange],
    lines: Iterable[SubscriptionChange],
    started_on: dt.date,
) -> Standing | None:
    """This will return what was in force until now on a day; the newest line counts."""
    there = [line for line in (*log, *lines) if line.effective_on <= on]
    if not there:
        return None
    last = max(enumerate(there), key=lambda one: (one[1].effective_on, one[0]))[1]
    return standing_of(last, started_on)


def _kind(standing: Standing, *, first: bool) -> ChangeKind:
    if standing.ended:
        return ChangeKind.END
    return ChangeKind.START if first else ChangeKind.CHANGE


def _renews_on(on: dt.date, standing: Standing) -> dt.date | None:
    """Monthly ones renew all the time: no day of it is worth a note."""
    if standing.ended or standing.interval_months == 1:
        return None
    if on < standing.anchored_on:
        return standing.anchored_on
    return next_renewal(standing.anchored_on, standing.interval_months, on)


def _known_at(
    ground: Ground, told: RemoteSubscription, line: SubscriptionChange
) -> dt.datetime:
    """This will return since when a line of a new log counts as known."""
    if not ground.history:
        return ground.now
    if line.kind == ChangeKind.END:
        return ground.past(told.cancelled_at or told.ends_at or ground.now)
    if line.kind == ChangeKind.START:
        return ground.past(told.started_at)
    if line.effective_on > ground.today:
        return ground.past(told.started_at)
    return ground.past(day_end(line.effective_on - dt.timedelta(days=1), ground.zone))


def _tell(
    ground: Ground,
    subscription: Subscription,
    lines: Sequence[SubscriptionChange],
    log: Sequence[SubscriptionChange],
) -> None:
    """This will write a line on the timeline and in the audit log, as services do."""
    line = next(
        (one for one in lines if one.action != ChangeAction.CORRECTED), lines[0]
    )
    before = _before(line.effective_on, log, (), subscription.started_on)
    kind = SUBSCRIPTION_STARTED if not log else _event(line, ground.today)
    plan = Plan.objects.filter(pk=line.plan_id or 0).values_list("name", flat=True)
    data: dict[str, Any] = {
        "action": line.action,
        "on": line.effective_on.isoformat(),
        "plan": plan.first() or "",
        "mrr": str(line.mrr),
        "quantity": line.quantity,
        "currency": subscription.currency,
    }
    if before is not None:
        data["before"] = str(before.mrr)
    event_record(
        customer=subscription.customer,
        kind=kind,
        happened_at=ground.now,
        now=ground.now,
        subject=subscription,
        data=data,
    )
    audit_record(
        by=MACHINE,
        action=kind,
        now=ground.now,
        subject=subscription,
        before={"mrr": before.mrr} if before else None,
        after={"on": line.effective_on, "mrr": line.mrr, "quantity": line.quantity},
    )


def _event(line: SubscriptionChange, today: dt.date) -> str:
    if line.action == ChangeAction.KEPT:
        return SUBSCRIPTION_KEPT
    later = line.effective_on > today
    if line.kind == ChangeKind.END:
        return SUBSCRIPTION_CANCELLED if later else SUBSCRIPTION_ENDED
    return SUBSCRIPTION_BOOKED if later else SUBSCRIPTION_CHANGED
