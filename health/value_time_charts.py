"""The variables of the formula, day by day: a small chart with a table each."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from common.charts import Figure, Line, lines
from common.templatetags import ui
from health.calculations.what_if import Averages
from health.selectors.value_days import ValueDay
from health.what_if_words import MONTHS_IN_YEAR, sum_range, years_words

WIDE, NARROW = 500, 290
DAYS_NAMED = 3
Write = Callable[[float], str]


def variable_figures(
    days: Sequence[ValueDay], averages: Sequence[Averages], *, currency: str
) -> list[Figure]:
    """This will draw what each day said of an average customer, oldest first.

    `averages` are those of `days`.
    """

    def money(value: float) -> str:
        return ui.money(value, currency)

    def share(value: float) -> str:
        return ui.percent(value, 1)

    drawn = (
        (
            _("Margin still to come, by customer"),
            _average_words(days[-1].off, averages[-1].value, currency),
            [one.value for one in averages],
            money,
        ),
        (
            _("Revenue of a month, by customer"),
            _("Recurring revenue divided by customers"),
            [one.revenue for one in averages],
            money,
        ),
        (
            _("Still there after a year"),
            _("Share of the customers, by the forecasts of the day"),
            [one.kept for one in averages],
            share,
        ),
        (
            _("Expected lifetime"),
            _("Of an average customer, from that day on and within the horizon"),
            [one.lifetime / MONTHS_IN_YEAR for one in averages],
            years_words,
        ),
        (
            _("Gross margin"),
            _("As it was set on that day"),
            [day.assumptions.margin for day in days],
            share,
        ),
        (
            _("Cost to serve, by customer and month"),
            _("Tickets expected of a customer, times what a ticket costs"),
            [one.service for one in averages],
            money,
        ),
    )
    return [_figure(days, *one) for one in drawn]


def _average_words(off: float | None, value: float, currency: str) -> str:
    """This will say what the first chart shows, with the range of its last day."""
    about = _("What an average customer is expected to bring within the horizon")
    told = sum_range(value, off, currency)
    return (
        _("%(about)s; now %(range)s") % {"about": about, "range": told}
        if told
        else about
    )


def _figure(
    days: Sequence[ValueDay],
    name: str,
    about: str,
    values: Sequence[float],
    write: Write,
) -> Figure:
    def picture(width: int) -> str:
        return lines(
            [Line(name, values)],
            days=_names(days),
            width=width,
            height=170,
            write=write,
            ground=False,
        )

    words = {
        "about": about,
        "day": ui.day_long(days[0].as_of),
        "first": write(values[0]),
    }
    return Figure(
        value=write(values[-1]),
        headline=name,
        subtitle=_("%(about)s. On %(day)s: %(first)s") % words,
        wide=picture(WIDE),
        narrow=picture(NARROW),
        columns=[_("Day"), name],
        rows=[
            (ui.day_long(day.as_of), write(value))
            for day, value in reversed(list(zip(days, values, strict=True)))
        ],
    )


def _names(days: Sequence[ValueDay]) -> list[tuple[int, str]]:
    """This will name a few days below the line, the first and the last always."""
    last = len(days) - 1
    steps = min(DAYS_NAMED, len(days))
    places = {round(index * last / max(1, steps - 1)) for index in range(steps)}
    return [(place, ui.day(days[place].as_of)) for place in sorted(places)]
