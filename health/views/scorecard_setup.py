"""What a scorecard is called, for whom it is, and whether it is used at all."""

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
from common.undo import message_with_undo, way_back
from health.models import Scorecard
from health.scorecard_forms import SetupForm
from health.selectors.scorecards import scorecard_lines, segment_lines
from health.services.scorecards.locking import UnableToChangeScorecard
from health.services.scorecards.setup import (
    UnableToRetireScorecard,
    UnableToSaveUnseenSetup,
    scorecard_retire,
    scorecard_return,
    scorecard_setup,
    setup_values,
)
from health.views.scorecard import scorecard_of


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def setup(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show and save name, segments and priority."""
    card = scorecard_of(pk)
    if request.method != "POST":
        return _page(request, card, SetupForm(stored=card))
    form = SetupForm(request.POST, stored=card)
    if not form.is_valid():
        return _page(request, card, form, 422)
    try:
        changed = scorecard_setup(
            scorecard=card,
            values=form.typed(),
            seen=form.seen,
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSaveUnseenSetup:
        form.meet(setup_values(scorecard_of(pk)))  # type: ignore[arg-type]
        return _page(request, card, form, 409)
    except UnableToChangeScorecard as error:
        form.add_error("name", str(error))
        return _page(request, card, form, 422)
    if changed:
        messages.success(request, _("Saved. The next run goes by it."))
    else:
        messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(request.path)


@require_POST
@for_administrators
def retire(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take a scorecard out of use, with a way to take it back."""
    card = scorecard_of(pk)
    back = way_back(request, reverse("scorecard", args=[pk]))
    try:
        scorecard_retire(scorecard=card, by=actor_of(request), now=timezone.now())
    except UnableToRetireScorecard as error:
        messages.warning(request, str(error))
    else:
        text = _("“%(name)s” is retired. The next run scores nobody by it.")
        message_with_undo(
            request,
            text % {"name": card.label},
            url=reverse("scorecard_return", args=[pk]),
            back=back,
        )
    return HttpResponseRedirect(back)


@require_POST
@for_administrators
def bring_back(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will use a retired scorecard again."""
    card = scorecard_of(pk)
    try:
        scorecard_return(scorecard=card, by=actor_of(request), now=timezone.now())
    except UnableToChangeScorecard as error:
        messages.warning(request, str(error))
    else:
        text = _("“%(name)s” is back. The next run scores by it.")
        messages.success(request, text % {"name": card.label})
    return HttpResponseRedirect(way_back(request, reverse("scorecard", args=[pk])))


def _page(
    request: PersonalRequest, card: Scorecard, form: SetupForm, status: int = 200
) -> HttpResponse:
    content = {
        "scorecard": card,
        "form": form,
        "segments": segment_lines(scorecard_lines(request.user)),
    }
    return render(request, "health/scorecards/setup.html", content, status=status)
