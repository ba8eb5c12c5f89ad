"""The end of a run: everything built beside, then swapped in at once."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_noop

from common.errors import KeepwellError
from health.enums import RunKind, RunState, ShardState
from health.models import Run, Shard, ValuePath
from health.selectors.frame import database_now
from health.selectors.standing import latest_run
from health.services import board_sql
from health.services.acquisition import acquisition_start
from health.services.beside import side_by_side
from health.services.events_sql import band_changes_record
from health.services.reapplying import edits_reapply, overrides_reapply
from health.services.rollups import parents_roll_up
from health.services.sums import Sums, owners_resum, sums_reckon, sums_write
from health.services.tables_sql import (
    failed_keep,
    left_overs,
    scores_attach,
    scores_key,
    scores_tidy,
    shown_lock,
    standing_key,
    swap_in,
    tables_drop,
    tables_exist,
    tables_forget,
    tables_of,
)
from health.services.thinning import scores_thin, value_paths_thin
from health.services.value_paths import paths_reckon, paths_write

MAX_ATTEMPTS = 20
BOARD_STUCK = gettext_noop("The board could not be rebuilt.")
# Somebody may read the old board for a moment: so often, with a pause, is asked again.
SWAP_TRIES, SWAP_PAUSE = 4, 0.5
UNFINISHED = (RunState.RUNNING, RunState.FINISHING)
logger = logging.getLogger(__name__)


class Overtaken(KeepwellError):
    """Another worker has taken the end of this run over."""


def run_finish(*, run_id: int) -> None:
    """This will close a run whose shards are all through; safe to call at any time.

    One worker claims it under a lease; if that worker dies the sweeper wakes another and
    what is not there yet is built again. All that people see of a run comes with the one
    commit that closes it, so nothing is shown, counted or told twice.
    """
    lease = dt.timedelta(seconds=settings.HEALTH_LEASE_SECONDS)
    free = Q(state=RunState.RUNNING) | Q(
        state=RunState.FINISHING, lease_until__lt=Now()
    )
    open_shards = Q(shards__state__in=(ShardState.PENDING, ShardState.RUNNING))
    ready = Run.objects.filter(free, pk=run_id).exclude(open_shards)
    claimed = Run.objects.filter(pk__in=ready.values("pk")).filter(free)
    if not claimed.update(
        state=RunState.FINISHING, lease_until=Now() + lease, attempts=F("attempts") + 1
    ):
        return
    run = Run.objects.get(pk=run_id)
    if run.attempts > MAX_ATTEMPTS:
        _fail(run, BOARD_STUCK)
        return
    try:
        _finish(run)
    except Overtaken:
        logger.warning("The end of the run %s was taken over.", run)
    except OperationalError as error:
        # Somebody reads the old board for long, or the database went away: next tick.
        logger.warning("The run %s is finished later: %s", run, error)
        mine = Run.objects.filter(pk=run_id, attempts=run.attempts)
        mine.filter(state=RunState.FINISHING).update(
            state=RunState.RUNNING, lease_until=None
        )


def _finish(run: Run) -> None:
    shards = Shard.objects.filter(run=run)
    run.customers = shards.aggregate(n=Coalesce(Sum("customers"), 0))["n"]
    if run.kind != RunKind.BACKFILL:
        tables_forget(left_overs(under_way=_under_way()))
    if shards.filter(state=ShardState.FAILED).exists() and not run.customers:
        _fail(run, "")
    elif not tables_exist(tables_of(run.pk)):
        _close(run)  # All of it is shown already.
    elif run.kind == RunKind.BACKFILL:
        past_show(run=run)
    else:
        board_show(run=run, built=board_build(run=run))
    scores_tidy(as_of=run.as_of)
    if run.kind != RunKind.BACKFILL:
        scores_thin(newest=run.as_of)
        value_paths_thin(newest=run.as_of)


def _under_way() -> list[int]:
    running = Run.objects.filter(state__in=UNFINISHED)
    return list(running.order_by("id").values_list("id", flat=True))


def _fail(run: Run, reason: str) -> None:
    """This will end a run of which nothing is shown."""
    with transaction.atomic():
        tables_drop(tables_of(run.pk))
        _close(run, RunState.FAILED, reason)


def _close(run: Run, state: RunState = RunState.DONE, reason: str = "") -> None:
    """This will end a run, unless another worker has taken its end over."""
    mine = Run.objects.filter(
        pk=run.pk, state=RunState.FINISHING, attempts=run.attempts
    )
    closed = mine.update(
        state=state,
        finished_at=Now(),
        lease_until=None,
        customers=run.customers,
        reason=reason,
    )
    if not closed:
        raise Overtaken


def _still_mine(run: Run) -> None:
    """This will keep others from taking the end over, until the commit."""
    mine = Run.objects.filter(
        pk=run.pk, state=RunState.FINISHING, attempts=run.attempts
    )
    if not mine.select_for_update().exists():
        raise Overtaken


def past_show(*, run: Run) -> None:
    """This will let a past day's scores and sums be seen; its standing is forgotten."""
    tables = tables_of(run.pk)
    standing_key(tables)
    scores_key(tables)
    parents_roll_up(run=run, tables=tables)
    sums = sums_reckon(run=run, tables=tables)

    def show() -> None:
        _still_mine(run)
        shown_lock(as_of=run.as_of, day_only=True)
        scores_attach(tables, as_of=run.as_of)
        tables_drop(tables)
        sums_write(run=run, sums=sums)
        _close(run)

    _patiently(show)


