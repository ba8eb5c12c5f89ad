"""Putting a draft in use, and going back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from health.calculations.scorecard_changes import config_changes
from health.models import Scorecard, ScorecardVersion
from health.scorecard_change_words import change_words
from health.scorecard_forms import PublishForm
from health.scorecard_problem_words import problem_words
from health.selectors.scorecards import draft_of, version_live
from health.services.previews import preview_ensure
from health.services.scorecards.drafts import UnableToSaveDraft
from health.services.scorecards.locking import UnableToChangeScorecard
from health.services.scorecards.publishing import (
    UnableToPublish,
    UnableToPublishUnseen,
    draft_publish,
    publish_seen,
    scorecard_rollback,
)
from health.views.scorecard import scorecard_of, version_of

METHODS = ["GET", "HEAD", "POST"]
REFUSED = (UnableToPublish, UnableToPublishUnseen, UnableToChangeScorecard)


@require_http_methods(METHODS)
@for_administrators
def publish(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show what a draft changes, and put it in use."""
    card = scorecard_of(pk)
    draft, live = draft_of(card), version_live(card)
    if draft is None or card.retired_at:
        messages.info(request, _("There is no draft to publish."))
        return HttpResponseRedirect(reverse("scorecard", args=[pk]))
    form = _form(request, publish_seen(draft, live), draft.note)
    if request.method == "POST" and form.is_valid():
        try:
            version = draft_publish(
                scorecard=card,
                note=form.cleaned_data["note"],
                seen=form.cleaned_data["seen"],
                by=actor_of(request),
                now=timezone.now(),
            )
        except UnableToSaveDraft as error:
            form.add_error(None, _flaws(error))
        except REFUSED as error:
            form.add_error(None, str(error))
            form.show(publish_seen(draft, live))
        else:
            return _done(request, card, version)
    content = {"draft": draft, "changes": _changes(live, draft)}
    if not form.is_bound:
        content["preview"] = preview_ensure(version=draft, now=timezone.now())
    return _page(request, "health/scorecards/publish.html", card, live, form, content)


@require_http_methods(METHODS)
@for_administrators
def rollback(request: PersonalRequest, pk: int, number: int) -> HttpResponse:
    """This will show what going back changes, and publish a copy of an older version."""
    card = scorecard_of(pk)
    version, live = version_of(card, number), version_live(card)
    if live is None or version.pk == live.pk or card.retired_at:
        messages.info(request, _("Choose a version that was in use before."))
        return HttpResponseRedirect(reverse("scorecard", args=[pk]))
    proposed = _("Back to version %(number)s:") % {"number": version.number} + " "
    form = _form(request, publish_seen(None, live), proposed)
    if request.method == "POST" and form.is_valid():
        try:
            made = scorecard_rollback(
                version=version,
                note=form.cleaned_data["note"],
                seen=form.cleaned_data["seen"],
                by=actor_of(request),
                now=timezone.now(),
            )
        except UnableToSaveDraft as error:
            form.add_error(None, _flaws(error))
        except REFUSED as error:
            form.add_error(None, str(error))
            form.show(publish_seen(None, live))
        else:
            return _done(request, card, made)
    content = {"version": version, "changes": _changes(live, version)}
    return _page(request, "health/scorecards/rollback.html", card, live, form, content)


def _form(request: PersonalRequest, seen: str, note: str) -> PublishForm:
    data = request.POST if request.method == "POST" else None
    return PublishForm(data, initial={"seen": seen, "note": note})


def _changes(live: ScorecardVersion | None, other: ScorecardVersion) -> list[str]:
    found = config_changes(live.config, other.config) if live else []
    return [change_words(one) for one in found]


def _flaws(error: UnableToSaveDraft) -> list[str]:
    return [str(error), *(problem_words(one) for one in error.problems)]


def _done(
    request: PersonalRequest, card: Scorecard, version: ScorecardVersion
) -> HttpResponse:
    text = _("Version %(number)s of “%(name)s” is in use from the next run on.")
    words = {"number": version.number, "name": card.label}
    messages.success(request, text % words)
    return HttpResponseRedirect(reverse("scorecard", args=[card.pk]))


def _page(
    request: PersonalRequest,
    template: str,
    card: Scorecard,
    live: ScorecardVersion | None,
    form: PublishForm,
    content: dict[str, Any],
) -> HttpResponse:
    content |= {"scorecard": card, "live": live, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, template, content, status=status)
