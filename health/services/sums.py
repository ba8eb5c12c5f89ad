"""What a run sums: portfolios, and how many moved from which band to which."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction

from common.locks import Lock, transaction_lock
from health.models import Move, PortfolioDay, Run
from health.selectors.history import stored_days
from health.selectors.sums import moves_rows, portfolio_rows, sums_of_owners
from health.services.lines_sql import lines_settle
from health.services.tables_sql import RunTables


def compared_by(run: Run) -> list[dt.date]:
    """This will return the days that a run is compared with, chosen when it began."""
    return [dt.date.fromisoformat(day) for day in run.parameters.get("compared", [])]


@dataclass(slots=True)
class Sums:
    """Rows that wait for the moment in which their run is shown."""

    portfolios: list[PortfolioDay] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


def sums_reckon(*, run: Run, tables: RunTables) -> Sums:
    """This will sum the lines of a run that is not shown yet.

    Costs a statement for the portfolios and one per compared day, after lines were
    written for those who were not scored and corrected where parents were rolled up.
    """
    days = compared_by(run)
    lines_settle(run=run, tables=tables, days=days)
    return Sums(
        portfolio_rows(run=run, lines=tables.lines),
        moves_rows(run=run, lines=tables.lines, days=days),
    )


def sums_write(*, run: Run, sums: Sums) -> None:
    """This will put a day's sums in the place of earlier ones. Call it in a transaction."""
    PortfolioDay.objects.filter(as_of=run.as_of).delete()
    PortfolioDay.objects.bulk_create(sums.portfolios)
    Move.objects.filter(as_of=run.as_of).delete()
    Move.objects.bulk_create(sums.moves, batch_size=2_000)


@transaction.atomic
def portfolio_rewrite(*, run: Run, owner_ids: Collection[int]) -> None:
    """This will sum some people's portfolios of the run's day again, from the board.

    The company's sums stay: who looks after a customer does not change them.
    """
    transaction_lock(Lock.PORTFOLIO_SUMS)
    owners_resum(run=run, owner_ids=owner_ids)


def owners_resum(*, run: Run, owner_ids: Collection[int]) -> None:
    """This will do the same for a caller that nobody can come between."""
    owners = list(owner_ids)
    moved = Move.objects.filter(as_of=run.as_of)
    compared = moved.order_by().values_list("compared_on", flat=True).distinct()
    # A day that has been thinned out since cannot be compared with any more.
    days = sorted(set(compared) & set(stored_days()))
    portfolios, moves = sums_of_owners(run=run, owners=owners, days=days)
    PortfolioDay.objects.filter(as_of=run.as_of, owner_id__in=owners).delete()
    PortfolioDay.objects.bulk_create(portfolios)
    moved.filter(owner_id__in=owners, compared_on__in=days).delete()
    Move.objects.bulk_create(moves)
