"""What a run sums: portfolios, and how many moved from which band to which."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction

from common.locks import Lock, transaction_lock
from health.models import Move, PortfolioDay, Run
from health.selectors.history import stored_days
from health.selectors.sums import (
    moves_of_owners,
    moves_rows,
    portfolio_of_owners,
    portfolio_rows,
)

# How many days before, about, the portfolio is compared with.
COMPARED = (1, 7, 30, 90)


@dataclass(slots=True)
class Sums:
    """Rows that wait for the moment in which their run is shown."""

    portfolios: list[PortfolioDay] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


def compared_days(as_of: dt.date) -> list[dt.date]:
    """This will choose the stored days nearest to 1, 7, 30 and 90 days before a day."""
    stored = [day for day in stored_days() if day < as_of]
    wanted = [as_of - dt.timedelta(days=days) for days in COMPARED]
    return sorted(
        {min(stored, key=lambda day: (abs(day - want), day)) for want in wanted}
        if stored
        else ()
    )


def sums_reckon(*, run: Run, standing: str) -> Sums:
    """This will sum a standing that is not shown yet. Writes nothing.

    Costs a statement for the portfolios and one per compared day.
    """
    return Sums(
        portfolio_rows(run=run, standing=standing),
        moves_rows(run=run, standing=standing, days=compared_days(run.as_of)),
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
    PortfolioDay.objects.filter(as_of=run.as_of, owner_id__in=owners).delete()
    portfolio_of_owners(run=run, owners=owners)
    moved = Move.objects.filter(as_of=run.as_of)
    compared = moved.order_by().values_list("compared_on", flat=True).distinct()
    # A day that has been thinned out since cannot be compared with any more.
    days = sorted(set(compared) & set(stored_days()))
    moved.filter(owner_id__in=owners, compared_on__in=days).delete()
    for day in days:
        moves_of_owners(run=run, owners=owners, day=day)
