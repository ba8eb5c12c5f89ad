"""Renewals that come up: the list, its sums, and what is known of each customer."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, FloatField, Q, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from accounts.models import User
from billing.calculations.renewals_forecast import DaySum
from billing.enums import ChangeKind
from billing.models import (
    Invoice,
    RenewalCheckpoint,
    RenewalState,
    SubscriptionChange,
    UpcomingRenewal,
)
from customers.models import SupportTicket
from customers.models.scope import ScopedQuerySet
from health.models import Board

PAGE_SIZE = 50
# Whether ten thousand or more wait makes no difference to anybody.
MANY = 10_000
BY_WEIGHT, BY_DATE = "risk", "date"
DETRACTOR_UP_TO = 6


def renewal_state() -> RenewalState:
    """This will return how the table stands; an unsaved row before it was ever filled."""
    return RenewalState.objects.filter(id=1).first() or RenewalState(id=1)


def renewal_sums(user: User | None) -> list[DaySum]:
    """This will sum renewals by day: those a person sees, or everybody's (None).

    One query. Everybody's takes as long as the table is large: pages read what the last
    filling kept (`everybody_sums`).
    """
    rows: ScopedQuerySet[UpcomingRenewal] = UpcomingRenewal.objects.all()
    if user is not None:
        rows = rows.visible_to(user)
    amount = Coalesce(Cast("converted", FloatField()), Value(0.0))
    chance: Any = F("chance")
    foreseen = Q(kept__isnull=True, chance__isnull=False)
    blind = Q(kept__isnull=True, chance__isnull=True)

    def total(value: Any, of: Q) -> Any:
        chosen = Case(When(of, then=value), default=Value(0.0))
        return Sum(chosen, output_field=FloatField())

    anything = Q(pk__isnull=False)
    found = (
        rows.order_by("renews_on")
        .values("renews_on")
        .annotate(
            n=Count("pk"),
            due=total(amount, anything),
            won=Sum(Coalesce(Cast("final", FloatField()), Value(0.0))),
            open_due=total(amount, foreseen),
            expected=total(amount * chance, foreseen),
            variance=total(amount * amount * chance * (1.0 - chance), foreseen),
            blind=total(amount, blind),
            squares=total(amount * amount, blind),
        )
    )
    names = "renews_on", "n", "due", "won", "open_due", "expected", "variance"
    return [
        DaySum(*(row[name] for name in (*names, "blind", "squares"))) for row in found
    ]


def everybody_sums(state: RenewalState) -> list[DaySum]:
    """This will return everybody's sums as the last filling kept them. No query."""
    return [DaySum.from_json(row) for row in state.sums]


def sums_for(user: User, state: RenewalState) -> list[DaySum]:
    """This will return the sums of what a person sees. One query unless that is all."""
    if user.reach.sees.everybody:
        return everybody_sums(state)
    return renewal_sums(user)


@dataclass(frozen=True, slots=True)
class Window:
    """What the list shows: from today on so many days, of one customer or all."""

    today: dt.date
    days: int
    order: str
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class RenewalsPage:
    """Rows of the list, and where the next page begins ("" for the last one)."""

    rows: list[UpcomingRenewal]
    following: str


