"""How good the forecasts were: for everybody, in plain words, with the figures behind."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from billing.models import Plan
from common.dates import local_day
from customers.models import Segment
from health.calculations.accuracy.live import Checked
from health.calculations.accuracy.whole import HORIZON, Report
from health.calculations.churn.frozen_json import from_json
from health.models import AccuracyReport, ScorecardVersion
from health.selectors.accuracy import (
    check_shown,
    published_first,
    report_shown,
    version_of,
)
from health.selectors.forecasts import version_in_use
from health.selectors.shown import anybody
from health.views.accuracy_page import report_content
from health.views.accuracy_parts import (
    day_of,
    drift_content,
    live_content,
    values_content,
)


@require_safe
def accuracy(request: PersonalRequest) -> HttpResponse:
    """This will show what was measured with the newest training and after it.

    The number of queries is fixed.
    """
    found = report_shown()
    today = local_day(timezone.now(), ZoneInfo(request.company.time_zone))
    content: dict[str, Any] = {"report": found, "today": today, "horizon": HORIZON}
    report = Report.from_json(found.content) if found else None
    if found and report:
        content |= _content(found, report)
    else:
        content["anybody"] = anybody()
    content |= {
        "live": [],
        "sums": request.user.reach.sees.everybody,
        "currency": request.company.currency,
    }
    return render(request, "health/accuracy.html", content | _checked(found, report))


def _content(found: AccuracyReport, report: Report) -> dict[str, Any]:
    names = {
        "scorecards": _scorecards(report),
        "segments": dict(Segment.objects.order_by("pk").values_list("pk", "name")),
        "plans": dict(Plan.objects.order_by("pk").values_list("pk", "name")),
    }
    return {
        "measured": report,
        "version": version_of(found),
        "other": _other(found),
        "values": values_content(report.values, plans=names["plans"])
        if report.values
        else None,
        **report_content(report, **names),
    }


def _other(found: AccuracyReport) -> int | None:
    """This will return the number of the version in use, where another was measured."""
    used, measured = version_in_use(), version_of(found)
    return used.number if used and used != measured else None


def _scorecards(report: Report) -> dict[int, str]:
    """This will name the scorecard versions that were held to account."""
    asked = [int(one.key) for one in report.contenders if one.key.isdigit()]
    versions = ScorecardVersion.objects.filter(pk__in=asked).select_related("scorecard")
    return {
        one.pk: f"{one.scorecard.label} v{one.number}"
        for one in versions.order_by("pk")
    }


def _checked(found: AccuracyReport | None, report: Report | None) -> dict[str, Any]:
    """This will say what has moved, by the newest look, and what became of what was
    published; where nothing was published for long enough, when that will be told."""
    check = check_shown()
    kept = from_json(Checked, check.content) if check else None
    content: dict[str, Any] = {"live": live_content(kept.live) if kept else []}
    if not content["live"]:
        first = published_first()
        content["live_from"] = first and first + dt.timedelta(days=HORIZON)
    if check and kept and kept.drifts:
        return content | {
            "drift": drift_content(
                kept.drifts,
                day=check.as_of,
                version=kept.version,
                customers=kept.drifted,
            )
        }
    if found and report and report.drifts and report.drift_day is not None:
        version = version_of(found)
        content["drift"] = drift_content(
            report.drifts,
            day=day_of(report.drift_day),
            version=version.number if version else None,
            customers=0,
        )
    return content
