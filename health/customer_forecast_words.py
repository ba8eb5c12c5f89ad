"""What a customer's forecast rests on, put together for its page and its card."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.charts import leaning
from common.templatetags import ui
from health.calculations.churn.telling import Told, ToldPush, told
from health.calculations.scoring import round_to_sum
from health.features import TREND
from health.forecast_words import (
    feature_icon,
    feature_label,
    feature_measure,
    feature_name,
    feature_sentence,
)
from health.models import Standing
from health.readings import Readings
from health.services.customer_forecast import Explained

# So many pushes are told one by one; the rest is folded.
MOST_PUSHES = 8
TENTHS = 1000


@dataclass(frozen=True, slots=True)
class PushLine:
    """One push in words, with its picture; `measure` is "" for facts of the contract."""

    measure: str
    icon: str
    label: str
    text: str
    under: str  # the label, where the text does not begin with it
    points: float
    bar: SafeString


def told_pushes(explained: Explained) -> Told:
    """This will tell what pushes a customer; a measure and its change are one."""
    found = explained.pushes
    by_measure = (
        (name.removesuffix(TREND), float(points))
        for name, points in zip(found.names, found.points[0], strict=True)
    )
    return told(by_measure, average=found.average, p=explained.p, most=MOST_PUSHES)


def push_lines(
    pushes: Iterable[ToldPush],
    *,
    limit: float,
    readings: Readings,
    as_of: dt.date,
    contract: Mapping[str, str],
) -> list[PushLine]:
    """This will put pushes into words; `limit` is the longest bar's size in points."""
    lines = []
    for push in pushes:
        label = feature_label(push.key)
        text = feature_sentence(
            push.key, readings=readings, as_of=as_of, contract=contract
        )
        lines.append(
            PushLine(
                feature_measure(push.key),
                feature_icon(push.key),
                label,
                text,
                "" if text.startswith(label) else label,
                push.points,
                push_bar(push.points, limit),
            )
        )
    return lines


def push_bar(points: float, limit: float) -> SafeString:
    """This will draw a push; up is bad."""
    drawn = leaning(points, limit=limit, up_is_good=False)
    return mark_safe(drawn)  # noqa: S308 - drawn from numbers


def contract_words(
    *, mrr: Any, currency: str, plan: str = "", segment: str = ""
) -> dict[str, str]:
    """This will say the facts of the contract that are no measures, those known."""
    found = {"mrr": _("Pays %(amount)s a month") % {"amount": ui.money(mrr, currency)}}
    if plan:
        found["plan"] = _("Plan: %(name)s") % {"name": plan}
    if segment:
        found["segment"] = _("Segment: %(name)s") % {"name": segment}
    return found


def split_of(standing: Standing) -> tuple[float, float] | None:
    """This will part the chance into leaving by choice and by failed payments.

    Rounded to tenths of a point so that both add up; None where that is not known.
    """
    if not standing.churn_involuntary:
        return None
    parts = [standing.churn - standing.churn_involuntary, standing.churn_involuntary]
    chosen, failed = round_to_sum(
        [part * TENTHS for part in parts], round(standing.churn * TENTHS)
    )
    return chosen / TENTHS, failed / TENTHS


def standing_reasons(
    standing: Standing, *, readings: Readings, contract: Mapping[str, str]
) -> list[dict[str, Any]]:
    """This will put what pushes most into sentences; nothing where no model was used."""
    codes, points = standing.churn_reasons or [], standing.churn_points or []
    lines: dict[str, dict[str, Any]] = {}
    for code, push in zip(codes, points, strict=True):
        name = feature_name(code)
        if not name:
            continue
        text = feature_sentence(
            name, readings=readings, as_of=standing.run.as_of, contract=contract
        )
        # A measure and its change say the same.
        line = lines.setdefault(
            text, {"icon": feature_icon(name), "text": text, "points": 0.0}
        )
        line["points"] += push * 100
    return list(lines.values())
