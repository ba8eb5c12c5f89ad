"""The sources: do they speak, and how often should they?"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.dates import local_day
from health.forms import RhythmsForm
from health.selectors.frame import Moment
from health.selectors.sources import (
    customers_on_late_data,
    rhythms,
    source_lines,
    usual_silences,
)
from health.selectors.standing import latest_run
from health.services.runs import moment_of
from health.services.sources import UnableToSaveUnseenRhythms, rhythms_change
from health.views.operations import for_leaders
from health.wording import SOURCES, silence_words


@require_safe
@for_leaders
def sources(request: PersonalRequest) -> HttpResponse:
    """This will show the sources as they stand this moment, beside the latest run.

    The newest rows are looked for in the tables, a silent source day by day: the machine
    room asks for this when it is shown already, and not every few seconds.
    """
    now, run = timezone.now(), latest_run()
    moment = _moment(request, now)
    lines, usual = source_lines(run=run, moment=moment), usual_silences(moment)
    content = {
        "sources": [
            (SOURCES[line.key], line, silence_words(usual.get(line.key)))
            for line in lines
        ],
        "sources_run": run,
        "sources_now": now,
        "late": run.parameters.get("late", {}) if run else {},
        "on_late_data": customers_on_late_data(),
    }
    return render(request, "health/sources_page.html", content)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def source_rhythm(request: PersonalRequest) -> HttpResponse:
    """This will show and save how long each source may be silent."""
    if request.method != "POST":
        return _page(request, _form(request))
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        changed = rhythms_change(
            values=form.values(),
            seen=form.cleaned_data["seen"],
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSaveUnseenRhythms as error:
        messages.error(request, f"{error} {_('Look at them and save again.')}")
        return _page(request, _form(request), 409)
    if changed:
        messages.success(request, _("Saved. It holds from the next run on."))
    else:
        messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(reverse("operations"))


def _form(request: PersonalRequest, data: QueryDict | None = None) -> RhythmsForm:
    usual = usual_silences(_moment(request, timezone.now()))
    return RhythmsForm(data, stored=rhythms(), usual=usual)


def _moment(request: PersonalRequest, now: dt.datetime) -> Moment:
    today = local_day(now, ZoneInfo(request.company.time_zone))
    return moment_of(request.company, today, now)


def _page(
    request: PersonalRequest, form: RhythmsForm, status: int = 200
) -> HttpResponse:
    return render(request, "health/source_rhythm.html", {"form": form}, status=status)
