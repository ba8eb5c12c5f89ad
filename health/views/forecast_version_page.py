"""What the page of a version shows: all it has learnt, in words and pictures."""

import datetime as dt
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from common.charts import Figure, Ranged, ranges
from common.templatetags import ui
from health.calculations.backtest import Range
from health.calculations.churn.metrics import Gain, Metrics
from health.calculations.churn.model import ChurnModel
from health.calculations.forecast_content import ForecastContent
from health.enums import Band
from health.forecast_words import feature_label, lifetime_words, method_words
from health.models import ForecastVersion
from health.version_words import pairs_words, rests_words, verdict_tag, verdict_words

WIDE, NARROW = 680, 300
# So many features are drawn; the table has all.
DRAWN = 12
# Ends of the scale are as far from 0 as the longest bar; so many points at the least.
LEAST_REACH = 0.02


def version_content(version: ForecastVersion, *, currency: str) -> dict[str, Any]:
    """This will put a version into words. No query."""
    content = ForecastContent.from_json(version.content)
    summary, model = version.summary, content.churn
    days, first, last = summary["days"]
    return {
        "currency": currency,
        "method": method_words(version.method, version.reason),
        "rests": rests_words(summary),
        "lifetimes": lifetime_words(str(content.lifetimes.method_)),
        "tag": verdict_tag(version),
        "verdict": verdict_words(version),
        "days": days,
        "first": dt.date.fromisoformat(first),
        "last": dt.date.fromisoformat(last),
        "summary": summary,
        "base": content.base,
        "growth": float(np.expm1(content.growth.mean * 12.0)),
        "tickets": content.tickets.rest * 12.0,
        "bands": _bands(content),
        "values": _values(summary["values"]),
        "buyers": content.buyers,
        "model": None if model is None else _model(model),
    }


def _model(model: ChurnModel) -> dict[str, Any]:
    metrics = model.metrics
    area = metrics.ranked.auc
    gains = sorted(metrics.gains, key=lambda one: (-one.auc.value, one.name))
    return {
        "pairs": pairs_words([area.value, area.low, area.high] if area else None),
        "metrics": metrics,
        "slope": metrics.calibrated.slope,
        "skill": metrics.calibrated.skill,
        "behaviour": _spread(metrics.behaviour),
        "signal": metrics.signal,
        "gains": gains_figure(gains) if gains else None,
        "nothing": sorted({feature_label(one.name) for one in gains if one.nothing}),
        "strength": model.strength,
        "tried": [strength for strength, _loss in metrics.losses],
        "window": model.window,
        "challenger": metrics.challenger,
        "challenger_words": _challenger(metrics),
        "columns": len(model.design.centre),
        "trees": model.rounds,
        "cautions": [_caution(one.code, one.feature) for one in metrics.cautions],
    }


def _spread(found: Range | None) -> list[str]:
    return (
        [_points(one) for one in (found.value, found.low, found.high)] if found else []
    )


def _challenger(metrics: Metrics) -> str:
    """This will say whether boosted trees were better, and hence used."""
    found = metrics.challenger
    if found is None:
        return _(
            "Boosted trees were not tried: under 500 customers have left, and with fewer"
            " they only fall behind."
        )
    words = {
        name: ui.signed(getattr(found.auc, name) * 100, 1)
        for name in ("value", "low", "high")
    }
    told = (
        _(
            "Boosted trees were clearly better than the regression, so they are used: of"
            " 100 pairs %(value)s more in the right order (%(low)s to %(high)s)."
        )
        if found.better
        else _(
            "Boosted trees were tried beside it and were not clearly better: of 100 pairs"
            " %(value)s in the right order more or less (%(low)s to %(high)s)."
        )
    )
    return told % words


def _caution(code: str, feature: str) -> str:
    if code == "not_out_of_time":
        return _(
            "The history is too short to try it on later days. It was tried on customers"
            " it did not know, but on the same days, so it may look better than it is."
        )
    if feature:
        return _(
            "%(name)s alone tells nearly everything. Real companies are not like that: look"
            " whether it is written down only once a customer is leaving."
        ) % {"name": feature_label(feature)}
    return _(
        "It is too good to be true. Look whether something is written down only once a"
        " customer is leaving."
    )


def gains_figure(gains: list[Gain]) -> Figure:
    """This will draw what each feature adds to the order of leavers and stayers."""
    useful = [one for one in gains if not one.nothing]
    return Figure(
        headline=_gains_words(useful),
        subtitle=_(
            "Pairs of a leaver and a stayer, of 100, that are in the right order with it"
            " and not without it; bars are ranges that hold in 95 of 100 cases"
        ),
        wide=_drawn(gains[:DRAWN], WIDE),
        narrow=_drawn(gains[:DRAWN], NARROW),
        columns=[_("Feature"), _("Adds"), _("Range"), _("In words")],
        rows=[_row(one) for one in gains],
    )


def _gains_words(useful: list[Gain]) -> str:
    if not useful:
        return _("Nothing by itself adds more than luck may")
    names = {"name": feature_label(useful[0].name)}
    return _("%(name)s adds the most") % names


def _row(one: Gain) -> list[str]:
    ends = {"low": _points(one.auc.low), "high": _points(one.auc.high)}
    return [
        feature_label(one.name),
        _points(one.auc.value),
        _("%(low)s to %(high)s") % ends,
        _("adds nothing that could not be luck")
        if one.nothing
        else _("adds something"),
    ]


def _drawn(gains: list[Gain], width: int) -> str:
    reach = max(
        LEAST_REACH, *(max(abs(one.auc.low), abs(one.auc.high)) for one in gains)
    )
    drawn = [
        Ranged(
            feature_label(one.name),
            one.auc.value,
            one.auc.low,
            one.auc.high,
            _points(one.auc.value),
            "muted" if one.nothing else "",
        )
        for one in gains
    ]
    return ranges(
        drawn,
        ticks=[-reach, -reach / 2, 0.0, reach / 2, reach],
        write=_points,
        line=0.0,
        line_words=_("adds nothing"),
        width=width,
    )


def _points(share: float) -> str:
    return ui.signed(share * 100, 1)


def _bands(content: ForecastContent) -> list[dict[str, Any]]:
    """This will list what was seen of each band, healthy first, unknown last."""
    rates = content.bands.rates
    order = (Band.HEALTHY, Band.WATCH, Band.AT_RISK, Band.UNKNOWN)
    return [
        {"band": band, "estimate": rates[band], "customers": int(rates[band].exposure)}
        for band in order
    ]


def _values(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return values | {
        "as_of": dt.date.fromisoformat(values["as_of"]),
        "of_100": round(values["held"] * 100),
    }
