"""How often somebody was right about renewals, in words, with the doubt."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.formats import percent_range
from common.templatetags import ui
from health.calculations.accuracy.curve import wilson
from insights.selectors.renewals_record import Record, Tally

# Under so many cases a share says nothing.
FEW = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A share in words: whose it is, the share, its range, and of how many."""

    name: str
    share: str
    range: str
    cases: int
    few: bool


def record_lines(record: Record) -> list[Line]:
    """This will name who was right how often."""
    return [
        line_of(_("The machine was right"), record.machine),
        line_of(_("The person was right"), record.person),
        line_of(_("The machine was right where they disagreed"), record.apart),
    ]


def line_of(name: str, tally: Tally) -> Line:
    """This will write a share with its 95 % interval; of fewer than ten, none."""
    if tally.cases < FEW:
        return Line(name, "", "", tally.cases, few=True)
    low, high = wilson(tally.right, tally.cases)
    language = get_language() or "en"
    return Line(
        name,
        ui.percent(tally.right / tally.cases),
        percent_range(low, high, language),
        tally.cases,
        few=False,
    )


def renewal_rate(due: int, kept: int) -> Line:
    """This will say how many of a year's renewals renewed."""
    return line_of(_("Renewed in the last twelve months"), Tally(kept, due))
