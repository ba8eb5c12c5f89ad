"""The scorecards there are, and new ones: by hand or from a file."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from health.scorecard_forms import ImportForm, SetupForm
from health.selectors.scorecards import (
    default_live,
    scorecard_lines,
    scorecards_without_draft,
    segment_lines,
)
from health.services.scorecards import scorecard_current
from health.services.scorecards.importing import (
    UnableToImportScorecard,
    scorecard_import,
)
from health.services.scorecards.locking import UnableToChangeScorecard
from health.services.scorecards.setup import scorecard_create

METHODS = ["GET", "HEAD", "POST"]


@require_safe
def scorecards(request: PersonalRequest) -> HttpResponse:
    """This will list the scorecards, and say which segment falls to which."""
    lines = scorecard_lines(request.user)
    content = {
        "lines": [line for line in lines if not line.scorecard.retired_at],
        "retired": [line for line in lines if line.scorecard.retired_at],
        "segments": segment_lines(lines),
    }
    return render(request, "health/scorecards/list.html", content)


@require_POST
@for_administrators
def begin(request: PersonalRequest) -> HttpResponse:
    """This will make the default scorecard before the first run does."""
    card = scorecard_current(now=timezone.now()).scorecard
    return HttpResponseRedirect(reverse("scorecard", args=[card.pk]))


@require_http_methods(METHODS)
@for_administrators
def new(request: PersonalRequest) -> HttpResponse:
    """This will make a scorecard with a draft, and go on to edit it."""
    form = SetupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            card = scorecard_create(
                values=form.typed(), by=actor_of(request), now=timezone.now()
            )
        except UnableToChangeScorecard as error:
            form.add_error("name", str(error))
        else:
            text = _("“%(name)s” is a draft. It scores nobody before you publish it.")
            messages.success(request, text % {"name": card.name})
            return HttpResponseRedirect(reverse("scorecard_draft", args=[card.pk]))
    status = 422 if form.is_bound else 200
    content = {"form": form, "default": default_live()}
    return render(request, "health/scorecards/new.html", content, status=status)


@require_http_methods(METHODS)
@for_administrators
def bring_in(request: PersonalRequest) -> HttpResponse:
    """This will make a draft of a file; it never publishes."""
    cards = scorecards_without_draft()
    bound = request.method == "POST"
    form = ImportForm(
        request.POST if bound else None, request.FILES if bound else None, cards=cards
    )
    if bound and form.is_valid():
        try:
            draft = scorecard_import(
                file=form.cleaned_data["file"],
                into=form.card,
                by=actor_of(request),
                now=timezone.now(),
            )
        except (UnableToImportScorecard, UnableToChangeScorecard) as error:
            form.add_error("into", str(error))
        else:
            messages.success(
                request, _("The file is a draft now. Nothing is in use yet.")
            )
            address = reverse("scorecard_draft", args=[draft.scorecard_id])
            return HttpResponseRedirect(address)
    status = 422 if bound else 200
    return render(
        request, "health/scorecards/import.html", {"form": form}, status=status
    )
