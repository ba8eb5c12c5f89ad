"""The draft of a scorecard: begin, edit, discard, bring back."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.undo import message_with_undo
from health.draft_fields import with_step, without_step
from health.draft_form import DraftForm
from health.draft_layout import form_parts, form_priors
from health.models import Scorecard, ScorecardVersion
from health.selectors.scorecards import default_live, draft_of, version_live
from health.services.scorecards.drafts import (
    UnableToRestoreDraft,
    UnableToSaveUnseenDraft,
    draft_discard,
    draft_restore,
    draft_save,
    draft_seen,
    draft_start,
)
from health.services.scorecards.locking import UnableToChangeScorecard
from health.views.scorecard import scorecard_of

# What was discarded last, so that it can be brought back; it ends with the session.
DISCARDED = "health.draft_discarded"


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def draft(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show and save the draft; steps are added and removed on the way."""
    card = scorecard_of(pk)
    there = draft_of(card)
    if card.retired_at or (there is None and request.method != "POST"):
        return HttpResponseRedirect(reverse("scorecard", args=[pk]))
    if request.method != "POST":
        return _page(request, card, there, _form(card, there))
    do, _colon, which = request.POST.get("do", "").partition(":")
    if do == "add":
        data = with_step(request.POST, which)
        return _page(request, card, there, _form(card, there, data, which))
    if do == "remove":
        key, _colon, row = which.partition(":")
        data = without_step(request.POST, key, row)
        return _page(request, card, there, _form(card, there, data, key))
    form = _form(card, there, request.POST)
    if not form.is_valid():
        return _page(request, card, there, form, 422)
    return _saved(request, card, form, do)


def _saved(
    request: PersonalRequest, card: Scorecard, form: DraftForm, do: str
) -> HttpResponse:
    try:
        changed = draft_save(
            scorecard=card,
            config=form.config(),
            seen=form.cleaned_data["seen"],
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSaveUnseenDraft:
        there = draft_of(card)
        form.meet(_stored(card, there), draft_seen(there))
        return _page(request, card, there, form, 409)
    except UnableToChangeScorecard as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("scorecard", args=[card.pk]))
    if do == "publish":
        return HttpResponseRedirect(reverse("scorecard_publish", args=[card.pk]))
    if changed:
        messages.success(request, _("The draft is saved."))
    else:
        messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(request.path)


@require_POST
@for_administrators
def start(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will begin a draft as a copy of what is in use, and go on to edit it."""
    card = scorecard_of(pk)
    try:
        draft_start(scorecard=card, by=actor_of(request), now=timezone.now())
    except (UnableToChangeScorecard, UnableToSaveUnseenDraft) as error:
        messages.warning(request, str(error))
        return HttpResponseRedirect(reverse("scorecard", args=[pk]))
    return HttpResponseRedirect(reverse("scorecard_draft", args=[pk]))


@require_POST
@for_administrators
def discard(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will delete the draft, with a way to take it back."""
    card = scorecard_of(pk)
    back = reverse("scorecard", args=[pk])
    try:
        kept = draft_discard(scorecard=card, by=actor_of(request), now=timezone.now())
    except UnableToChangeScorecard as error:
        messages.warning(request, str(error))
        return HttpResponseRedirect(back)
    if kept:
        request.session[DISCARDED] = kept
        undo = reverse("scorecard_draft_restore", args=[pk])
        message_with_undo(request, _("The draft is discarded."), url=undo, back=back)
    return HttpResponseRedirect(back)


@require_POST
@for_administrators
def restore(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will bring back the draft that the person discarded last."""
    card = scorecard_of(pk)
    back = reverse("scorecard", args=[pk])
    kept = request.session.get(DISCARDED)
    if kept is None or kept["scorecard"] != card.pk:
        messages.info(request, _("There is nothing to bring back."))
        return HttpResponseRedirect(back)
    try:
        draft_restore(kept=kept, by=actor_of(request), now=timezone.now())
    except (UnableToRestoreDraft, UnableToChangeScorecard) as error:
        messages.warning(request, str(error))
    else:
        del request.session[DISCARDED]
        messages.success(request, _("The draft is back."))
    return HttpResponseRedirect(back)


def _stored(card: Scorecard, there: ScorecardVersion | None) -> dict[str, object]:
    """This will return the content to compare with: the draft, or what is in use."""
    found = there or version_live(card) or default_live()
    return found.config if found else {}


def _form(
    card: Scorecard,
    there: ScorecardVersion | None,
    data: object = None,
    opened: str = "",
) -> DraftForm:
    live = version_live(card)
    return DraftForm(
        data,
        stored=_stored(card, there),
        seen=draft_seen(there),
        offered=live.config if live else None,
        opened=opened,
    )


def _page(
    request: PersonalRequest,
    card: Scorecard,
    there: ScorecardVersion | None,
    form: DraftForm,
    status: int = 200,
) -> HttpResponse:
    content = {
        "scorecard": card,
        "draft": there,
        "live": version_live(card),
        "form": form,
        "groups": form_parts(form),
        "priors": form_priors(form),
    }
    return render(request, "health/scorecards/draft.html", content, status=status)
