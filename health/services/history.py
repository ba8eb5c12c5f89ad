"""Scoring the past once, so that today's score has something to be compared with."""

import datetime as dt
from collections.abc import Callable, Iterable

from health.enums import RunKind
from health.models import Run, Shard
from health.selectors.frame import database_now
from health.services.acquisition import acquisition_now
from health.services.finishing import run_finish
from health.services.runs import history_days, newest_fact_day, run_start
from health.services.shards import OPEN, shard_work

Progress = Callable[[Iterable[dt.date], str], Iterable[dt.date]]


def run_work(*, run: Run) -> Run:
    """This will work a run's shards in this process until the run is closed.

    Workers may take shards at the same time; a shard has one owner at a time.
    """
    while True:
        waiting = Shard.objects.filter(run=run, state__in=OPEN)
        ids = list(waiting.order_by("id").values_list("id", flat=True))
        if not ids:
            break
        before = len(ids)
        for pk in ids:
            shard_work(shard_id=pk)
        left = Shard.objects.filter(run=run, state__in=OPEN).count()
        if (
            left >= before
            and not Shard.objects.filter(run=run, state="pending").exists()
        ):
            break  # The rest is in other workers' hands.
    run_finish(run_id=run.pk)
    run.refresh_from_db()
    return run


def history_scored(
    *,
    now: dt.datetime,
    as_of: dt.date | None = None,
    progress: Progress = lambda days, words: days,
) -> Run:
    """This will score past month ends and the last 13 weeks, then the newest day.

    Days that were scored before are left out. The newest day is that of the newest fact,
    so a company whose data ends in the past is shown as it stood then.
    """
    newest = as_of or newest_fact_day(now=now)
    days = history_days(newest=newest, now=now)
    for day in progress(days, "Scoring past days"):
        run_work(run=_start(RunKind.BACKFILL, day, now))
    run = run_work(run=_start(RunKind.MANUAL, newest, now))
    acquisition_now(run=run)
    return run


def _start(kind: RunKind, day: dt.date, now: dt.datetime) -> Run:
    """This will start a run of many: each began at its own time, all know the same."""
    return run_start(kind=kind, as_of=day, now=now, started_at=database_now())
