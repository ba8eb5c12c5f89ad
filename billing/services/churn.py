"""Noting who left, asking why, and writing the answer down."""

import datetime as dt
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.selectors import company
from accounts.services.audit import audit_record
from billing.enums import ChurnKind
from billing.models import ChurnEvent, DepartureCheck, LedgerState
from billing.selectors.departures import (
    RECENT_DAYS,
    customers_running,
    departures_unnoted,
)
from billing.services.ledger import ledger_refresh
from common.dates import local_day
from customers.enums import TaskState
from customers.models import ImportRun, Task
from customers.models.scope import ScopedQuerySet
from customers.services.tasks import task_done

TASK_TYPE = "churn_reason"
DUE_DAYS = 5
BATCH = 1000
# What the log tells; a comment may hold anything and stays away.
TOLD = ("kind", "reason", "secondary_reason", "preventable", "competitor")


@dataclass(frozen=True, slots=True)
class ChurnValues:
    """Why somebody left, as the person who looked after them tells it."""

    kind: ChurnKind
    reason: str = ""
    secondary_reason: str = ""
    preventable: bool | None = None
    competitor: str = ""
    comment: str = ""


@transaction.atomic
def churn_record(
    *, event: ChurnEvent, values: ChurnValues, by: Actor, now: dt.datetime
) -> bool:
    """This will write down why a customer left; False when all of it stands there already.

    A reason closes the task that asks for it.
    """
    row = ChurnEvent.objects.select_for_update().get(pk=event.pk)
    wanted = {**asdict(values), "kind": str(values.kind)}
    before = {name: getattr(row, name) for name in wanted}
    changed = [name for name in wanted if before[name] != wanted[name]]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
        told = [name for name in TOLD if name in changed]
        audit_record(
            by=by,
            action="billing.churn_recorded",
            now=now,
            subject=row,
            before={name: before[name] for name in told},
            after={name: wanted[name] for name in told},
        )
    if "kind" in changed:
        ledger_refresh(customers=[row.customer_id], now=now)
    if row.reason:
        _answered(row, by, now)
    return bool(changed)


def _answered(event: ChurnEvent, by: Actor, now: dt.datetime) -> None:
    asked = Task.objects.filter(
        customer=event.customer_id,
        type=TASK_TYPE,
        reason=reason_of(event),
        state=TaskState.OPEN,
    )
    if by.user is None:
        asked.update(state=TaskState.DONE, closed_at=now)
        return
    for task in asked.select_related("customer").order_by("id"):
        task_done(task=task, actor=by.user, now=now)


def reason_of(event: ChurnEvent) -> str:
    """This will say by what the task of a departure is known."""
    return event.left_on.isoformat()


@transaction.atomic
def departures_note(*, today: dt.date, now: dt.datetime) -> int:
    """This will note who left, ask their managers why, and stop asking about who is back.

    A customer has left when nothing of it runs any more; it left in the last 30 days and
    not before we began. Where money was left owing or a payment failed last, its payment
    failed; else it chose to. Done again it changes nothing. Returns how many new
    departures there are; five statements and one per thousand of them.
    """
    zone = company().time_zone
    events = ChurnEvent.objects.bulk_create(
        (
            ChurnEvent(
                customer_id=one.customer_id,
                left_on=one.left_on,
                kind=ChurnKind.INVOLUNTARY if one.unpaid else ChurnKind.VOLUNTARY,
                recorded_at=now,
            )
            for one in departures_unnoted(today=today, zone=zone)
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    if events:
        ledger_refresh(customers=[one.customer_id for one in events], now=now)
    _stop_asking(today, now)
    _ask(today, now, zone)
    return len(events)


@transaction.atomic
def departures_tick(*, now: dt.datetime) -> int:
    """This will look for who has left when a local day has begun or a log was written.

    Every minute one query, else; another worker that looks already is left alone.
    """
    today = local_day(now, ZoneInfo(company().time_zone))
    written = LedgerState.objects.filter(pk=1).values_list("changed", flat=True).first()
    rows = DepartureCheck.objects.filter(pk=1)
    if rows.filter(looked_on=today, changed=written or 0).exists():
        return 0
    if rows.exists() and not rows.select_for_update(skip_locked=True):
        return 0
    found = departures_note(today=today, now=now)
    values = {"looked_on": today, "changed": written or 0}
    DepartureCheck.objects.update_or_create(pk=1, defaults=values)
    return found


def _ask(today: dt.date, now: dt.datetime, zone: str) -> None:
    """This will ask about departures of which nobody has said anything, once each."""
    waiting = list(_unexplained(today, zone).select_related("customer__owner"))
    back = customers_running([one.customer_id for one in waiting], today=today)
    Task.objects.bulk_create(
        (
            Task(
                customer=event.customer,
                assignee_id=event.customer.owner_id,
                title=_title(event),
                type=TASK_TYPE,
                reason=reason_of(event),
                due_on=today + dt.timedelta(days=DUE_DAYS),
                created_at=now,
            )
            for event in waiting
            if event.customer_id not in back
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _unexplained(today: dt.date, zone: str) -> ScopedQuerySet[ChurnEvent]:
    """This will find recent departures without a reason about which nobody was asked.

    What a file told (it has a number of its own) is told there; what the first import
    brought is history.
    """
    asked = Task.objects.filter(
        customer=OuterRef("customer"),
        type=TASK_TYPE,
        reason=Cast(OuterRef("left_on"), TextField()),
    )
    rows = ChurnEvent.objects.filter(
        ~Exists(asked),
        left_on__gt=today - dt.timedelta(days=RECENT_DAYS),
        left_on__lte=today,
        reason="",
        external_id__isnull=True,
    )
    began = ImportRun.objects.aggregate(at=Min("started_at"))["at"]
    if began is not None:
        day = local_day(began, ZoneInfo(zone))
        rows = rows.filter(Q(recorded_at__gt=began) | Q(left_on__gt=day))
    return rows.order_by("id")


def _stop_asking(today: dt.date, now: dt.datetime) -> None:
    """This will close tasks about customers that are back or of whom a file told why."""
    tasks = list(
        Task.objects.filter(type=TASK_TYPE, state=TaskState.OPEN)
        .order_by("id")
        .values_list("id", "customer_id", "reason")
    )
    customers = [customer for _pk, customer, _reason in tasks]
    back = customers_running(customers, today=today) if customers else set()
    told = {
        (customer, day.isoformat())
        for customer, day in ChurnEvent.objects.filter(customer__in=customers)
        .exclude(reason="")
        .order_by("id")
        .values_list("customer_id", "left_on")
    }
    idle = [
        pk
        for pk, customer, reason in tasks
        if customer in back or (customer, reason) in told
    ]
    if idle:
        Task.objects.filter(pk__in=idle, state=TaskState.OPEN).update(
            state=TaskState.DROPPED, closed_at=now
        )


def _title(event: ChurnEvent) -> str:
    """This will ask in the language of who is to answer."""
    owner = event.customer.owner
    with translation.override(owner.language if owner else settings.LANGUAGE_CODE):
        return (_("Why did %(name)s leave?") % {"name": event.customer.name})[:200]
