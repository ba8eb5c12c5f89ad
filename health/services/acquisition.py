"""Summing the customers that were won after a run, part by part; safe to be killed."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from accounts.selectors import company as the_company
from common.jobs import enqueue
from common.outage import database_is_away
from health.calculations.acquired import believed_miss
from health.calculations.winning import EMPTY, Table, table_of
from health.enums import ShardState
from health.models import AcquisitionDay, Run
from health.selectors.acquisition import year_checked
from health.selectors.standing import latest_run
from health.selectors.won import Kept, WonPart, kept_apart, won_part
from health.services.runs import customer_ranges, moment_of

logger = logging.getLogger(__name__)
# A job goes on for so long, then hands on to the next.
SLICE_SECONDS = 25.0
MAX_TRIES = 5
# Sources and campaigns that are kept apart; the smaller ones are summed together.
MOST_KEPT = 200
TOO_OFTEN = gettext_noop("Workers died on it too often.")
Clock = Callable[[], bool]


def acquisition_start(*, run: Run) -> AcquisitionDay:
    """This will write down that a run's customers are to be summed, and wake a worker.

    Call it in the transaction that shows the run. Two queries.
    """
    day, _created = AcquisitionDay.objects.get_or_create(
        run=run, defaults={"as_of": run.as_of}
    )
    enqueue("health.acquisition_work", day_id=day.pk)
    return day


def acquisition_now(*, run: Run) -> None:
    """This will sum a run's customers in this process, unless a worker is at it."""
    for pk in AcquisitionDay.objects.filter(run=run).values_list("pk", flat=True):
        acquisition_work(day_id=pk, seconds=None)


def acquisition_wake() -> None:
    """This will wake workers for sums that wait, or whose worker's lease ran out."""
    for pk in _free().order_by("id").values_list("pk", flat=True):
        enqueue("health.acquisition_work", day_id=pk)


def _free() -> QuerySet[AcquisitionDay]:
    return AcquisitionDay.objects.filter(
        Q(state=ShardState.PENDING) | Q(state=ShardState.RUNNING, lease_until__lt=Now())
    )


def acquisition_work(*, day_id: int, seconds: float | None = SLICE_SECONDS) -> None:
    """This will sum a good piece of the customers, or all where `seconds` is None.

    Progress is kept after every part, so a killed worker costs one part. Memory is that
    of one part and the sums.
    """
    taken = _free().filter(pk=day_id)
    lease = Now() + _lease()
    if not taken.update(
        state=ShardState.RUNNING, lease_until=lease, attempts=F("attempts") + 1
    ):
        return
    day = AcquisitionDay.objects.select_related("run").get(pk=day_id)
    try:
        _slice(day, seconds)
    except Exception as error:
        if database_is_away(error):
            logger.warning("The sums of %s go back: %s", day, error)
            _owned(day).update(state=ShardState.PENDING, lease_until=None)
        else:
            logger.exception("The sums of %s failed", day)
            _fail(day, f"{type(error).__name__}: {error}")


def _lease() -> dt.timedelta:
    return dt.timedelta(seconds=settings.HEALTH_LEASE_SECONDS)


def _owned(day: AcquisitionDay) -> QuerySet[AcquisitionDay]:
    """This will address the sums only as long as nobody has taken them over."""
    return AcquisitionDay.objects.filter(
        pk=day.pk, state=ShardState.RUNNING, attempts=day.attempts
    )


def _fail(day: AcquisitionDay, reason: str) -> None:
    _owned(day).update(
        state=ShardState.FAILED, reason=reason, finished_at=Now(), lease_until=None
    )


def _slice(day: AcquisitionDay, seconds: float | None) -> None:
    newest = latest_run()
    if newest is not None and newest.pk != day.run_id:
        _owned(day).delete()  # The standing that it began with is gone.
        return
    if day.attempts - day.got_on > MAX_TRIES:
        _fail(day, TOO_OFTEN)
        return
    if not day.parameters:
        day.parameters = _parameters()
    go_on = _clock(seconds)
    for first, last in customer_ranges(settings.HEALTH_SHARD_CUSTOMERS):
        if last <= day.cursor:
            continue
        if not go_on():
            _hand_on(day)
            return
        if not _keep(day, _read(day, first, last), last):
            return
    _finish(day)


def _parameters() -> dict[str, Any]:
    """This will fix what all parts are summed with, and how far forecasts were off."""
    kept = kept_apart(most=MOST_KEPT)
    checked = year_checked()
    return {
        "sources": list(kept.sources),
        "campaigns": list(kept.campaigns),
        "miss": believed_miss(checked.expected, checked.realised),
        "checked": checked.customers,
    }


def _clock(seconds: float | None) -> Clock:
    if seconds is None:
        return lambda: True
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


def _read(day: AcquisitionDay, first: int, last: int) -> WonPart:
    run = day.run
    economics = run.parameters["economics"]
    return won_part(
        moment_of(the_company(), run.as_of, run.known_before),
        run_id=run.pk,
        first=first,
        last=last,
        kept=Kept(day.parameters["sources"], day.parameters["campaigns"]),
        margin=economics["margin"],
        ticket_cost=economics["support_cost"],
    )


def _keep(day: AcquisitionDay, part: WonPart, last: int) -> bool:
    """This will add a part to the sums and save them; False if they are not ours now."""
    made = {"origin": table_of(part.won)} | {
        name: table_of(part.won, group) for name, group in part.groups.items()
    }
    day.content = {
        name: _table(day, name).plus(table).as_json() for name, table in made.items()
    }
    day.cursor, day.got_on = last, day.attempts
    return bool(
        _owned(day).update(
            content=day.content,
            parameters=day.parameters,
            cursor=last,
            got_on=day.attempts,
            lease_until=Now() + _lease(),
        )
    )


def _table(day: AcquisitionDay, name: str) -> Table:
    return Table.from_json(day.content[name]) if name in day.content else EMPTY


def _hand_on(day: AcquisitionDay) -> None:
    """This will leave the rest to the next job."""
    if _owned(day).update(state=ShardState.PENDING, lease_until=None):
        enqueue("health.acquisition_work", day_id=day.pk)


@transaction.atomic
def _finish(day: AcquisitionDay) -> None:
    """This will show the sums in the place of those before."""
    done = _owned(day).update(
        state=ShardState.DONE,
        parameters=day.parameters,
        finished_at=Now(),
        lease_until=None,
    )
    if done:
        AcquisitionDay.objects.filter(pk__lt=day.pk).delete()
