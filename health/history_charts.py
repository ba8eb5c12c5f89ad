"""The pictures of a customer's history."""

import datetime as dt
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.charts import Figure, Mark, Zone, sparkline, trend
from common.templatetags import ui
from health.calculations.scorecard import ScorecardRules
from health.calculations.series import Day, day_series
from health.enums import Basis
from health.models import ScorecardVersion
from health.selectors.history import MeasurePoint, ScorePoint

WIDE, NARROW = 820, 300
# The newest marks; more would hide the line.
MARKS = 4
DAYS_NAMED = 4
SPARK_STEP = 7


def score_figure(
    points: Sequence[ScorePoint],
    *,
    rules: ScorecardRules,
    versions: Mapping[int, ScorecardVersion],
    headline: str,
    tone: str,
) -> Figure:
    """This will draw scores over the bands, with what was decided marked on the line."""
    first, last = points[0].day, points[-1].day
    values = day_series([(p.day, p.score) for p in points], first=first, last=last)
    zones = [
        Zone(0, rules.at_risk, "crit", _("At risk")),
        Zone(rules.at_risk, rules.watch, "warn", _("Watch")),
        Zone(rules.watch, 100, "ok", _("Healthy")),
    ]
    now = points[-1].score
    return Figure(
        value="" if now is None else ui.number(now),
        tone=tone,
        headline=headline,
        subtitle=_("Score from 0 to 100; gaps are days on which too little was known"),
        **_drawn(
            values,
            first=first,
            ticks=[0, rules.at_risk, rules.watch, 100],
            zones=zones,
            marks=_marks(points, versions, first),
        ),
        columns=[_("Day"), _("Health"), _("Scorecard")],
        rows=[
            (
                ui.day_long(point.day),
                ui.NOTHING if point.score is None else ui.number(point.score),
                _version(versions, point.version_id),
            )
            for point in reversed(points)
        ],
    )


def measure_figure(
    points: Sequence[MeasurePoint], *, words: Sequence[str], headline: str
) -> Figure:
    """This will draw a measure's points, 0 to 100; `words` say its value, day by day."""
    first, last = points[0].day, points[-1].day
    values = day_series(measured(points), first=first, last=last)
    return Figure(
        headline=headline,
        subtitle=_("Points from 0 to 100, as the scorecard of each day saw them"),
        **_drawn(values, first=first, ticks=[0, 50, 70, 100]),
        columns=[_("Day"), _("Points 0 to 100"), _("What was found")],
        rows=[
            (
                ui.day_long(point.day),
                ui.NOTHING if math.isnan(point.subscore) else ui.number(point.subscore),
                said,
            )
            for point, said in reversed(list(zip(points, words, strict=True)))
        ],
    )


def measured(points: Sequence[MeasurePoint]) -> list[Day]:
    """This will return the points of a measure by day, None where there are none."""
    return [
        (point.day, None if math.isnan(point.subscore) else point.subscore)
        for point in points
    ]


def measure_spark(points: Sequence[MeasurePoint], *, label: str) -> SafeString:
    """This will draw a measure over time small enough for a row, a value per week.

    Nothing is drawn where nothing was ever known.
    """
    first, last = points[0].day, points[-1].day
    daily = day_series(measured(points), first=first, last=last)
    weekly = daily[::-1][::SPARK_STEP][::-1]
    known = [value for value in weekly if not math.isnan(value)]
    words: dict[str, Any] = {"signal": label}
    if not known:
        return SafeString()
    if len(known) < 2:
        told = _("%(signal)s over time: not known") % words
    else:
        words |= {"first": round(known[0]), "last": round(known[-1])}
        told = _("%(signal)s over time, from %(first)d to %(last)d points") % words
    return mark_safe(sparkline(weekly, label=told, span=60))  # noqa: S308 - escapes


def _drawn(values: list[float], *, first: dt.date, **more: Any) -> dict[str, str]:
    """This will draw the wide and the narrow picture of one line."""
    last = len(values) - 1
    wide = sorted({round(last * part / DAYS_NAMED) for part in range(DAYS_NAMED + 1)})
    names = [(place, ui.day(first + dt.timedelta(days=place))) for place in wide]
    sizes = {"wide": (WIDE, 240, names), "narrow": (NARROW, 200, [names[0], names[-1]])}
    return {
        name: trend(
            values,
            days=shown,
            width=width,
            height=height,
            write=ui.number,
            **more,
        )
        for name, (width, height, shown) in sizes.items()
    }


def _marks(
    points: Sequence[ScorePoint],
    versions: Mapping[int, ScorecardVersion],
    first: dt.date,
) -> list[Mark]:
    marks = []
    for before, after in itertools.pairwise(points):
        place = (after.day - first).days
        if after.version_id != before.version_id:
            number = versions[after.version_id].number
            marks.append(Mark(place, _("Version %(number)d") % {"number": number}))
        elif after.basis != before.basis and Basis.OVERRIDE in (
            after.basis,
            before.basis,
        ):
            by_hand = after.basis == Basis.OVERRIDE
            marks.append(Mark(place, _("By hand") if by_hand else _("Own data")))
    return marks[-MARKS:]


def _version(versions: Mapping[int, ScorecardVersion], pk: int) -> str:
    version = versions[pk]
    words = {"name": version.scorecard.label, "number": version.number}
    return _("%(name)s, version %(number)d") % words
