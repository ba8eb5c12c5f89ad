"""What the pages about a customer's health show, put together from the selectors."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.http import PersonalRequest
from common.dates import local_day
from common.templatetags import ui
from customers.models import Customer
from health.forms import MovementForm, OverrideForm
from health.history_charts import measure_spark, score_figure
from health.ledger_lines import given_words
from health.ledger_words import grouped, moved_words, sentences
from health.measures import MEASURES
from health.reading_words import absent_words, label_of, reading_words
from health.scorecard_words import group_label
from health.selectors.history import MeasurePoint, history
from health.selectors.ledger import Movement, latest_snapshot, ledger
from health.selectors.overrides import override_now
from health.selectors.standing import Part, Snapshot, explain
from health.services.overrides import MOST_DAYS
from health.wording import late_words

USUAL_DAYS = 30
CHIPS = (7, 30, 90)
# How much of the past is shown: daily for 90 days, weekly before.
PERIODS = {"90": 91, "365": 365}
FOR_DAYS = 30


def health_page(
    request: PersonalRequest,
    customer: Customer,
    *,
    override_form: OverrideForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """This will answer with the page; 422 and the form where an override is amiss."""
    today = local_day(timezone.now(), ZoneInfo(request.company.time_zone))
    asked = MovementForm(request.GET)
    may_change = customer.owner_id in request.user.reach.changes
    standing = override_now(customer_id=customer.pk, today=today)
    content: dict[str, Any] = {
        "customer": customer,
        "form": asked,
        "may_change": may_change,
        "override": standing,
        "override_words": given_words(standing) if standing else "",
        "override_form": override_form
        or OverrideForm(initial={"expires_on": today + dt.timedelta(days=FOR_DAYS)}),
        "override_open": override_form is not None,
        "most_days": MOST_DAYS,
        "latest": None,
    }
    latest = latest_snapshot(customer_id=customer.pk)
    if latest is not None:
        period = request.GET.get("period", "90")
        content |= _scored(customer, latest, asked, period)
    return render(request, "health/explained.html", content, status=status)


def _scored(
    customer: Customer, latest: Snapshot, asked: MovementForm, period: str
) -> dict[str, Any]:
    first, last = _days(asked, latest.score.as_of)
    found = ledger(customer_id=customer.pk, first=first, last=last)
    period = period if period in PERIODS else "90"
    past = history(
        customer_id=customer.pk, as_of=latest.score.as_of, days=PERIODS[period]
    )
    lines = sentences(found) if found else []
    return {
        "latest": latest.score,
        "form": _shown_form(asked, found),
        "late": late_words(latest.late) if latest.score.late else "",
        "movement": found,
        "moved": moved_words(found) if found else "",
        "groups": grouped(lines),
        "lines": lines,
        "chips": _chips(found, asked, latest.score.as_of),
        "period": period,
        "trend": score_figure(
            past.scores,
            rules=latest.rules,
            versions=past.versions,
            headline=_headline(latest, found),
            tone=ui.tone(latest.score.band),
        ),
        "rows": _measure_rows(latest, past.measures),
        "known": _known(latest),
    }


def _days(asked: MovementForm, as_of: dt.date) -> tuple[dt.date, dt.date]:
    """This will return the two days asked for; the usual ones where that makes no sense."""
    usual = as_of - dt.timedelta(days=USUAL_DAYS), as_of
    if not asked.is_valid():
        return usual
    last = min(asked.cleaned_data["until"] or as_of, as_of)
    days = int(asked.cleaned_data["days"] or USUAL_DAYS)
    first = asked.cleaned_data["since"] or last - dt.timedelta(days=days)
    return (first, last) if first < last else usual


def _shown_form(asked: MovementForm, found: Movement | None) -> MovementForm:
    """This will show the days that were taken, or what is wrong with those asked for."""
    if found is None or not asked.is_valid():
        return asked
    days = found.first.score.as_of, found.last.score.as_of
    return MovementForm(initial=dict(zip(("since", "until"), days, strict=True)))


def _chips(
    found: Movement | None, asked: MovementForm, as_of: dt.date
) -> list[dict[str, Any]]:
    chosen = 0
    if asked.is_valid() and not (
        asked.cleaned_data["since"] or asked.cleaned_data["until"]
    ):
        chosen = int(asked.cleaned_data["days"] or USUAL_DAYS)
    return [
        {
            "days": days,
            "label": ngettext("%(days)d day", "%(days)d days", days) % {"days": days},
            "current": days == chosen,
        }
        for days in CHIPS
    ]


def _headline(latest: Snapshot, found: Movement | None) -> str:
    if not latest.score.band:
        return _("Too little is known for a score")
    return moved_words(found) if found else _("There is no earlier score")


def _known(latest: Snapshot) -> dict[str, Any]:
    """This will say how much of what counts is known, and what is missing."""
    parts = [part for part in explain(latest).parts if part.applies]
    missing = [part for part in parts if part.subscore is None]
    old = [part for part in parts if part.subscore is not None and not part.freshness]
    return {
        "coverage": latest.score.coverage,
        "floor": latest.rules.floor,
        "signals": len(parts),
        "current": len(parts) - len(missing) - len(old),
        "missing": [label_of(part.key) for part in missing],
        "old": [label_of(part.key) for part in old],
    }


def _measure_rows(
    latest: Snapshot, past: dict[str, list[MeasurePoint]]
) -> list[dict[str, Any]]:
    """This will list what the scorecard asks for, in the order of the measures."""
    explained = {part.key: part for part in explain(latest).parts}
    layout = latest.readings.layout
    pull = latest.frame.result.contributions[0]
    groups: dict[str, list[dict[str, Any]]] = {}
    for place, key in enumerate(layout):
        part = explained.get(key)
        if part is None or key not in MEASURES:
            continue
        row = _row(latest, part, float(pull[place]), past.get(key, []))
        groups.setdefault(MEASURES[key].group, []).append(row)
    return [{"title": group_label(key), "rows": rows} for key, rows in groups.items()]


def _row(
    latest: Snapshot, part: Part, pull: float, points: Sequence[MeasurePoint]
) -> dict[str, Any]:
    label = label_of(part.key)
    return {
        "key": part.key,
        "label": label,
        "icon": MEASURES[part.key].icon,
        "found": reading_words(latest, part.key) or absent_words(part.applies),
        "part": part,
        "contribution": pull,
        "weight": latest.rules.line(part.key),
        "spark": measure_spark(points, label=label) if points else "",
    }
