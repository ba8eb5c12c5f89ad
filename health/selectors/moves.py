"""How portfolios moved between bands, and which customers did."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, FloatField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast

from accounts.models import User
from health.enums import Band
from health.models import Board, Move, Score
from health.models.board import BoardQuerySet
from health.selectors.portfolio import EVERYBODY

# Not a customer: they came since, or left.
NOBODY = -1
# Periods in days, and how far off the compared day may lie: nights are missed, and scores
# of long ago are kept weekly.
PERIODS = {1: 1, 7: 3, 30: 6, 90: 7}
# From worst to best; the unknown lie between, for nobody knows.
ORDER = {int(Band.AT_RISK): 0, int(Band.WATCH): 1, int(Band.HEALTHY): 2}


@dataclass(frozen=True, slots=True)
class Cell:
    """Customers that were in a band then and are in one (or the same) now."""

    from_band: int
    to_band: int
    customers: int
    mrr: Decimal

    @property
    def way(self) -> int:
        """1 where they got better, −1 where worse, 0 where the same or not known."""
        then, now = ORDER.get(self.from_band), ORDER.get(self.to_band)
        if then is None or now is None:
            return 0
        return (now > then) - (now < then)


@dataclass(frozen=True, slots=True)
class Moves:
    """All cells between two days."""

    as_of: dt.date
    compared_on: dt.date
    cells: dict[tuple[int, int], Cell]

    def sum(self, cells: Sequence[Cell]) -> tuple[int, Decimal]:
        """This will sum customers and revenue."""
        return (
            sum(cell.customers for cell in cells),
            sum((cell.mrr for cell in cells), Decimal(0)),
        )

    def those(self, way: int) -> list[Cell]:
        """This will return the cells of those that got better (1) or worse (−1)."""
        return [cell for cell in self.cells.values() if cell.way == way]

    def into(self, to: int, *, but: Sequence[int] = ()) -> list[Cell]:
        """This will return the cells of those that came into a band from others."""
        cells = self.cells.values()
        return [c for c in cells if c.to_band == to != c.from_band not in but]

    def out_of(self, band: int, *, but: Sequence[int] = ()) -> list[Cell]:
        """This will return the cells of those that left a band for others."""
        cells = self.cells.values()
        return [c for c in cells if c.from_band == band != c.to_band not in but]


def compared_days(*, as_of: dt.date) -> dict[int, dt.date]:
    """This will return, per period, the day that a run's moves were counted from.

    A period is left out where no day was near enough to it. One query.
    """
    days = set(
        Move.objects.filter(as_of=as_of)
        .values_list("compared_on", flat=True)
        .distinct()
    )
    found: dict[int, dt.date] = {}
    for period, slack in PERIODS.items():
        wanted = as_of - dt.timedelta(days=period)
        near = [day for day in days if abs((day - wanted).days) <= slack]
        if near:
            found[period] = min(near, key=lambda day: (abs(day - wanted), day))
    return found


def moves_of(user: User, *, as_of: dt.date, compared_on: dt.date) -> Moves:
    """This will return the moves of the customers a person sees. One query."""
    sees = user.reach.sees
    rows = (
        Move.objects.filter(
            as_of=as_of,
            compared_on=compared_on,
            owner_id__in=[EVERYBODY] if sees.everybody else list(sees),
        )
        .values("from_band", "to_band")
        .annotate(n=Sum("customers"), revenue=Sum("mrr"))
        .order_by("from_band", "to_band")
    )
    cells = {
        (row["from_band"], row["to_band"]): Cell(
            row["from_band"], row["to_band"], row["n"], row["revenue"]
        )
        for row in rows
    }
    return Moves(as_of, compared_on, cells)


def moved(
    *, user: User, compared_on: dt.date, from_band: int, to_band: int
) -> BoardQuerySet:
    """This will return who was in one band then and is in another now, by revenue.

    Each with `before`, the score of then, and its `place` in the list. `from_band` −1:
    those who have come since. For those who left see `gone`.
    """
    then = Score.objects.filter(customer_id=OuterRef("customer_id"), as_of=compared_on)
    was = ~Exists(then) if from_band == NOBODY else Exists(then.filter(band=from_band))
    rows = Board.objects.visible_to(user).filter(was, band=to_band)
    return rows.annotate(
        before=Subquery(then.values("score")[:1]),
        place=Cast(F("mrr"), FloatField()),
    )


def gone(
    *,
    user: User,
    compared_on: dt.date,
    from_band: int,
    behind: int = 0,
    limit: int,
) -> list[Score]:
    """This will list the old scores of those who left since, by customer.

    `behind` is the customer a page begins behind. One more than `limit` tells of more.
    """
    still = Board.objects.filter(pk=OuterRef("customer_id"))
    rows = Score.objects.visible_to(user).filter(
        Q(customer_id__gt=behind), ~Exists(still), as_of=compared_on, band=from_band
    )
    rows = rows.select_related("customer__owner")
    return list(rows.order_by("customer_id")[: limit + 1])
