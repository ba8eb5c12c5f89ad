"""Moving everybody on a version of a price to another, in slices."""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import count

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from billing.calculations.booking import lines_between
from billing.enums import ChangeAction
from billing.events import SUBSCRIPTION_BOOKED, SUBSCRIPTION_CHANGED
from billing.models import PriceMove, PriceVersion, Subscription, SubscriptionChange
from billing.selectors.subscriptions import course_from, logs_of
from billing.services.ledger import ledger_refresh
from billing.services.subscriptions.prices import MovePrice
from billing.services.subscriptions.settling import columns_settle
from billing.services.subscriptions.situation import (
    Planned,
    Situation,
    UnableToChangeSubscription,
    company_zone,
    refuse,
)
from billing.services.subscriptions.writing import lines_made
from common.dates import local_day
from common.jobs import enqueue
from customers.services.events import events_record

SLICE = 200
# What a worker does before it lets others have their turn.
WORK_SECONDS = 30.0


@transaction.atomic
def price_move_ask(
    *,
    source: PriceVersion,
    target: PriceVersion,
    on: dt.date | None,
    by: Actor,
    now: dt.datetime,
) -> PriceMove:
    """This will have everybody on a price moved to another one of the same plan.

    On a day, or each at its own next renewal. What each has booked for later stays.
    A worker does it; whoever starts on the old price meanwhile is not moved.
    """
    today = local_day(now, company_zone())
    PriceVersion.objects.select_for_update(no_key=True).get(pk=source.pk)
    _check(source, target, on, today)
    move = PriceMove.objects.create(
        source=source,
        target=target,
        on=on,
        asked_by=by.user,
        asked_at=now,
        waiting=Subscription.objects.filter(price=source).count(),
    )
    audit_record(
        by=by,
        action="billing.price_move_asked",
        now=now,
        subject=move,
        after={
            "source": source.pk,
            "target": target.pk,
            "on": on,
            "waiting": move.waiting,
        },
    )
    enqueue("billing.price_move_work", move_id=move.pk)
    return move


def price_move_work(*, move_id: int, now: dt.datetime) -> bool:
    """This will move slice by slice for half a minute, and say whether all are done.

    Every slice is a transaction that notes how far it came, so that nobody is moved twice
    and whoever takes over goes on from there.
    """
    ends_at = time.monotonic() + WORK_SECONDS
    while not price_move_slice(move_id=move_id, now=now):
        if time.monotonic() > ends_at:
            with transaction.atomic():
                enqueue("billing.price_move_work", move_id=move_id)
            return False
    return True


@transaction.atomic
def price_move_slice(*, move_id: int, now: dt.datetime) -> bool:
    """This will move the next 200, and say whether there are no more. About 12 statements."""
    move = (
        PriceMove.objects.select_for_update(of=("self",))
        .select_related("source", "target", "asked_by")
        .get(pk=move_id)
    )
    if move.finished_at is not None:
        return True
    rows = list(
        Subscription.objects.select_for_update(of=("self",), no_key=True)
        .filter(price_id=move.source_id, pk__gt=move.reached)
        .select_related("plan")
        .order_by("pk")[:SLICE]
    )
    moved = _slice_moved(move, rows, now=now) if rows else 0
    move.moved += moved
    move.skipped += len(rows) - moved
    move.reached = rows[-1].pk if rows else move.reached
    if len(rows) < SLICE:
        move.finished_at = now
    move.save()
    return move.finished_at is not None


def _slice_moved(
    move: PriceMove, rows: Sequence[Subscription], *, now: dt.datetime
) -> int:
    today, by = local_day(now, company_zone()), Actor(user=move.asked_by)
    logs = logs_of(rows)
    lines: list[SubscriptionChange] = []
    # An event per subscription, in as few statements as customers have subscriptions.
    told: dict[tuple[str, int], dict[int, dict[str, str]]] = defaultdict(dict)
    for row in rows:
        log = logs[row.pk]
        situation = Situation(row, log, course_from(row, log), today)
        try:
            planned = MovePrice(move.target, move.on).planned(situation)
        except UnableToChangeSubscription:
            continue
        points = lines_between(situation.course, planned.course)
        lines += lines_made(row, points, log, by=by, now=now)
        later = planned.on > today
        kind = SUBSCRIPTION_BOOKED if later else SUBSCRIPTION_CHANGED
        place = next(n for n in count() if row.customer_id not in told[kind, n])
        told[kind, place][row.customer_id] = _data(move, row, planned)
    SubscriptionChange.objects.bulk_create(lines)
    changed = {line.subscription_id for line in lines}
    columns_settle(Subscription.objects.filter(pk__in=changed), today=today)
    for (kind, _place), data in told.items():
        events_record(lines=data, kind=kind, happened_at=now, now=now, actor=by.user)
    ledger_refresh(customers={line.customer_id for line in lines}, now=now)
    return len(changed)


def _data(move: PriceMove, row: Subscription, planned: Planned) -> dict[str, str]:
    terms = planned.course.at(planned.on)
    return {
        "action": ChangeAction.PRICE_MOVED,
        "on": planned.on.isoformat(),
        "plan": row.plan.name if row.plan else "",
        "mrr": str(terms.mrr),
        "currency": row.currency,
        "subscription": str(row.pk),
    }


def _check(
    source: PriceVersion, target: PriceVersion, on: dt.date | None, today: dt.date
) -> None:
    fits = (source.plan_id, source.currency, source.interval_months)
    if (target.plan_id, target.currency, target.interval_months) != fits:
        refuse(_("That price is for another plan, interval or currency."))
    if source.pk == target.pk:
        refuse(_("Choose another version of the price."))
    if on is not None and on < max(today, target.valid_on):
        refuse(_("Choose a day to come on which the new price counts."))
    if PriceMove.objects.filter(source=source, finished_at__isnull=True).exists():
        refuse(_("Everybody on this price is being moved already."))