@dataclass(frozen=True, slots=True)
class Built:
    """A board that nobody sees yet, the sums beside it, and when its reading began."""

    name: str
    begun: dt.datetime
    sums: Sums
    paths: list[ValuePath]


def board_build(*, run: Run) -> Built:
    """This will build the board and the sums beside what is shown.

    Costs about 4 s per 1,000,000 customers on two cores.
    """
    tables = tables_of(run.pk)
    side_by_side(lambda: standing_key(tables), lambda: scores_key(tables))
    failed_keep(tables, run_id=run.pk)
    more = parents_roll_up(run=run, tables=tables)
    paths = paths_reckon(run=run, more=more)
    begun = database_now()
    # An attempt of its own name: a board half made by a dead worker is never touched.
    board, mark = f"health_board_of_{run.pk}_{run.attempts}", f"{run.pk}_{run.attempts}"
    sums: list[Sums] = []
    middle = _middle(run)

    def fill(first: int, last: int) -> None:
        board_sql.board_fill(
            board, standing=tables.standing, as_of=run.as_of, first=first, last=last
        )

    def add_up() -> None:
        sums.append(sums_reckon(run=run, tables=tables))

    board_sql.board_make(board)
    side_by_side(
        lambda: fill(0, middle), lambda: fill(middle + 1, board_sql.LAST), add_up
    )
    side_by_side(
        lambda: board_sql.board_index(board, mark, part=0),
        lambda: board_sql.board_index(board, mark, part=1),
    )
    board_sql.board_key(board, mark)
    board_sql.board_tidy(board)
    return Built(board, begun, sums[0], paths)


def _middle(run: Run) -> int:
    """This will return an id with about as many customers below as above."""
    ends = Shard.objects.filter(run=run).order_by("last_id")
    ids = list(ends.values_list("last_id", flat=True))
    return ids[(len(ids) - 1) // 2] if ids else 0


def board_show(*, run: Run, built: Built) -> None:
    """This will rename the run's board, standing and scores in, with all that follows.

    One transaction that ends with the run closed. What is long comes before the locks;
    readers see the old day until the commit and wait for a moment at most. Owners,
    snoozes and overrides that changed meanwhile are applied again when no writer can be
    in between.
    """
    tables, shown = tables_of(run.pk), latest_run()

    def show() -> None:
        _still_mine(run)
        if shown and shown.as_of <= run.as_of:
            band_changes_record(run=run, tables=tables, now=database_now())
        shown_lock(as_of=run.as_of)
        owners = edits_reapply(board=built.name, since=built.begun)
        scores_attach(tables, as_of=run.as_of)
        swap_in(tables, built.name)
        sums_write(run=run, sums=built.sums)
        paths_write(run=run, rows=built.paths)
        if owners:
            owners_resum(run=run, owner_ids=owners)
        overrides_reapply(run=run)
        acquisition_start(run=run)
        _close(run)

    _patiently(show)


def _patiently(show: Callable[[], None]) -> None:
    """This will try a swap again that somebody's reading kept from happening."""
    for turn in range(1, SWAP_TRIES + 1):
        try:
            with transaction.atomic():
                show()
        except OperationalError:
            if turn == SWAP_TRIES:
                raise
            time.sleep(SWAP_PAUSE)
        else:
            return
