"""The lists of customers: filters, counts and pages of the board."""

import base64
import binascii
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import Count, Exists, OuterRef, Q, Value

from accounts.models import User
from customers.models import Customer
from customers.selectors.search import customers_named
from health.models import Board
from health.models.board import BoardQuerySet

PAGE_SIZE = 50
RENEWAL_DAYS = 90
DETRACTOR_UP_TO = 6
NAME_SEPARATOR = "|"
# A wider team is filtered out of everybody's list.
WIDEST_TEAM = 20


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: behind (or before) a row, at a position counted from 0."""

    forward: bool
    value: Decimal
    customer_id: int
    position: int

    def encode(self) -> str:
        """This will return the cursor as it stands in an address."""
        direction = "f" if self.forward else "b"
        parts = (direction, self.value, self.customer_id, self.position)
        text = NAME_SEPARATOR.join(str(part) for part in parts)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def cursor_from(text: str) -> Cursor | None:
    """This will read a cursor; None (the first page) for anything that is not one."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        direction, value, customer_id, position = raw.split(NAME_SEPARATOR)
        cursor = Cursor(
            direction == "f", Decimal(value), int(customer_id), int(position)
        )
    except (ValueError, binascii.Error, InvalidOperation):
        return None
    sound = (
        direction in {"f", "b"}
        and cursor.value.is_finite()
        and abs(cursor.value) < Decimal("1e12")
        and 0 <= cursor.customer_id < 2**63
        and 0 <= cursor.position < 2**31
    )
    return cursor if sound else None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, the first of them at `start` (from 0), and the ways on."""

    rows: list[Board]
    start: int
    previous: str
    following: str

    @property
    def first(self) -> int:
        return self.start + 1

    @property
    def last(self) -> int:
        return self.start + len(self.rows)


def at_risk_filters(*, as_of: dt.date, today: dt.date) -> dict[str, Q]:
    """This will name the filters of the at-risk list.

    Renewals count from the day of the scores, snoozes from today.
    """
    awake = Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today)
    soon = as_of + dt.timedelta(days=RENEWAL_DAYS)
    return {
        "all": awake,
        "renewing": awake & Q(renews_on__range=(as_of, soon)),
        "falling": awake & Q(falling=True),
        "silent": awake & Q(silent=True),
        "detractors": awake & Q(latest_nps__lte=DETRACTOR_UP_TO),
        "snoozed": Q(snoozed_until__gt=today),
    }


def board_at_risk(*, user: User, words: str = "") -> BoardQuerySet:
    """This will return the person's customers at risk, by name when words are given."""
    return _named(Board.objects.visible_to(user).filter(at_risk=True), words)


def board_all(*, user: User, words: str = "") -> BoardQuerySet:
    """This will return the person's whole portfolio, by name when words are given."""
    return _named(Board.objects.visible_to(user), words)


def _named(rows: BoardQuerySet, words: str) -> BoardQuerySet:
    if not words:
        return rows
    rows.team = ()  # The name finds few rows, and would be looked up per owner.
    return rows.filter(customer_id__in=customers_named(words).values("pk"))


def unscored_named(*, user: User, words: str, limit: int = 10) -> list[Customer]:
    """This will find visible customers by name that no list shows: new or gone."""
    scored = Board.objects.filter(pk=OuterRef("pk"))
    found = customers_named(words).visible_to(user).exclude(Exists(scored))
    return list(found.order_by("name", "pk")[:limit])


def board_counts(rows: BoardQuerySet, filters: dict[str, Q]) -> dict[str, int]:
    """This will count all filters in one query, without reading the wide rows.

    Rows are counted, not values of a column, so that an index with just the filters'
    columns is enough.
    """
    counts = {
        name: Count(Value(1), filter=chosen or None) for name, chosen in filters.items()
    }
    return rows.aggregate(**counts)


def board_page(rows: BoardQuerySet, cursor: Cursor | None) -> Page:
    """This will return a page of 50, most urgent first. One query (two when the page
    behind the cursor has vanished)."""
    order = ("-queue_value", "customer_id")
    if cursor is None:
        return _page(_first(rows, order), start=0)
    if cursor.forward:
        found = _first(rows.filter(_behind(cursor)), order)
        return _page(found, start=cursor.position) if found else board_page(rows, None)
    found = _first(rows.filter(_before(cursor)), ("queue_value", "-customer_id"))
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE][::-1]
    start = cursor.position - len(found)
    if not found or start < 0 or (start > 0) != more:
        return board_page(rows, None)  # The list has moved: begin again.
    return Page(found, start, _back(found[0], start) if more else "", _on(found, start))


def _first(rows: BoardQuerySet, order: tuple[str, ...]) -> list[Board]:
    """This will return the first rows, one more than a page.

    For a team it takes the first of each person's by the index that begins with the
    owner. Walking everybody's list until enough of theirs have come by would be slow
    for a team that looks after the smallest customers.
    """
    limit = PAGE_SIZE + 1
    if not 1 < len(rows.team) <= WIDEST_TEAM:
        return list(rows.order_by(*order)[:limit])
    parts = [rows.filter(owner_id=pk).order_by(*order)[:limit] for pk in rows.team]
    return list(parts[0].union(*parts[1:], all=True).order_by(*order)[:limit])


def _page(found: list[Board], *, start: int) -> Page:
    rows = found[:PAGE_SIZE]
    return Page(
        rows,
        start,
        _back(rows[0], start) if start else "",
        _on(rows, start) if len(found) > PAGE_SIZE else "",
    )


def _back(row: Board, start: int) -> str:
    return Cursor(False, row.queue_value, row.pk, start).encode()


def _on(rows: list[Board], start: int) -> str:
    last = rows[-1]
    return Cursor(True, last.queue_value, last.pk, start + len(rows)).encode()


def _behind(cursor: Cursor) -> Q:
    """This will give the rows after the cursor, as a range the index understands."""
    return Q(queue_value__lte=cursor.value) & (
        Q(queue_value__lt=cursor.value) | Q(customer_id__gt=cursor.customer_id)
    )


def _before(cursor: Cursor) -> Q:
    return Q(queue_value__gte=cursor.value) & (
        Q(queue_value__gt=cursor.value) | Q(customer_id__lt=cursor.customer_id)
    )


def next_renewals(*, user: User, as_of: dt.date, limit: int = 4) -> list[Board]:
    """This will return the person's customers that renew next. One query."""
    rows = Board.objects.visible_to(user).filter(renews_on__gte=as_of)
    return list(rows.order_by("renews_on", "customer_id")[:limit])
