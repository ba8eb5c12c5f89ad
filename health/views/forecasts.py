"""What the forecasts learn from: versions, the one in use, and learning anew."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import LEADERS, for_leaders
from accounts.http import PersonalRequest
from common.dates import local_day
from health.enums import TrainingCause
from health.forecast_words import method_label, method_words
from health.models import ForecastVersion
from health.selectors.forecasts import version_in_use
from health.selectors.shown import anybody
from health.selectors.trainings import training_newest, versions_listed
from health.services.training.planning import training_start
from health.version_words import pairs_words, rests_words, stage_words, verdict_tag


@require_safe
def forecasts(request: PersonalRequest) -> HttpResponse:
    """This will show the version in use and those before. The number of queries is fixed."""
    used, newest = version_in_use(), training_newest()
    versions, older = versions_listed(before=_before(request))
    content: dict[str, Any] = {
        "used": used,
        "newest": newest,
        "stage": stage_words(newest.training) if newest and newest.under_way else "",
        "versions": [_line(version) for version in versions],
        "older": older,
        "leads": request.user.role in LEADERS,
        "anybody": anybody(),
    }
    if used:
        content |= {
            "method": method_words(used.method, used.reason),
            "rests": rests_words(used.summary),
            "pairs": pairs_words((used.summary.get("figures") or {}).get("auc")),
        }
    return render(request, "health/forecasts/list.html", content)


@require_POST
@for_leaders
def forecast_train(request: PersonalRequest) -> HttpResponse:
    """This will have the forecasts learn anew; a second click finds the first one."""
    now = timezone.now()
    if not anybody():
        text = _("There is nobody to learn from yet. Load customers first: %(command)s")
        messages.warning(request, text % {"command": "script/import FOLDER"})
        return HttpResponseRedirect(reverse("forecasts"))
    training = training_start(
        cause=TrainingCause.ASKED,
        as_of=local_day(now, ZoneInfo(request.company.time_zone)),
        now=now,
        asked_by=request.user,
    )
    text = (
        _("The forecasts have begun to learn.")
        if training.started_at == now
        else _("The forecasts are learning already.")
    )
    messages.success(request, text)
    return HttpResponseRedirect(reverse("forecasts"))


def _line(version: ForecastVersion) -> dict[str, Any]:
    figures = version.summary.get("figures") or {}
    area = figures.get("auc")
    return {
        "version": version,
        "method": method_label(version.method),
        "tag": verdict_tag(version),
        "right": round(area[0] * 100) if area else None,
        "leavers": version.summary.get("leavers"),
    }


def _before(request: PersonalRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
