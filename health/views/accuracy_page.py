"""What the accuracy page shows, in words, pictures and tables."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags import ui
from health.accuracy_charts import calibration_figure, contenders_figure
from health.accuracy_words import (
    NAMES,
    alarm_sentences,
    headline,
    of_100,
    of_100_range,
    second,
    signal_words,
    verdict_tag,
)
from health.calculations.accuracy.contenders import (
    IN_USE,
    MODEL,
    MRR,
    RENEWAL,
    Contender,
)
from health.calculations.accuracy.report import Lead, Verdict
from health.calculations.accuracy.whole import Report
from health.calculations.backtest import Range
from health.forecast_words import feature_label, method_words
from health.views.accuracy_parts import (
    Names,
    Numbers,
    day_of,
    gains_content,
    groups_content,
    version_content,
)

# What is published first, then other scorecards, then what anybody can sort by.
PLACES, OTHERS = {MODEL: 0, IN_USE: 1, RENEWAL: 3, MRR: 4}, 2


def report_content(
    report: Report, *, scorecards: Names, segments: Names, plans: Names
) -> Numbers:
    """This will put a report into words; a part that says nothing is empty. No query.

    The names are those of scorecard versions, segments and plans by id.
    """
    ordered = sorted(report.contenders, key=lambda one: PLACES.get(one.key, OTHERS))
    sides = [(_name(one, scorecards), one) for one in ordered]
    drawn = [(name, one) for name, one in sides if one.ranked.auc]
    told = report.leavers > 0 and bool(drawn)
    return {
        "headline": headline(report),
        "second": second(report),
        "method": method_words(report.method, report.reason),
        "tags": [
            (NAMES[key], verdict_tag(verdict))
            for key in (MODEL, IN_USE)
            if (verdict := report.verdict_of(key))
        ],
        "alarms": alarm_sentences(report),
        "signal": signal_words(report),
        "silent": report.signal is False,
        "first": day_of(report.days[0]) if report.days else None,
        "last": day_of(report.days[-1]) if report.days else None,
        "contenders": contenders_figure(drawn) if told else None,
        "unknown": _unknown(report),
        "apart": _apart(sides),
        "calls": _calls(report, sides) if told else None,
        "calibration": calibration_figure(report, report.calibrated)
        if report.calibrated and report.calibrated.curve
        else None,
        "terms": _terms(report),
        "leads": _leads(report),
        "segments": groups_content(report.segments, segments, _("No segment")),
        "plans": groups_content(report.plans, plans, _("No plan")),
        "gains": gains_content(report),
        "challenger": report.challenger,
        "cautions": _cautions(report),
        "versions": [version_content(one) for one in report.versions],
    }


def _name(one: Contender, scorecards: Names) -> str:
    if one.key in NAMES:
        return str(NAMES[one.key])
    return scorecards.get(int(one.key), _("A scorecard that is gone"))


def _unknown(report: Report) -> str:
    score = report.contender(IN_USE)
    if not score or not score.unknown:
        return ""
    text = ngettext(
        "%(count)s case whose score was unknown is left out for the health score.",
        "%(count)s cases whose score was unknown are left out for the health score.",
        score.unknown,
    )
    return text % {"count": ui.number(score.unknown)}


def _apart(sides: list[tuple[str, Contender]]) -> list[str]:
    """This will say how far the forecast lies ahead of the others, on the same cases."""
    found = []
    for name, one in sides:
        if one.apart is None:
            continue
        words = {
            "name": name,
            "points": ui.signed(one.apart.value * 100, 1),
            "low": ui.signed(one.apart.low * 100, 1),
            "high": ui.signed(one.apart.high * 100, 1),
        }
        found.append(_("%(name)s: %(points)s (%(low)s to %(high)s)") % words)
    return found


def _calls(report: Report, sides: list[tuple[str, Contender]]) -> Numbers | None:
    """This will say what calling the first of the list finds."""
    best = report.contender(MODEL) or report.contender(IN_USE)
    if best is None or best.ranked.verdict == Verdict.FEW:
        return None
    ranked = best.ranked
    if not ranked.precision or not ranked.recall or not ranked.revenue:
        return None
    words = {
        "precision": of_100(ranked.precision.value),
        "recall": ui.percent(ranked.recall.value),
        "revenue": ui.percent(ranked.revenue.value),
    }
    return {
        "calls": report.calls,
        "sentence": _(
            "Of 100 calls, %(precision)s reach a customer who then leaves. They reach"
            " %(recall)s of all who leave and %(revenue)s of the revenue that leaves."
        )
        % words,
        "lines": [
            {
                "name": name,
                "cells": [
                    (_("Of 100 calls, leavers"), _hundred(one.ranked.precision)),
                    (_("Of all leavers"), _share(one.ranked.recall)),
                    (_("Of the revenue that left"), _share(one.ranked.revenue)),
                ],
            }
            for name, one in sides
        ],
    }


def _hundred(found: Range | None) -> Numbers | None:
    if found is None:
        return None
    return {"value": of_100(found.value), "range": of_100_range(found)}


def _share(found: Range | None) -> Numbers | None:
    if found is None:
        return None
    return {
        "value": ui.percent(found.value),
        "range": ui.percent_range(found.low, found.high),
    }


def _terms(report: Report) -> list[tuple[str, str]]:
    """This will return the figures behind the calibration by their usual names."""
    found = report.calibrated
    if found is None:
        return []
    named = [
        (_("Brier score"), found.brier, 3),
        (_("Skill against the company’s rate"), found.skill, 3),
        (_("Calibration slope (right: 1)"), found.slope, 2),
        (_("Calibration intercept (right: 0)"), found.intercept, 2),
    ]
    terms = [(name, _digits(one, digits)) for name, one, digits in named if one]
    if found.error:
        words = {
            "value": ui.number(found.error.value, 3),
            "floor": ui.number(found.error.floor, 3),
            "limit": ui.number(found.error.limit, 3),
        }
        text = _(
            "%(value)s; a perfect forecast would show %(floor)s here, up to %(limit)s by luck"
        )
        terms.append((_("Expected calibration error"), text % words))
    return terms


def _digits(found: Range, digits: int) -> str:
    ends = {
        "value": ui.number(found.value, digits),
        "low": ui.number(found.low, digits),
        "high": ui.number(found.high, digits),
    }
    return _("%(value)s (%(low)s to %(high)s)") % ends


def _leads(report: Report) -> list[Numbers]:
    """This will say of the score and of the forecast how early they warned."""
    sides = ((IN_USE, report.score_lead), (MODEL, report.model_lead))
    return [
        {"name": NAMES[key], **_lead(lead)}
        for key, lead in sides
        if lead and lead.leavers
    ]


def _lead(lead: Lead) -> Numbers:
    return {
        "warned": ui.percent(lead.warned / lead.leavers),
        "counted": (lead.warned, lead.leavers),
        "days": lead.days and round(lead.days.value),
        "low": lead.days and round(lead.days.low),
        "high": lead.days and round(lead.days.high),
    }


def _cautions(report: Report) -> list[str]:
    """This will warn of what is too good to be true, and of a history too short."""
    words = []
    for one in report.cautions:
        if one.code == "not_out_of_time":
            words.append(
                _(
                    "The history is too short to be tried on later days: the forecast was"
                    " tried on customers it had not seen, on days it had. Later it may be"
                    " less good."
                )
            )
        elif one.feature:
            words.append(
                _(
                    "“%(name)s” tells nearly everything by itself. Look whether it becomes"
                    " known only after a customer has left."
                )
                % {"name": feature_label(one.feature)}
            )
        else:
            words.append(
                _(
                    "This is better than forecasts of real companies are. Look whether"
                    " something becomes known only after a customer has left."
                )
            )
    return words