def renewals_page(user: User, window: Window, behind: str) -> RenewalsPage:
    """This will return a page of 50 renewals that the person sees. One query.

    Behind a row, by `following` of the page before; anything else is the first page.
    """
    last = window.today + dt.timedelta(days=window.days)
    rows = UpcomingRenewal.objects.visible_to(user).filter(
        kept__isnull=True, renews_on__range=(window.today, last)
    )
    if window.customer_id is not None:
        rows = rows.filter(customer_id=window.customer_id)
    rows = rows.select_related("subscription__plan", "customer")
    by_date = window.order == BY_DATE
    place = _place(behind, by_date=by_date)
    if place is not None:
        rows = rows.filter(_behind(place, by_date=by_date))
    order = ("renews_on", "pk") if by_date else ("-weight", "pk")
    found = list(rows.order_by(*order)[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    following = ""
    if len(found) > PAGE_SIZE:
        last_one = shown[-1]
        value = last_one.renews_on.isoformat() if by_date else repr(last_one.weight)
        following = f"{value}~{last_one.pk}"
    return RenewalsPage(shown, following)


def _place(text: str, *, by_date: bool) -> tuple[Any, int] | None:
    value, _, pk = text.partition("~")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    try:
        read = dt.date.fromisoformat(value) if by_date else float(value)
    except ValueError:
        return None
    # Not a number differs from itself.
    return (read, int(pk)) if read == read and str(read) != "inf" else None


def _behind(place: tuple[Any, int], *, by_date: bool) -> Q:
    value, pk = place
    if by_date:
        return Q(renews_on__gte=value) & (Q(renews_on__gt=value) | Q(pk__gt=pk))
    return Q(weight__lte=value) & (Q(weight__lt=value) | Q(pk__gt=pk))


@dataclass(slots=True)
class Known:
    """What is known of the customers of a page; by customer or subscription id."""

    boards: dict[int, Board] = field(default_factory=dict)
    tickets: dict[int, int] = field(default_factory=dict)
    late: dict[int, int] = field(default_factory=dict)
    checkpoints: dict[tuple[int, dt.date], dict[int, RenewalCheckpoint]] = field(
        default_factory=dict
    )
    booked: dict[int, SubscriptionChange] = field(default_factory=dict)


def known_of(rows: Sequence[UpcomingRenewal], *, today: dt.date) -> Known:
    """This will read what stands beside renewals that were chosen by who may see them.

    Five queries, whatever the number of rows.
    """
    customers = {row.customer_id for row in rows}
    return Known(
        boards=Board.objects.in_bulk(customers),
        tickets=_counted(
            SupportTicket.objects.filter(
                customer_id__in=customers, resolved_at__isnull=True
            )
        ),
        late=_counted(
            Invoice.objects.filter(
                customer_id__in=customers, paid_on__isnull=True, due_on__lt=today
            )
        ),
        checkpoints=_checkpoints(rows),
        booked=booked_by(rows),
    )


def _counted(rows: Any) -> dict[int, int]:
    found = rows.order_by("customer_id").values_list("customer_id")
    return dict(found.annotate(n=Count("pk")))


def _checkpoints(
    rows: Iterable[UpcomingRenewal],
) -> dict[tuple[int, dt.date], dict[int, RenewalCheckpoint]]:
    found = RenewalCheckpoint.objects.filter(
        subscription_id__in={row.subscription_id for row in rows}
    ).select_related("viewed_by", "settled_by")
    kept: dict[tuple[int, dt.date], dict[int, RenewalCheckpoint]] = defaultdict(dict)
    for one in found.order_by("-days_before", "pk"):
        kept[one.subscription_id, one.renews_on][one.days_before] = one
    return dict(kept)


def booked_by(rows: Iterable[UpcomingRenewal]) -> dict[int, SubscriptionChange]:
    """This will return the last line that the log has for each renewal, by its id.

    The log itself and not the table, so that a cancellation of a minute ago shows.
    """
    chosen = list(rows)
    ids = {row.subscription_id for row in chosen}
    lines: dict[int, list[SubscriptionChange]] = defaultdict(list)
    log = SubscriptionChange.objects.filter(
        customer_id__in={row.customer_id for row in chosen}, subscription_id__in=ids
    )
    for line in log.order_by("effective_on", "pk"):
        lines[line.subscription_id].append(line)
    found = {}
    for row in chosen:
        until = [
            line
            for line in lines[row.subscription_id]
            if line.effective_on <= row.renews_on
        ]
        if until:
            found[row.pk] = until[-1]
    return found


def cancelled_on(line: SubscriptionChange | None) -> dt.date | None:
    """This will return the day on which a line ends its subscription, if it does."""
    if line is None or line.kind != ChangeKind.END:
        return None
    return line.effective_on


def checkpoints_open(user: User, *, today: dt.date) -> dict[str, int]:
    """This will count what waits for people: views, and disagreements to settle.

    Of renewals to come; no further than MANY. Two queries.
    """
    rows = RenewalCheckpoint.objects.visible_to(user).filter(renews_on__gte=today)
    apart = rows.disagreeing().unsettled()
    return {
        "views": rows.filter(view="", days_before=90)[:MANY].count(),
        "disagreements": apart[:MANY].count(),
    }


def disagreements(
    user: User, *, today: dt.date, limit: int = PAGE_SIZE
) -> list[RenewalCheckpoint]:
    """This will list what the machine and a person see differently, the dearest first.

    Of renewals to come; those that nobody has settled yet come first. Two queries.
    """
    rows = RenewalCheckpoint.objects.visible_to(user).disagreeing()
    rows = rows.filter(renews_on__gte=today).select_related(
        "customer__owner", "subscription__plan", "viewed_by", "settled_by"
    )
    found = list(rows.unsettled().order_by("-mrr", "pk")[:limit])
    settled = rows.filter(settled_at__isnull=False).order_by("-settled_at", "pk")
    return found + list(settled[: limit - len(found)])


def boards_of(customers: Collection[int]) -> dict[int, Board]:
    """This will return the rows of the board of customers whose sight was checked."""
    return Board.objects.in_bulk(list(customers))
