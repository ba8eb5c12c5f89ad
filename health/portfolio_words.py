"""The portfolio over time in words."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.templatetags import ui
from health.enums import Band
from health.selectors.moves import NOBODY, Cell, Moves

# The rows and columns of the table of moves, worst first.
SHOWN = (Band.AT_RISK, Band.WATCH, Band.HEALTHY, Band.UNKNOWN)
CAME, LEFT = gettext_lazy("New"), gettext_lazy("Left")


def band_name(band: int, *, later: bool) -> str:
    """This will name a band; −1 is somebody who has come or left."""
    if band == NOBODY:
        return str(LEFT if later else CAME)
    return str(Band(band).label)


def move_sentences(moves: Moves, *, currency: str) -> list[str]:
    """This will sum the moves up: who fell, who recovered, and what money went where."""
    fell = moves.into(Band.AT_RISK, but=(NOBODY,))
    saved = moves.out_of(Band.AT_RISK, but=(NOBODY, Band.UNKNOWN))
    worse, better = moves.those(-1), moves.those(1)
    told = [
        _counted(
            ngettext(
                "%(number)s customer fell to at risk.",
                "%(number)s customers fell to at risk.",
                moves.sum(fell)[0],
            ),
            moves.sum(fell)[0],
        ),
        _counted(
            ngettext(
                "%(number)s customer recovered from it.",
                "%(number)s customers recovered from it.",
                moves.sum(saved)[0],
            ),
            moves.sum(saved)[0],
        ),
        _money(worse, better, moves, currency),
    ]
    unknown = moves.sum(moves.into(Band.UNKNOWN, but=(NOBODY,)))[0]
    if unknown:
        told.append(
            _counted(
                ngettext(
                    "%(number)s customer became unknown.",
                    "%(number)s customers became unknown.",
                    unknown,
                ),
                unknown,
            )
        )
    return told


def _counted(words: str, count: int) -> str:
    return words % {"number": ui.number(count)}


def _money(worse: list[Cell], better: list[Cell], moves: Moves, currency: str) -> str:
    amounts = {
        "worse": ui.money(moves.sum(worse)[1], currency),
        "better": ui.money(moves.sum(better)[1], currency),
    }
    return (
        _("%(worse)s a month went the wrong way, %(better)s the right way.") % amounts
    )


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of the table of moves; `url` is empty where nobody moved."""

    customers: int
    mrr: Decimal
    way: int
    stayed: bool
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: those who were in one band, and where they are now."""

    name: str
    boxes: list[Box]
    total: int


def move_lines(moves: Moves, *, days: int, base: str) -> list[Line]:
    """This will lay the moves out as a table, rows being the earlier day."""
    lines = []
    for then in (*SHOWN, NOBODY):
        cells = [_cell(moves, then, now) for now in (*SHOWN, NOBODY)]
        total = sum(cell.customers for cell in cells)
        if then == NOBODY and not total:
            continue
        boxes = [
            Box(
                cell.customers,
                cell.mrr,
                cell.way,
                cell.from_band == cell.to_band,
                f"{base}?from={cell.from_band}&to={cell.to_band}&days={days}"
                if cell.customers
                else "",
            )
            for cell in cells
        ]
        lines.append(Line(band_name(then, later=False), boxes, total))
    return lines


def _cell(moves: Moves, then: int, now: int) -> Cell:
    return moves.cells.get((then, now)) or Cell(then, now, 0, Decimal(0))


def period_name(days: int) -> str:
    """This will name how far back the moves are counted."""
    names = {1: _("1 day"), 7: _("7 days"), 30: _("30 days"), 90: _("90 days")}
    return names[days]


def moved_sentence(*, then: int, now: int, compared_on: dt.date, as_of: dt.date) -> str:
    """This will say which customers a list holds."""
    ends = {
        "then": ui.day_long(compared_on),
        "now": ui.day_long(as_of),
        "from": band_name(then, later=False),
        "to": band_name(now, later=True),
    }
    if then == NOBODY:
        return _("New since %(then)s; on %(now)s: %(to)s.") % ends
    if now == NOBODY:
        return _("On %(then)s: %(from)s. Left by %(now)s.") % ends
    return _("On %(then)s: %(from)s. On %(now)s: %(to)s.") % ends
