"""The healthiest customers in words: whom to ask for what, and why them."""

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.csvout import MARK, csv_lines
from health.enums import AskKind, Band
from health.measures import MEASURES
from health.models import Board
from health.selectors.asking import Lift, lifts_of, yearly
from health.wording import Reason, reasons

# What each list is called, and by what rule somebody is on it.
TITLES = {
    AskKind.REFERENCE: gettext_lazy("Reference"),
    AskKind.REVIEW: gettext_lazy("Review"),
    AskKind.EXPANSION: gettext_lazy("Expansion"),
}
RULES = {
    AskKind.REFERENCE: gettext_lazy(
        "Health of 80 or more, a 9 or 10 in the last 180 days, a customer for 180 days"
        " or longer, nothing escalated in 90 days and no invoice overdue."
    ),
    AskKind.REVIEW: gettext_lazy(
        "A 9 or 10 in the last 90 days, and use is not falling."
    ),
    AskKind.EXPANSION: gettext_lazy(
        "Healthy, with 85% of the seats in use or more of the product used than before,"
        " no invoice overdue and no renewal within 30 days."
    ),
}
HEADER = (
    "customer_id", "customer", "owner", "contact", "score", "mrr", "clv", "currency",
    "latest_nps", "renews_on", "reason_1", "reason_2",
)  # fmt: skip
CHUNK = 500


@dataclass(frozen=True, slots=True)
class AskRow:
    """A customer one may ask, with what speaks for it."""

    board: Board
    reasons: list[Reason]

    @property
    def yearly(self) -> Decimal:
        return yearly(self.board)


def ask_rows(boards: Sequence[Board], *, as_of: dt.date) -> list[AskRow]:
    """This will put a page of customers into words. One query."""
    lifts = lifts_of([board.pk for board in boards], as_of=as_of)
    return [AskRow(board, lift_words(lifts, board.pk, as_of)) for board in boards]


def lift_words(
    lifts: Mapping[int, Sequence[Lift]], customer_id: int, as_of: dt.date
) -> list[Reason]:
    """This will say what lifts a customer's score most."""
    found = lifts.get(customer_id, [])
    # A 9 that was a 10 before still speaks for a customer; that it fell does not.
    alone = MEASURES["nps"].code
    return reasons(
        codes=[lift.code for lift in found],
        values=[lift.value for lift in found],
        before=[math.nan if lift.code == alone else lift.before for lift in found],
        as_of=as_of,
        band=Band.HEALTHY,
        coverage=1.0,
    )


def asks_csv(
    boards: Iterable[Board], *, as_of: dt.date, currency: str
) -> Iterator[bytes]:
    """This will yield a list as a table for spreadsheets, 500 customers at a time."""
    yield MARK + csv_lines([HEADER])
    chunk: list[Board] = []
    for board in boards:
        chunk.append(board)
        if len(chunk) == CHUNK:
            yield csv_lines(
                _cells(row, currency) for row in ask_rows(chunk, as_of=as_of)
            )
            chunk = []
    if chunk:
        yield csv_lines(_cells(row, currency) for row in ask_rows(chunk, as_of=as_of))


def _cells(row: AskRow, currency: str) -> tuple[object, ...]:
    board = row.board
    told = [reason.text for reason in row.reasons] + ["", ""]
    return (
        board.customer.external_id,
        board.name,
        board.owner_name,
        board.contact_name,
        f"{board.score:.1f}",
        board.mrr,
        board.clv,
        currency,
        "" if board.latest_nps is None else board.latest_nps,
        board.renews_on or "",
        told[0],
        told[1],
    )


def asked_words(kind: str) -> str:
    """This will say what somebody was asked for."""
    said = {
        AskKind.REFERENCE: _("Asked for a reference."),
        AskKind.REVIEW: _("Asked for a review."),
        AskKind.EXPANSION: _("Asked about an expansion."),
    }
    return said[AskKind(kind)]
