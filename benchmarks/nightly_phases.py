"""Part of `nightly`: where the time of a run goes, step by step, in one process."""

import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.selectors import company as the_company
from benchmarks.nightly_run import Night
from health.enums import RunKind
from health.models import Run, Shard
from health.readings import read_measures
from health.scoring import score_lineup
from health.selectors.frame import SourceAges, facts_of
from health.selectors.history import days_to_compare, past_scores, weekly_days
from health.selectors.lineup import lineup_of
from health.services import board_sql, finishing, sums, tables_sql
from health.services.lines_sql import lines_write
from health.services.reckoning import frame_of, run_forecast
from health.services.rollups import parents_roll_up
from health.services.runs import moment_of, run_start
from health.services.value_paths import paths_reckon
from health.services.writing import scores_write, standing_write


class Watch:
    """Adds up seconds, whole and in this process, by name."""

    def __init__(self) -> None:
        self.whole: dict[str, float] = defaultdict(float)
        self.own: dict[str, float] = defaultdict(float)

    def __call__(self, name: str, work: Callable[[], Any]) -> Any:
        wall, own = time.perf_counter(), time.process_time()
        found = work()
        self.whole[name] += time.perf_counter() - wall
        self.own[name] += time.process_time() - own
        return found


def phases_print(night: Night) -> None:
    """This will score the company step by step, twice, and print the second time."""
    _round(night)
    night.history_clone()
    watch, shards = _round(night)
    print(f"{'step':<22}{'ms a shard':>12}{'in Python':>12}{'in all, s':>12}")
    for name, seconds in watch.whole.items():
        own = watch.own[name]
        print(
            f"{name:<22}{seconds / shards * 1000:>12.0f}{own / shards * 1000:>12.0f}"
            f"{seconds:>12.2f}"
        )


def _round(night: Night) -> tuple[Watch, int]:
    watch = Watch()
    run = watch(
        "start",
        lambda: run_start(kind=RunKind.MANUAL, as_of=night.today, now=timezone.now()),
    )
    shards = list(Shard.objects.filter(run=run).order_by("id"))
    for shard in shards:
        _shard(watch, run, shard)
    Run.objects.filter(pk=run.pk).update(state="finishing", attempts=1)
    run.refresh_from_db()
    _end(watch, run)
    return watch, len(shards)


def _shard(watch: Watch, run: Run, shard: Shard) -> None:
    moment = moment_of(the_company(), run.as_of, run.known_before)
    ages, lineup = SourceAges(**run.parameters["ages"]), lineup_of(run)
    first, last = shard.first_id, shard.last_id
    facts = watch("facts", lambda: facts_of(moment, ages, first=first, last=last))
    which = lineup.which(facts["segment_id"])
    readings = watch("readings", lambda: read_measures(facts))
    watch("score", lambda: score_lineup(readings, which, lineup.rules))
    frame = frame_of(facts, run=run, lineup=lineup)
    foreseen = watch(
        "forecast", lambda: run_forecast(run=run, facts=facts, frame=frame)
    )
    forecast = foreseen.forecast
    weekly, compared = weekly_days(run.as_of), days_to_compare(run.as_of)
    past = watch(
        "past scores",
        lambda: past_scores(days=weekly + compared, ids=facts["customer_id"]),
    )
    tables = tables_sql.tables_of(run.pk)
    shared = {
        "tables": tables,
        "run": run,
        "facts": facts,
        "frame": frame,
        "lineup": lineup,
    }
    with transaction.atomic():
        watch("scores_write", partial(scores_write, **shared, churn=forecast.churn))
        watch(
            "standing_write",
            partial(
                standing_write,
                **shared,
                forecast=forecast,
                weekly=past.weekly(run.as_of, weekly),
                told=frame.band,
            ),
        )
        watch(
            "lines",
            lambda: lines_write(
                tables=tables,
                facts=facts,
                frame=frame,
                forecast=forecast,
                past=past,
                days=compared,
            ),
        )
    Shard.objects.filter(pk=shard.pk).update(
        state="done",
        customers=len(facts["customer_id"]),
        paths=foreseen.paths.as_json(),
        finished_at=timezone.now(),
    )


def _end(watch: Watch, run: Run) -> None:
    """This will finish the run as `finishing` does, but one thing after another."""
    tables, board = tables_sql.tables_of(run.pk), f"health_board_of_{run.pk}_1"
    mark = f"{run.pk}_1"
    watch("key of standing", lambda: tables_sql.standing_key(tables))
    watch("key of scores", lambda: tables_sql.scores_key(tables))
    watch("roll-up", lambda: parents_roll_up(run=run, tables=tables))
    paths = watch("sums of values", lambda: paths_reckon(run=run))
    begun = timezone.now()
    board_sql.board_make(board)
    watch(
        "board filled",
        lambda: board_sql.board_fill(board, standing=tables.standing, as_of=run.as_of),
    )
    for part in range(2):
        index = partial(board_sql.board_index, board, mark, part=part)
        watch("board's indexes", index)
    watch("board's indexes", lambda: board_sql.board_key(board, mark))
    watch("board vacuumed", lambda: board_sql.board_tidy(board))
    added = watch("sums", lambda: sums.sums_reckon(run=run, tables=tables))
    built = finishing.Built(board, begun, added, paths)
    watch("swap and events", lambda: finishing.board_show(run=run, built=built))
    watch("scores vacuumed", lambda: tables_sql.scores_tidy(as_of=run.as_of))
