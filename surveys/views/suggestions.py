"""Suggested themes: groups of comments that a person makes something of."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_leaders
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.undo import message_with_undo
from surveys.models import Suggestion, Theme
from surveys.selectors.suggestions import (
    suggestion_lines,
    suggestion_run,
    suggestion_run_done,
)
from surveys.services.suggesting import (
    suggestion_accept,
    suggestion_dismiss,
    suggestion_join,
    suggestion_restore,
    suggestions_start,
)
from surveys.services.themes import UnableToNameTheme

LONGEST_NAME = 80


@require_safe
@for_leaders
def suggestions(request: PersonalRequest) -> HttpResponse:
    """This will show the newest search for groups and what it found."""
    content = {
        "run": suggestion_run(),
        "lines": suggestion_lines(run=suggestion_run_done(), user=request.user),
        "topics": Theme.objects.order_by("name", "pk"),
    }
    return render(request, "surveys/suggestions.html", content)


@require_POST
@for_leaders
def start(request: PersonalRequest) -> HttpResponse:
    """This will ask a worker to look for groups."""
    suggestions_start(by=actor_of(request), now=timezone.now())
    return _back()


@require_POST
@for_leaders
def accept(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will make a theme of a suggestion: `name`, and its own phrases."""
    found = get_object_or_404(Suggestion, pk=pk)
    name = " ".join(request.POST.get("name", "").replace("\x00", "").split())
    if not name or len(name) > LONGEST_NAME:
        messages.error(request, _("Give the theme a name of up to 80 letters."))
        return _back()
    known = request.POST.getlist("phrase")
    phrases = [(found.language, one) for one in found.phrases if one in known]
    try:
        made = suggestion_accept(
            suggestion=found,
            name=name,
            phrases=phrases,
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToNameTheme as error:
        messages.error(request, str(error))
        return _back()
    messages.success(
        request, _("There is a theme “%(name)s” now.") % {"name": made.name}
    )
    return HttpResponseRedirect(reverse("theme", args=[made.pk]))


@require_POST
@for_leaders
def join(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will put a suggestion's comments under a theme that there is."""
    found = get_object_or_404(Suggestion, pk=pk)
    given = request.POST.get("theme", "")
    if not (given.isascii() and given.isdigit()):
        messages.error(request, _("Choose a theme."))
        return _back()
    theme = get_object_or_404(Theme, pk=int(given[:18]))
    added = suggestion_join(
        suggestion=found, theme=theme, by=actor_of(request), now=timezone.now()
    )
    text = ngettext(
        "%(count)d comment is under “%(theme)s” now.",
        "%(count)d comments are under “%(theme)s” now.",
        added,
    )
    messages.success(request, text % {"count": added, "theme": theme.name})
    return _back()


@require_POST
@for_leaders
def dismiss(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will put a suggestion aside, with a way back."""
    found = get_object_or_404(Suggestion, pk=pk)
    suggestion_dismiss(suggestion=found, now=timezone.now())
    message_with_undo(
        request,
        _("Put aside: %(words)s") % {"words": ", ".join(found.words)},
        url=reverse("suggestion_restore", args=[pk]),
        back=reverse("theme_suggestions"),
    )
    return _back()


@require_POST
@for_leaders
def restore(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a suggestion again that was put aside."""
    suggestion_restore(suggestion=get_object_or_404(Suggestion, pk=pk))
    return _back()


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("theme_suggestions"))
