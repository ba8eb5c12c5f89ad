"""A customer as a row of a list."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language

from common.formats import days_until
from health.charts import change_words, trend_words
from health.enums import Band
from health.models import Board
from health.selectors.board import Page
from health.wording import NextStep, Reason, first_key, next_step, reasons

NEAR = 31
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list, in words of the active language."""

    board: Board
    position: int
    as_of: dt.date
    reasons: list[Reason]
    step: NextStep

    @property
    def unknown(self) -> bool:
        return self.board.band == Band.UNKNOWN

    @property
    def change(self) -> str:
        return change_words(self.board.weekly)

    @property
    def trend(self) -> str:
        """What the sparkline shows, for those who do not see it."""
        return trend_words(self.board.weekly)

    @property
    def yearly(self) -> Decimal:
        """Recurring revenue of a year."""
        return Decimal(self.board.mrr * MONTHS)

    @property
    def renews_in(self) -> str:
        return renewal_words(self.board.renews_on, self.as_of)

    @property
    def renews_soon(self) -> bool:
        """Whether an unsafe renewal is near enough to worry."""
        day = self.board.renews_on
        return day is not None and self.board.at_risk and (day - self.as_of).days < NEAR


@dataclass(frozen=True, slots=True)
class Renewal:
    """A customer that renews soon."""

    board: Board
    as_of: dt.date

    @property
    def yearly(self) -> Decimal:
        return Decimal(self.board.mrr * MONTHS)

    @property
    def renews_in(self) -> str:
        return renewal_words(self.board.renews_on, self.as_of)


def renewal_words(day: dt.date | None, as_of: dt.date) -> str:
    """This will say how far a renewal is from the day of the scores."""
    return "" if day is None else days_until(day, get_language() or "en", as_of)


def rows_of(page: Page, *, as_of: dt.date) -> list[Row]:
    """This will put a page's rows into words."""
    return put_in_words(page.rows, as_of=as_of, first=page.first)


def put_in_words(boards: Sequence[Board], *, as_of: dt.date, first: int) -> list[Row]:
    """This will put rows into words, the first one at a position."""
    rows = []
    for position, board in enumerate(boards, start=first):
        found = reasons(
            codes=board.reasons,
            values=board.reason_values,
            before=board.reason_before,
            as_of=as_of,
            band=board.band,
            coverage=board.coverage,
        )
        step = next_step(
            first_reason=first_key(board.reasons), contact=board.contact_name
        )
        rows.append(Row(board, position, as_of, found, step))
    return rows
