"""The pictures of a results page."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.charts import Bracket, Figure, columns, trend
from common.templatetags import ui
from surveys.calculations.estimates import Change, Estimate
from surveys.calculations.figures import SPANS, figure, groups
from surveys.calculations.nps import ENOUGH
from surveys.calculations.satisfaction import Tally
from surveys.calculations.scales import BORDERS, HIGH, LOW, MIDDLE, SCALES, scale_of
from surveys.result_words import (
    GROUP_NAMES,
    NAMES,
    answers_words,
    range_words,
    value_words,
)

WIDE, NARROW = 520, 300
DAYS_SHOWN = 4
# Ticks of a scale lie this far apart; the first that makes few enough is taken.
STEPS: Mapping[str, Sequence[float]] = {
    "nps": (10, 20, 50),
    "csat": (0.05, 0.1, 0.2),
    "ces": (0.5, 1, 2),
}
MOST_TICKS = 6
MOVED: Mapping[int, Any] = {
    1: gettext_lazy("%(name)s is %(value)s and has risen"),
    -1: gettext_lazy("%(name)s is %(value)s and has fallen"),
    0: gettext_lazy("%(name)s is %(value)s and has not moved by more than chance"),
}
BY_STEP: Mapping[str, Any] = {
    "week": gettext_lazy(
        "By week, with the 95% range; weeks under 10 answers are left out"
    ),
    "month": gettext_lazy(
        "By month, with the 95% range; months under 10 answers are left out"
    ),
    "quarter": gettext_lazy(
        "By quarter, with the 95% range; quarters under 10 answers are left out"
    ),
}


def spread_figure(kind: str, tally: Tally) -> Figure:
    """This will draw how many gave each score, the groups named below."""
    counts = [tally.get(score, 0) for score in scale_of(kind)]
    total, found = sum(counts), groups(kind, tally)
    first, _last = SCALES[kind]
    low_end, high_start = (border - first for border in BORDERS[kind])
    shares = {LOW: found.low, MIDDLE: found.middle, HIGH: found.high}
    ends = {
        LOW: (0, low_end),
        MIDDLE: (low_end + 1, high_start - 1),
        HIGH: (high_start, len(counts) - 1),
    }

    def draw(width: int, height: int, *, named: bool) -> str:
        brackets = []
        for group, (start, end) in ends.items():
            share = ui.percent(shares[group] / total) if total else ui.NOTHING
            name = f"{GROUP_NAMES[kind][group]} {share}" if named else share
            brackets.append(Bracket(start, end, name, group))
        return columns(
            counts,
            labels=[str(score) for score in scale_of(kind)],
            brackets=brackets,
            width=width,
            height=height,
            write=ui.number,
        )

    return Figure(
        headline=_spread_headline(kind, found.high, total),
        subtitle=_("%(answers)s by score") % {"answers": answers_words(total)},
        wide=draw(WIDE, 220, named=True),
        narrow=draw(NARROW, 200, named=False),
        columns=[_("Score"), _("Answers"), _("Share")],
        rows=[
            (str(score), ui.number(count), ui.percent(count / total) if total else "–")
            for score, count in zip(scale_of(kind), counts, strict=True)
        ],
    )


def _spread_headline(kind: str, high: int, total: int) -> str:
    if total < ENOUGH:
        return _("Too few answers for a figure")
    words = {
        "share": ui.percent(high / total),
        "first": BORDERS[kind][1],
        "last": SCALES[kind][1],
    }
    return _("%(share)s of the answers are %(first)s or %(last)s") % words


def time_figure(
    kind: str,
    points: Mapping[dt.date, Tally],
    *,
    step: str,
    now: Estimate | None,
    change: Change | None,
) -> Figure:
    """This will draw the figure over time with its range; thin points are left out."""
    days = sorted(points)
    found = [figure(kind, points[day]) for day in days]
    enough = [one if one and one.enough else None for one in found]
    values, lows, highs = (
        [getattr(one, end) if one else math.nan for one in enough]
        for end in ("value", "low", "high")
    )
    ticks = ticks_of(kind, [*lows, *highs])

    def draw(width: int, height: int, shown: int) -> str:
        return trend(
            values,
            days=_days(days, shown),
            width=width,
            height=height,
            ticks=ticks,
            write=lambda value: value_words(kind, value),
            band=(lows, highs),
        )

    drawn = any(enough)
    return Figure(
        headline=_headline(kind, now, change),
        subtitle=str(BY_STEP[step]),
        wide=draw(WIDE, 220, DAYS_SHOWN) if drawn else "",
        narrow=draw(NARROW, 200, 2) if drawn else "",
        columns=[_("From"), _("Answers"), str(NAMES[kind]), _("95% range")],
        rows=[_row(kind, day, one) for day, one in zip(days, found, strict=True)],
    )


def ticks_of(kind: str, ends: Sequence[float]) -> list[float]:
    """This will choose the ends and the lines of a scale that holds all of the values."""
    first, last = SPANS[kind]
    known = [value for value in ends if not math.isnan(value)] or [first, last]
    for step in STEPS[kind]:
        low = max(first, math.floor(min(known) / step + 1e-9) * step)
        high = min(last, math.ceil(max(known) / step - 1e-9) * step)
        count = max(1, round((high - low) / step))
        if count < MOST_TICKS:
            break
    return [round(low + index * (high - low) / count, 6) for index in range(count + 1)]


def _headline(kind: str, now: Estimate | None, change: Change | None) -> str:
    if now is None or not now.enough:
        return _("Too few answers for a figure")
    words = {"name": NAMES[kind], "value": value_words(kind, now.value)}
    if change is None:
        return _("%(name)s is %(value)s") % words
    return str(MOVED[change.direction]) % words


def _days(days: Sequence[dt.date], shown: int) -> list[tuple[int, str]]:
    """This will name the first and the last point, and some evenly between them."""
    last = len(days) - 1
    if last < 1:
        return [(0, ui.day(day)) for day in days]
    places = sorted({round(last * part / (shown - 1)) for part in range(shown)})
    return [(place, ui.day(days[place])) for place in places]


def _row(kind: str, day: dt.date, one: Estimate | None) -> tuple[str, str, str, str]:
    if one is None:
        return ui.day_long(day), "0", ui.NOTHING, ui.NOTHING
    if not one.enough:
        return ui.day_long(day), ui.number(one.answers), _("too few"), ui.NOTHING
    return (
        ui.day_long(day),
        ui.number(one.answers),
        value_words(kind, one.value),
        range_words(kind, one.low, one.high),
    )
