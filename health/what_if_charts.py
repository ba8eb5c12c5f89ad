"""What customers will pay month by month, today and after a change."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from common.charts import Figure, Line, lines
from common.templatetags import ui
from health.calculations.what_if import YEAR, Paths
from health.what_if_words import months_words, span_words

WIDE, NARROW = 620, 300
# Rows of the table: every third month of the first year, then every half year.
CLOSE, FAR = 3, 6


def paths_figure(now: Paths, then: Paths | None, horizon: int, currency: str) -> Figure:
    """This will draw the revenue expected of the customers there are, `then` beside it."""
    until = min(horizon, now.months)
    before = [float(value) for value in now.revenue.sum(axis=0)[:until]]
    after = [float(value) for value in then.revenue.sum(axis=0)[:until]] if then else []
    drawn = [Line(_("Today"), before, "was" if after else "line")]
    if after:
        drawn.append(Line(_("Then"), after))

    def write(value: float) -> str:
        return ui.money_short(value, currency)

    def picture(width: int, height: int, every: int) -> str:
        return lines(
            drawn,
            days=_months(until, every),
            width=width,
            height=height,
            write=write,
        )

    last = min(YEAR, until) - 1
    return Figure(
        headline=_headline(before[last], after[last] if after else None, write),
        subtitle=_(
            "Revenue a month expected of the customers there are; new ones are not counted"
        ),
        wide=picture(WIDE, 240, YEAR),
        narrow=picture(NARROW, 220, 2 * YEAR),
        columns=[_("Month"), *(line.name for line in drawn)],
        rows=[
            (ui.number(month), *(write(line.values[month - 1]) for line in drawn))
            for month in range(1, until + 1)
            if month == 1 or month % (CLOSE if month <= YEAR else FAR) == 0
        ],
    )


def _headline(before: float, after: float | None, write: Callable[[float], str]) -> str:
    words = {"now": write(before)}
    if after is None or write(after) == write(before):
        return _("In a year they are expected to pay %(now)s a month") % words
    words["then"] = write(after)
    return _("In a year they pay %(then)s a month instead of %(now)s") % words


def _months(until: int, every: int) -> list[tuple[int, str]]:
    """This will name the first month and the ends of years."""
    ends = range(every, until + 1, every)
    return [(0, months_words(1)), *((end - 1, span_words(end)) for end in ends)]
