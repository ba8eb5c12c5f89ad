"""Parts of the accuracy page: groups, measures, versions, drift, what was published, money."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.dates import POSTGRES_EPOCH
from common.templatetags import ui
from health.accuracy_words import area_cell, of_100, of_100_range
from health.calculations.accuracy.drift import Drift
from health.calculations.accuracy.earlier import VersionLine
from health.calculations.accuracy.groups import Group
from health.calculations.accuracy.live import LiveDay
from health.calculations.accuracy.values import PlanValues, ValueReport
from health.calculations.accuracy.whole import Report
from health.calculations.backtest import Range
from health.calculations.churn.drifting import SCORE
from health.features import TREND
from health.forecast_words import feature_label

Numbers = dict[str, Any]
Names = Mapping[int, str]
# Features that add something are named one by one, so many at most.
SHOWN = 12


def day_of(number: int) -> dt.date:
    """This will turn days since 2000-01-01 into a day."""
    return POSTGRES_EPOCH + dt.timedelta(days=number)


def groups_content(found: Iterable[Group], names: Names, nothing: str) -> list[Numbers]:
    """This will put segments or plans into lines; none where there is only one."""
    lines = [
        {
            "name": names.get(one.key, _("Deleted")) if one.key else nothing,
            "cases": one.cases,
            "leavers": one.leavers,
            "score": area_cell(one.score),
            "model": area_cell(one.model),
        }
        for one in found
    ]
    return lines if len(lines) > 1 else []


def feature_base(name: str) -> str:
    """This will name the measure whose change a feature is; its own name else."""
    return name.removesuffix(TREND)


def gains_content(report: Report) -> Numbers:
    """This will part the features into those that add something and those that do not."""
    useful = sorted(
        (one for one in report.gains if not one.nothing), key=lambda one: -one.auc.value
    )
    names = {one.name for one in report.gains if one.nothing}
    telling = {feature_base(one.name) for one in useful}
    # A measure that adds nothing, and whose change adds nothing, stands there once.
    useless = {
        feature_label(name if feature_base(name) in telling else feature_base(name))
        for name in names
    }
    return {
        "useful": [
            {
                "name": feature_label(one.name),
                "points": ui.signed(one.auc.value * 100, 1),
                "low": ui.signed(one.auc.low * 100, 1),
                "high": ui.signed(one.auc.high * 100, 1),
            }
            for one in useful[:SHOWN]
        ],
        "useless": sorted(useless),
        "any": bool(report.gains),
    }


def version_content(one: VersionLine) -> Numbers:
    """This will say how a version did on the days after it was learnt."""
    return {
        "number": one.number,
        "day": day_of(one.day),
        "cases": one.cases,
        "leavers": one.leavers,
        "area": area_cell(one.ranked),
        "level": one.level,
    }


def drift_content(
    drifts: Iterable[Drift], *, day: dt.date, version: int | None, customers: int
) -> Numbers:
    """This will say what has moved since the training, the most first."""
    found = tuple(drifts)
    moved = sorted((one for one in found if one.moved), key=lambda one: -one.psi)
    return {
        "day": day,
        "version": version,
        "customers": customers,
        "looked_at": len(found),
        "moved": [
            {
                "name": _("The chance of leaving itself")
                if one.name == SCORE
                else feature_label(one.name),
                "much": one.much,
                "psi": ui.number(one.psi, 2),
                "limit": ui.number(one.limit, 2),
            }
            for one in moved
        ],
    }


def live_content(days: Iterable[LiveDay]) -> list[Numbers]:
    """This will put what was published beside what happened, the newest day first."""
    return [
        {
            "day": dt.date.fromisoformat(one.day),
            "customers": one.customers,
            "leavers": one.leavers,
            "level": one.level,
            "chance": area_cell(one.chance),
            "score": area_cell(one.score),
        }
        for one in days
    ]


def values_content(found: ValueReport, *, plans: Names) -> Numbers:
    """This will say what last year's forecast of the margin was worth."""
    return {
        "report": found,
        "came_in": of_100(found.realised / found.expected)
        if found.expected > 0
        else ui.NOTHING,
        "range": of_100_range(found.ratio) if found.ratio else "",
        "median_error": ui.percent(found.median_error),
        "held": of_100(found.held),
        "held_range": of_100_range(Range(found.held, found.low, found.high)),
        "sum_of_100": _sum_of_100(found),
        "plans": [
            {
                "name": plans.get(one.key, _("Deleted")) if one.key else _("No plan"),
                "customers": one.customers,
                "came_in": of_100(one.realised / one.expected)
                if one.expected > 0
                else ui.NOTHING,
                "held": of_100(one.held),
                "held_range": of_100_range(Range(one.held, one.low, one.high)),
                "sum_of_100": _sum_of_100(one),
            }
            for one in found.plans
        ],
    }


def _sum_of_100(found: ValueReport | PlanValues) -> str:
    """This will say where of 100 expected as much should come in; "" where not known."""
    if found.sum_low is None or found.sum_high is None or found.expected <= 0:
        return ""
    low, high = (end / found.expected for end in (found.sum_low, found.sum_high))
    return of_100_range(Range(1.0, low, high))
