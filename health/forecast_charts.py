"""The pictures of a customer's forecast."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.charts import Figure, Mark, interval_bar, trend
from common.templatetags import ui
from health.calculations.clv import MONTHS_IN_FORECAST
from health.calculations.series import day_series
from health.selectors.chances import ChancePoint
from health.services.customer_forecast import Staying

WIDE, NARROW = 820, 300
YEAR = 12
# Heights that a scale of chances may have: half of each is a round number too.
HEIGHTS = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
DAYS_NAMED = 4


def staying_figure(staying: Staying) -> Figure:
    """This will draw the chance of still being a customer, month by month."""
    months = len(staying.alive) - 1
    shown = min(YEAR, months)
    value = ui.percent(staying.alive[shown])
    words = ngettext(
        "will still be a customer in %(months)d month",
        "will still be a customer in %(months)d months",
        shown,
    )
    return Figure(
        value=value,
        headline=words % {"months": shown},
        subtitle=_staying_subtitle(staying),
        wide=_staying(staying, WIDE, 260, _years(months)),
        narrow=_staying(staying, NARROW, 210, _years(months)[:: max(1, months // 24)]),
        columns=[_("After"), _("Still a customer"), _("Range"), _("Renewal")],
        rows=[_row(staying, month) for month in _listed(staying)],
    )


def _staying_subtitle(staying: Staying) -> str:
    told = _(
        "Chance of still being a customer. After three months it is %(share)s: all but"
        " the chance of leaving above, whose range is drawn on."
    ) % {"share": ui.percent(staying.alive[MONTHS_IN_FORECAST])}
    if staying.renewals:
        told += " " + _("Circles are renewals, when the contract can be left.")
    return told


def _staying(
    staying: Staying, width: int, height: int, names: list[tuple[int, str]]
) -> str:
    marks = [
        Mark(month, _("Renewal") if place == 0 else "")
        for place, month in enumerate(staying.renewals)
    ]
    return trend(
        list(map(float, staying.alive)),
        days=names,
        width=width,
        height=height,
        ticks=[0, 0.25, 0.5, 0.75, 1],
        write=ui.percent,
        marks=marks,
        band=(list(map(float, staying.low)), list(map(float, staying.high))),
    )


def _years(months: int) -> list[tuple[int, str]]:
    """This will name today and the ends of the years."""
    years = range(1, months // YEAR + 1)
    named = [
        (
            year * YEAR,
            ngettext("%(years)d year", "%(years)d years", year) % {"years": year},
        )
        for year in years
    ]
    return [(0, _("today")), *named]


def _listed(staying: Staying) -> list[int]:
    """This will choose the months of the table: a year, then quarters, and renewals."""
    months = len(staying.alive) - 1
    regular = (m for m in range(1, months + 1) if m <= YEAR or m % 3 == 0)
    return sorted({*regular, *staying.renewals})


def _row(staying: Staying, month: int) -> tuple[str, ...]:
    words = ngettext("%(months)d month", "%(months)d months", month)
    return (
        words % {"months": month},
        ui.percent(staying.alive[month], 1),
        ui.percent_range(staying.low[month], staying.high[month]),
        _("yes") if month in staying.renewals else "",
    )


def chance_figure(points: Sequence[ChancePoint]) -> Figure:
    """This will draw what was said of the chance of leaving, day by day."""
    first, last = points[0].day, points[-1].day
    values = day_series([(p.day, p.churn) for p in points], first=first, last=last)
    most = max(point.churn for point in points)
    height = next(height for height in HEIGHTS if height >= most)

    def draw(width: int, tall: int, names: list[tuple[int, str]]) -> str:
        return trend(
            values,
            days=names,
            width=width,
            height=tall,
            ticks=[0, height / 2, height],
            write=ui.percent,
        )

    size = len(values) - 1
    wide = sorted({round(size * part / DAYS_NAMED) for part in range(DAYS_NAMED + 1)})
    names = [(place, ui.day(first + dt.timedelta(days=place))) for place in wide]
    return Figure(
        headline=_moved_words(points),
        subtitle=_("Chance of leaving within 90 days, as the score of each day has it"),
        wide=draw(WIDE, 200, names),
        narrow=draw(NARROW, 180, [names[0], names[-1]]),
        columns=[_("Day"), _("May leave within 90 days")],
        rows=[(ui.day_long(p.day), ui.percent(p.churn, 1)) for p in reversed(points)],
    )


def _moved_words(points: Sequence[ChancePoint]) -> str:
    first, last = points[0], points[-1]
    words = {
        "then": ui.percent(first.churn),
        "now": ui.percent(last.churn),
        "day": ui.day_long(first.day),
    }
    if words["then"] == words["now"]:
        return _("It is %(now)s, as on %(day)s") % words
    if last.churn > first.churn:
        return _("It rose from %(then)s on %(day)s to %(now)s") % words
    return _("It fell from %(then)s on %(day)s to %(now)s") % words


def compared_bars(
    ranges: Mapping[str, tuple[float, float, float]],
) -> dict[str, SafeString]:
    """This will draw chances with their ranges (value, low, high), all to one scale.

    "limit" says where that scale ends; it begins at 0.
    """
    most = max(high for _value, _low, high in ranges.values())
    limit = next(height for height in HEIGHTS if height >= most)
    bars = {
        name: mark_safe(interval_bar(*ends, limit=limit, width=300))  # noqa: S308 - drawn from numbers
        for name, ends in ranges.items()
    }
    return bars | {"limit": mark_safe(ui.percent(limit))}  # noqa: S308 - a number
