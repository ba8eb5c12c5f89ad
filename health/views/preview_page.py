"""What the page of a preview shows: the difference a draft would make, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.charts import Figure, compared
from common.templatetags import ui
from customers.models import Customer
from health.calculations.differences import BINS, Difference, Mover, difference_from
from health.enums import Band
from health.models import Preview

# So many movers are shown at once, the rest on request.
SHOWN = 10
# Healthy first, as people read a scale; unknown last.
ORDER = (Band.HEALTHY, Band.WATCH, Band.AT_RISK, Band.UNKNOWN)
WIDE, NARROW = 440, 290
STEP = 100 // BINS


@dataclass(frozen=True, slots=True)
class Cell:
    """Customers that go from a band to another, and their monthly revenue."""

    band: int
    customers: int
    mrr: float
    css: str  # stays, better or worse; nothing where unknown is one of the two


@dataclass(frozen=True, slots=True)
class MoverLine:
    """A customer whose score would change, as the viewer may see it."""

    customer: Customer
    mover: Mover

    @property
    def mrr(self) -> float:
        return self.mover.cents / 100

    @property
    def change(self) -> int:
        """Between the whole numbers that are shown, so that the row adds up."""
        return round(self.mover.after) - round(self.mover.before)


def difference_content(
    preview: Preview, *, user: User, currency: str
) -> dict[str, Any]:
    """This will put a finished preview into words and pictures. One query."""
    found = difference_from(preview.result["difference"])
    up, down = _lines(found, user)
    return {
        "found": found,
        "headline": headline(found, currency),
        "sizes": _sizes(found),
        "bands": ORDER,
        "matrix": [(band, _cells(found, band)) for band in ORDER],
        "spread": spread_figure(found),
        "movers": [
            {"key": "down", "title": _("Would fall most"), "lines": down},
            {"key": "up", "title": _("Would rise most"), "lines": up},
        ],
        "shown": SHOWN,
    }


def headline(found: Difference, currency: str) -> str:
    """This will say in a sentence how many change band, and what they pay."""
    if not found.changed:
        return _("No customer changes band.")
    words = {
        "count": ui.number(found.changed),
        "money": ui.money(round(found.changed_cents / 100), currency),
    }
    text = ngettext(
        "%(count)s customer changes band; %(money)s a month of revenue is with it.",
        "%(count)s customers change band; %(money)s a month of revenue is with them.",
        found.changed,
    )
    return text % words


def _sizes(found: Difference) -> list[dict[str, Any]]:
    """This will count each band before and after."""
    before = [sum(row) for row in found.customers]
    after = [sum(column) for column in zip(*found.customers, strict=True)]
    return [
        {
            "band": band,
            "before": before[band],
            "after": after[band],
            "change": after[band] - before[band],
        }
        for band in ORDER
    ]


def _cells(found: Difference, band: int) -> list[Cell]:
    return [
        Cell(
            to,
            found.customers[band][to],
            found.cents[band][to] / 100,
            _direction(band, to),
        )
        for to in ORDER
    ]


def _direction(before: int, after: int) -> str:
    if before == after:
        return "stays"
    if Band.UNKNOWN in {before, after}:
        return ""
    return "better" if after > before else "worse"


def _lines(found: Difference, user: User) -> tuple[list[MoverLine], list[MoverLine]]:
    wanted = [mover.customer_id for mover in (*found.up, *found.down)]
    seen = Customer.objects.visible_to(user).in_bulk(wanted)

    def lines(movers: list[Mover]) -> list[MoverLine]:
        return [
            MoverLine(seen[mover.customer_id], mover)
            for mover in movers
            if mover.customer_id in seen
        ]

    return lines(found.up), lines(found.down)


def spread_figure(found: Difference) -> Figure:
    """This will draw how many have which score, in use and by the draft."""
    ticks = [(edge, ui.number(edge * STEP)) for edge in range(0, BINS + 1, 4)]

    def draw(width: int) -> str:
        return compared(
            found.bins_before,
            found.bins_after,
            names=(_("In use"), _("Draft")),
            ticks=ticks,
            width=width,
            height=190,
        )

    pairs = zip(found.bins_before, found.bins_after, strict=True)
    return Figure(
        headline=_spread_words(found),
        subtitle=_("Customers by score, in steps of 5 points; unknown ones left out"),
        wide=draw(WIDE),
        narrow=draw(NARROW),
        columns=[_("Score"), _("In use"), _("Draft")],
        rows=[
            (f"{place * STEP}–{(place + 1) * STEP}", ui.number(one), ui.number(other))
            for place, (one, other) in enumerate(pairs)
            if one or other
        ],
    )


def _spread_words(found: Difference) -> str:
    if found.mean is None:
        return _("No score is known both ways")
    points = {"points": ui.number(abs(found.mean), 1)}
    if abs(found.mean) < 0.05:
        return _("On average scores stay where they are")
    if found.mean > 0:
        return _("On average scores rise by %(points)s points") % points
    return _("On average scores fall by %(points)s points") % points
