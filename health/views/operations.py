"""The machine room: is the schedule alive, and what did the runs do?"""

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.http import PersonalRequest
from billing.gateway_words import short_words
from billing.selectors.gateways.accounts import standings
from common.dates import local_day
from health.accuracy_words import short_alarm
from health.enums import RunKind
from health.selectors.accuracy import alarms_shown
from health.selectors.operations import next_nightly, pulse, runs_latest
from health.selectors.shown import anybody
from health.selectors.sources import source_lines
from health.selectors.standing import latest_run
from health.services.runs import UnableToStartRun, run_start
from health.wording import SOURCES
from mail.selectors.outbox import mail_health

View = Callable[[PersonalRequest], HttpResponse]


def for_leaders(view: View) -> View:
    """This will answer 404 to everybody but administrators and managers."""

    @wraps(view)
    def guarded(request: PersonalRequest) -> HttpResponse:
        if request.user.role not in {Role.ADMIN, Role.MANAGER}:
            raise Http404
        return view(request)

    return guarded


@require_safe
@for_leaders
def operations(request: PersonalRequest) -> HttpResponse:
    """This will show the schedule and the newest runs."""
    now, run = timezone.now(), latest_run()
    runs = runs_latest()
    # The newest rows of the sources are looked up by a request of their own.
    sources = source_lines(run=run, moment=None)
    content = {
        "now": now,
        "accuracy_alarm": short_alarm(alarms_shown()),
        "pulse": pulse(now=now),
        "next_run": next_nightly(company=request.company, now=now),
        # Nights are run only where there is somebody to score.
        "anybody": anybody(),
        "runs": runs,
        "running": [line for line in runs if line.running],
        "mail": mail_health(now=now),
        "gateways": [(one, short_words(one)) for one in standings()],
        "sources": [(SOURCES[line.key], line, "") for line in sources],
        "sources_run": run,
        "late": run.parameters.get("late", {}) if run else {},
    }
    return render(request, "health/operations.html", content)


@require_POST
@for_leaders
def run_now(request: PersonalRequest) -> HttpResponse:
    """This will start a run of today; a second click finds the first one's run."""
    now = timezone.now()
    today = local_day(now, ZoneInfo(request.company.time_zone))
    if not anybody():
        text = _("There is nobody to score yet. Load customers first: %(command)s")
        messages.warning(request, text % {"command": "script/import FOLDER"})
        return HttpResponseRedirect(reverse("operations"))
    try:
        run = run_start(kind=RunKind.MANUAL, as_of=today, now=now)
    except UnableToStartRun:
        text = _("Another run is still under way. Try again when it is through.")
        messages.warning(request, text)
    else:
        text = (
            _("The run has started.")
            if run.started_at == now
            else _("A run of today is already under way.")
        )
        messages.success(request, text)
    return HttpResponseRedirect(reverse("operations"))
