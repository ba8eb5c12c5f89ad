"""Working one shard: claim, read, score, write, each in its own short transaction."""

import datetime as dt
import logging
import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from common.jobs import enqueue
from common.outage import database_is_away
from customers.models import Customer
from health.enums import RunKind, RunState, ShardState
from health.models import Run, RunFailure, Shard
from health.services.reckoning import customers_reckon, reckoned_write
from health.services.tables_sql import tables_of

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 5
NO_RATE = gettext_noop(
    "No exchange rate is known for one of its currencies on that day."
)
TOO_OFTEN = gettext_noop("Workers died on it too often.")
OPEN = (ShardState.PENDING, ShardState.RUNNING)


def shard_claim(*, shard_id: int) -> Shard | None:
    """This will take a waiting shard, or one whose worker's lease ran out.

    The lease counts in the database's time. Returns None when somebody else has it.
    """
    claim = uuid.uuid4()
    lease = dt.timedelta(seconds=settings.HEALTH_LEASE_SECONDS)
    free = Q(state=ShardState.PENDING) | Q(
        state=ShardState.RUNNING, lease_until__lt=Now()
    )
    taken = Shard.objects.filter(free, pk=shard_id, run__state=RunState.RUNNING).update(
        state=ShardState.RUNNING,
        claim=claim,
        lease_until=Now() + lease,
        attempts=F("attempts") + 1,
    )
    if not taken:
        return None
    return Shard.objects.select_related("run__scorecard_version").get(pk=shard_id)


def shard_work(*, shard_id: int) -> None:
    """This will score one shard's customers, whatever happened to earlier attempts.

    A passing fault of the database gives the shard back. Any other error halves it, down
    to the single customer that causes it, which then fails alone and with its reason.
    """
    shard = shard_claim(shard_id=shard_id)
    if shard is None:
        return
    if shard.attempts > MAX_ATTEMPTS:
        _halve_or_fail(shard, TOO_OFTEN)
        return
    try:
        _score(shard)
    except Exception as error:
        if database_is_away(error):
            logger.warning("Shard %s goes back: %s", shard, error)
            _owned(shard).update(state=ShardState.PENDING, reason=str(error))
        else:
            logger.exception("Shard %s failed", shard)
            _halve_or_fail(shard, f"{type(error).__name__}: {error}")
    run_finish_when_ready(run_id=shard.run_id)


def _owned(shard: Shard) -> models.QuerySet[Shard]:
    """This will address the shard only as long as our claim on it stands."""
    return Shard.objects.filter(
        pk=shard.pk, claim=shard.claim, state=ShardState.RUNNING
    )


def _score(shard: Shard) -> None:
    run = shard.run
    reckoned = customers_reckon(run=run, first=shard.first_id, last=shard.last_id)
    with transaction.atomic():
        # Rows are written only under a claim that still stands; the row lock keeps a
        # second worker, whose turn came when our lease ran out, waiting for our commit.
        # So a range is written once: no attempt has to take back what another one wrote.
        if not _owned(shard).select_for_update().exists():
            return
        paths = reckoned_write(tables=tables_of(run.pk), run=run, reckoned=reckoned)
        RunFailure.objects.bulk_create(
            [
                RunFailure(run=run, customer_id=pk, reason=NO_RATE)
                for pk in reckoned.failed
            ],
            ignore_conflicts=True,
        )
        _owned(shard).update(
            state=ShardState.DONE,
            customers=len(reckoned.frame.readings),
            paths=None if paths is None or _is_past(run) else paths.as_json(),
            finished_at=Now(),
            lease_until=None,
            reason="",
        )


def _is_past(run: Run) -> bool:
    """This will tell whether a run is of a past day, of which only scores are kept."""
    return run.kind == RunKind.BACKFILL


@transaction.atomic
def _halve_or_fail(shard: Shard, reason: str) -> None:
    """This will replace a failing shard by its halves, or fail its only customer."""
    if not _owned(shard).select_for_update().exists():
        return
    inside = Customer.objects.filter(id__range=(shard.first_id, shard.last_id))
    ids = list(inside.order_by("id").values_list("id", flat=True))
    if len(ids) <= 1:
        for pk in ids:
            RunFailure.objects.update_or_create(
                run=shard.run, customer_id=pk, defaults={"reason": reason}
            )
        _owned(shard).update(
            state=ShardState.FAILED, reason=reason, finished_at=Now(), lease_until=None
        )
        return
    middle = ids[len(ids) // 2]
    halves = [(shard.first_id, middle - 1), (middle, shard.last_id)]
    _owned(shard).update(
        state=ShardState.SPLIT, reason=reason, finished_at=Now(), lease_until=None
    )
    for first, last in halves:
        half = Shard.objects.create(run=shard.run, first_id=first, last_id=last)
        enqueue("health.shard_work", shard_id=half.pk)


def run_finish_when_ready(*, run_id: int) -> None:
    """This will wake the finishing job once no shard of the run is open any more."""
    if not Shard.objects.filter(run_id=run_id, state__in=OPEN).exists():
        enqueue("health.run_finish", run_id=run_id)


def work_wake(*, now: dt.datetime) -> int:
    """This will send wake-ups for all shards and runs that wait or were left behind.

    The sweeper: after a wiped Redis or a killed worker the work goes on from the rows.
    Returns how many wake-ups it sent.
    """
    waiting = Shard.objects.filter(run__state=RunState.RUNNING).filter(
        Q(state=ShardState.PENDING) | Q(state=ShardState.RUNNING, lease_until__lt=now)
    )
    sent = 0
    for pk in waiting.order_by("id").values_list("id", flat=True):
        enqueue("health.shard_work", shard_id=pk)
        sent += 1
    unfinished = Run.objects.filter(state__in=(RunState.RUNNING, RunState.FINISHING))
    ready = unfinished.exclude(shards__state__in=OPEN)
    for pk in ready.order_by("id").values_list("id", flat=True):
        enqueue("health.run_finish", run_id=pk)
        sent += 1
    return sent
