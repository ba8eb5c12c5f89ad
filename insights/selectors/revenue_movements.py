"""The lines of the ledger behind a figure, and what stands in the change log for them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, Sum

from accounts.models import User
from billing.enums import ChangeKind
from billing.models import Movement, SubscriptionChange
from customers.models.scope import ScopedQuerySet
from insights.selectors.revenue_groups import by_cause, in_group

PAGE_SIZE = 50
FILE_ROWS = 100_000
# Changes recorded within the hour stand in the log on the day before or after.
NEAR = dt.timedelta(days=1)
Place = tuple[dt.date, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: days, kinds, a currency, a value of a dimension; empty is all."""

    first: dt.date
    last: dt.date
    kinds: tuple[int, ...] = ()
    currency: str = ""
    by: str = ""
    value: str = ""
    cause: str = ""  # of departures: failed, chose


@dataclass(frozen=True, slots=True)
class Total:
    """The lines of one currency."""

    currency: str
    lines: int
    amount: Decimal
    converted: Decimal
    unconverted: int  # lines that no rate is known for


def movements_wanted(
    user: User, wanted: Wanted, *, until: dt.date
) -> ScopedQuerySet[Movement]:
    """This will return the lines of the customers a person sees, in no order.

    `until` is the last day of the sums.
    """
    rows = Movement.objects.visible_to(user).filter(
        day__range=(wanted.first, wanted.last)
    )
    if wanted.kinds:
        rows = rows.filter(kind__in=wanted.kinds)
    if wanted.currency:
        rows = rows.filter(currency=wanted.currency)
    if wanted.by:
        rows = in_group(rows, wanted.by, wanted.value, until=until)
    if wanted.cause:
        rows = by_cause(rows, failed=wanted.cause == "failed")
    return rows


def movement_totals(rows: ScopedQuerySet[Movement]) -> list[Total]:
    """This will sum lines per currency. One query."""
    found = (
        rows.order_by("currency")
        .values("currency")
        .annotate(
            lines=Count("pk"),
            amount=Sum("amount"),
            worth=Sum("converted"),
            unknown=Count("pk", filter=Q(converted__isnull=True)),
        )
    )
    return [
        Total(
            row["currency"],
            row["lines"],
            row["amount"],
            row["worth"] or Decimal(0),
            row["unknown"],
        )
        for row in found
    ]


def movement_page(
    rows: ScopedQuerySet[Movement], behind: Place | None
) -> tuple[list[Movement], bool]:
    """This will return 50 lines, newest first, and whether there are more. One query."""
    if behind is not None:
        day, pk = behind
        rows = rows.filter(day__lte=day).exclude(day=day, pk__gte=pk)
    found = list(
        rows.select_related("customer__owner").order_by("-day", "-pk")[: PAGE_SIZE + 1]
    )
    return found[:PAGE_SIZE], len(found) > PAGE_SIZE


def movement_file(rows: ScopedQuerySet[Movement]) -> Iterator[Movement]:
    """This will yield lines for a file, newest first, 100,000 at most."""
    named = rows.select_related("customer").order_by("-day", "-pk")[:FILE_ROWS]
    return named.iterator(chunk_size=2000)


@dataclass(slots=True)
class Told:
    """A line of the ledger and the lines of the log that it was made of."""

    movement: Movement
    changes: list[SubscriptionChange] = field(default_factory=list)


def told_movements(movements: Sequence[Movement]) -> list[Told]:
    """This will put the lines of the log beside those of the ledger. One query."""
    told = [Told(movement) for movement in movements]
    if not told:
        return []
    asked = Q()
    for one in movements:
        asked |= Q(customer_id=one.customer_id) & (
            Q(effective_on__range=(one.day - NEAR, one.day + NEAR))
            | Q(
                kind=ChangeKind.END,
                effective_on__gt=one.day,
                recorded_at__date__range=(one.day - NEAR, one.day + NEAR),
            )
        )
    changes = (
        SubscriptionChange.objects.filter(asked)
        .select_related("plan", "subscription")
        .order_by("effective_on", "pk")
    )
    of: dict[int, list[SubscriptionChange]] = {}
    for change in changes:
        of.setdefault(change.customer_id, []).append(change)
    for line in told:
        line.changes = _nearest(line.movement, of.get(line.movement.customer_id, []))
    return told


def _nearest(
    movement: Movement, changes: Sequence[SubscriptionChange]
) -> list[SubscriptionChange]:
    """This will keep the day's own lines; where it has none, those of the days around it."""
    same = [one for one in changes if one.currency == movement.currency] or list(
        changes
    )
    day = [one for one in same if one.effective_on == movement.day]
    if day:
        return day
    return [one for one in same if abs(one.effective_on - movement.day) <= NEAR] or [
        one for one in same if one.kind == ChangeKind.END
    ]
