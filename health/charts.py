"""The pictures of the health card."""

import datetime as dt
import math
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.charts import Contribution, Figure, Zone, contributions, trend
from common.templatetags import ui
from health.calculations.scorecard import rules_from_config
from health.enums import Band
from health.measures import MEASURES
from health.models import Standing
from health.selectors.standing import Explanation, Part

WEEKS_COMPARED = 4
MIDDLE = 50
WIDE, NARROW = 430, 270


def week_change(weekly: Sequence[float]) -> int | None:
    """This will return the points of the last four weeks, None where one is missing."""
    now, then = weekly[-1], weekly[-1 - WEEKS_COMPARED]
    if math.isnan(now) or math.isnan(then):
        return None
    return round(now - then)


def change_words(weekly: Sequence[float]) -> str:
    """This will say in a few words how a score has moved."""
    change = week_change(weekly)
    if change is None:
        return _("no earlier score")
    words = {"points": abs(change)}
    if change < 0:
        return _("down %(points)d in 4 weeks") % words
    if change > 0:
        return _("up %(points)d in 4 weeks") % words
    return _("steady for 4 weeks")


def trend_words(weekly: Sequence[float]) -> str:
    """This will read a sparkline aloud."""
    known = [value for value in weekly if not math.isnan(value)]
    if len(known) < 2:
        return _("Health over 13 weeks: not known")
    ends = {"first": round(known[0]), "last": round(known[-1])}
    return _("Health over 13 weeks, from %(first)d to %(last)d") % ends


def health_figure(standing: Standing) -> Figure:
    """This will draw the score of 13 weeks over the bands of its scorecard."""
    weekly, as_of = standing.weekly, standing.run.as_of
    rules = rules_from_config(standing.scorecard_version.config)
    zones = [
        Zone(0, rules.at_risk, "crit", _("At risk")),
        Zone(rules.at_risk, rules.watch, "warn", _("Watch")),
        Zone(rules.watch, 100, "ok", _("Healthy")),
    ]
    days = [
        as_of - dt.timedelta(days=7 * (len(weekly) - 1 - week))
        for week in range(len(weekly))
    ]
    names = [(week, ui.day(days[week])) for week in (0, 4, 8, 12)]

    def draw(width: int, height: int, shown: list[tuple[int, str]]) -> str:
        return trend(
            weekly,
            days=shown,
            width=width,
            height=height,
            ticks=[0, rules.at_risk, rules.watch, 100],
            write=ui.number,
            zones=zones,
        )

    unknown = standing.band == Band.UNKNOWN
    return Figure(
        value="" if unknown else ui.number(standing.score),
        tone=ui.tone(standing.band),
        headline=_headline(standing),
        subtitle=_("Score from 0 to 100, last 13 weeks"),
        wide=draw(WIDE, 210, names),
        narrow=draw(NARROW, 190, [names[0], names[-1]]),
        columns=[_("Day"), _("Health")],
        rows=[
            (ui.day_long(day), ui.NOTHING if math.isnan(value) else ui.number(value))
            for day, value in zip(reversed(days), reversed(weekly), strict=True)
        ],
    )


def _headline(standing: Standing) -> str:
    if standing.band == Band.UNKNOWN:
        return _("Too little is known for a score")
    change = week_change(standing.weekly)
    if change is None:
        return _("There is no score of 4 weeks ago")
    points = abs(change)
    words = {"points": points}
    if change < 0:
        return (
            ngettext(
                "Health fell %(points)d point in 4 weeks",
                "Health fell %(points)d points in 4 weeks",
                points,
            )
            % words
        )
    if change > 0:
        return (
            ngettext(
                "Health rose %(points)d point in 4 weeks",
                "Health rose %(points)d points in 4 weeks",
                points,
            )
            % words
        )
    return _("Health is where it was 4 weeks ago")


def points_figure(explained: Explanation) -> Figure:
    """This will draw what lifts and drags a score: 50 and the points give the score."""
    known = [part for part in explained.parts if part.points is not None]
    items = [
        Contribution(str(MEASURES[part.key].label), part.points)
        for part in known
        if part.points
    ]
    total = MIDDLE + sum(part.points or 0 for part in known)
    worst = min(known, key=lambda part: part.points or 0, default=None)
    if worst is None:
        headline = _("Nothing is known that could be scored")
    elif worst.points is not None and worst.points < 0:
        words = {"signal": MEASURES[worst.key].label}
        headline = _("What drags it most: %(signal)s") % words
    else:
        headline = _("Nothing drags it")
    ends = {"total": total}
    rows = [(_("Everybody starts with"), "", "", ui.number(MIDDLE))]
    rows += [_row(part, explained.as_of) for part in explained.parts if part.applies]
    rows.append((_("Score"), "", "", ui.number(total)))
    return Figure(
        headline=headline,
        subtitle=_("Points; 50 and all points give %(total)d") % ends,
        wide=contributions(items, width=WIDE, write=ui.signed),
        narrow=contributions(items, width=NARROW, write=ui.signed, stacked=True),
        columns=[_("Signal"), _("Weight"), _("Freshness"), _("Points")],
        rows=rows,
    )


def _row(part: Part, as_of: dt.date) -> tuple[str, str, str, str]:
    measure = MEASURES[part.key]
    if part.points is None:
        words = _("%(signal)s: not known") % {"signal": measure.label}
        return words, ui.NOTHING, ui.NOTHING, ui.NOTHING
    found = measure.sentence(part.value, part.before, as_of)
    words = _("%(signal)s: %(found)s") % {"signal": measure.label, "found": found}
    return (
        words,
        ui.percent(part.share),
        ui.percent(part.freshness),
        ui.signed(part.points),
    )
