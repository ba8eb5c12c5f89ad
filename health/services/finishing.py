"""The end of a run: the board swapped in, the portfolios summed, the run closed."""

import datetime as dt
import logging
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_noop

from common.locks import Lock, transaction_lock
from customers.models import Customer
from health.enums import RunKind, RunState, ShardState
from health.models import PortfolioDay, Run, Shard, Snooze
from health.selectors.board_sql import BOARD_FILL, BOARD_INDEXES, BOARD_REAPPLY
from health.selectors.portfolio_sql import PORTFOLIO, PORTFOLIO_OF

# Edits carry the web server's clock, and one may have begun before we did and committed
# after we read: those of the last minutes are applied again, which changes nothing.
CLOCKS = dt.timedelta(minutes=5)
MAX_ATTEMPTS = 20
BOARD_STUCK = gettext_noop("The board could not be rebuilt.")
logger = logging.getLogger(__name__)


def run_finish(*, run_id: int) -> None:
    """This will close a run whose shards are all through; safe to call at any time.

    One worker claims it under a lease; if that worker dies the sweeper wakes another and
    everything here is done again from the start, to the same result.
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
        _close(run, RunState.FAILED, BOARD_STUCK)
        return
    try:
        if run.kind != RunKind.BACKFILL:
            board_rebuild(run=run)
            portfolio_write(run=run)
    except OperationalError as error:
        # Somebody reads the old board for long, or the database went away: next tick.
        logger.warning("The run %s is finished later: %s", run, error)
        mine = Run.objects.filter(pk=run_id, attempts=run.attempts)
        mine.update(state=RunState.RUNNING, lease_until=None)
        return
    shards = Shard.objects.filter(run=run)
    scored = shards.aggregate(n=Coalesce(Sum("customers"), 0))["n"]
    broken = shards.filter(state=ShardState.FAILED).exists() and not scored
    run.customers = scored
    _close(run, RunState.FAILED if broken else RunState.DONE, "")


def _close(run: Run, state: RunState, reason: str) -> None:
    """This will end a run, unless another worker has taken its end over."""
    Run.objects.filter(
        pk=run.pk, state=RunState.FINISHING, attempts=run.attempts
    ).update(
        state=state,
        finished_at=Now(),
        lease_until=None,
        customers=run.customers,
        reason=reason,
    )


def board_rebuild(*, run: Run) -> None:
    """This will build the board beside the old one and rename it in.

    Readers see the old board until the commit. Owners and snoozes edited meanwhile are
    applied again inside the last transaction, when no writer can be in between.
    """
    # An attempt of its own name: a board half made by a dead worker is never touched.
    mark = f"{run.pk}_{run.attempts}"
    new, old = f"health_board_{mark}", "health_board"
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        begun = cursor.fetchone()[0]
        for left_over in _left_overs(cursor):
            cursor.execute(f"DROP TABLE IF EXISTS {left_over}")
        cursor.execute(f"CREATE TABLE {new} (LIKE {old})")
        cursor.execute(BOARD_FILL.format(board=new), {"as_of": run.as_of})
        for index in BOARD_INDEXES:
            cursor.execute(index.format(board=new, run=mark))
        # Counting the chips reads indexes alone once the pages are known to be all visible;
        # inside a transaction, as in some tests, that cannot be done.
        vacuum = "" if connection.in_atomic_block else "VACUUM "
        cursor.execute(f"{vacuum}ANALYZE {new}")
        with transaction.atomic():
            cursor.execute(f"LOCK TABLE {old} IN ACCESS EXCLUSIVE MODE")
            edited = Customer.objects.filter(updated_at__gte=begun - CLOCKS)
            snoozed = Snooze.objects.filter(created_at__gte=begun - CLOCKS)
            ids = [*edited.values_list("pk", flat=True)]
            ids += snoozed.values_list("customer_id", flat=True)
            cursor.execute(BOARD_REAPPLY.format(board=new), {"ids": ids})
            cursor.execute(f"DROP TABLE {old}")
            cursor.execute(f"ALTER TABLE {new} RENAME TO {old}")


def _left_overs(cursor: Any) -> list[str]:
    """This will name boards that were being built when their worker died."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ %s",
        [r"^health_board_\d+_\d+$"],
    )
    return [row[0] for row in cursor.fetchall()]


def portfolio_write(*, run: Run) -> None:
    """This will sum every person's portfolio, and the whole company's, for the day."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Customers may be changing hands: the sums are written one after the other.
        transaction_lock(Lock.PORTFOLIO_SUMS)
        cursor.execute("DELETE FROM health_portfolioday WHERE as_of = %s", [run.as_of])
        cursor.execute(PORTFOLIO, {"as_of": run.as_of, "known": run.known_before})


@transaction.atomic
def portfolio_rewrite(*, run: Run, owner_ids: Collection[int]) -> None:
    """This will sum some people's portfolios of the run's day again, from the board.

    The company's sum stays: who looks after a customer does not change it.
    """
    transaction_lock(Lock.PORTFOLIO_SUMS)
    owners = list(owner_ids)
    sums = PortfolioDay.objects.filter(as_of=run.as_of, owner_id__in=owners)
    sums.delete()
    with connection.cursor() as cursor:
        days = {"as_of": run.as_of, "known": run.known_before}
        cursor.execute(PORTFOLIO_OF, {**days, "owners": owners})
