"""Putting comments under themes by hand, and taking them out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.undo import message_with_undo, way_back
from customers.access import editable_row_for
from surveys.models import Feedback, Mention, Response, Theme
from surveys.selectors.comments import Comment
from surveys.selectors.theme import comments_unthemed
from surveys.services.mentions import mention_add, mention_remove, mention_restore

LONGEST_WORDS = 100


@require_safe
def theme_comments(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will list comments under no theme, to be put under this one."""
    if not request.user.may_edit:
        raise PermissionDenied
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    content = {
        "topic": get_object_or_404(Theme, pk=pk),
        "words": words,
        "lines": comments_unthemed(user=request.user, words=words),
    }
    return render(request, "surveys/theme_comments.html", content)


@require_POST
def add(request: PersonalRequest) -> HttpResponse:
    """This will put a comment (`comment`: response:7 or feedback:7) under `theme`.

    `next` says which page to go back to.
    """
    comment = _comment(request)
    theme = get_object_or_404(Theme, pk=_number(request.POST.get("theme", "")))
    made = mention_add(
        theme=theme, comment=comment, by=actor_of(request), now=timezone.now()
    )
    back = way_back(request, reverse("theme", args=[theme.pk]))
    message_with_undo(
        request,
        _("The comment is under “%(theme)s” now.") % {"theme": theme.name},
        url=reverse("mention_remove", args=[made.pk]),
        back=back,
    )
    return HttpResponseRedirect(back)


@require_POST
def remove(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take a comment out of a theme, with a way to take it back."""
    mention = _mention(request, pk)
    back = way_back(request, reverse("theme", args=[mention.theme_id]))
    if mention_remove(mention=mention, by=actor_of(request), now=timezone.now()):
        message_with_undo(
            request,
            _("The comment is not under “%(theme)s” any more.")
            % {"theme": mention.theme.name},
            url=reverse("mention_restore", args=[mention.pk]),
            back=back,
        )
    return HttpResponseRedirect(back)


@require_POST
def restore(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will put a comment back under a theme."""
    mention = _mention(request, pk)
    if mention_restore(mention=mention, by=actor_of(request), now=timezone.now()):
        text = _("The comment is under “%(theme)s” again.")
        messages.success(request, text % {"theme": mention.theme.name})
    back = way_back(request, reverse("theme", args=[mention.theme_id]))
    return HttpResponseRedirect(back)


def _mention(request: PersonalRequest, pk: int) -> Mention:
    return editable_row_for(request.user, Mention.objects.select_related("theme"), pk)


def _comment(request: PersonalRequest) -> Comment:
    kind, _colon, key = request.POST.get("comment", "").partition(":")
    if kind == "response":
        return editable_row_for(request.user, Response.objects.all(), _number(key))
    return editable_row_for(request.user, Feedback.objects.all(), _number(key))


def _number(text: str) -> int:
    sound = text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if sound else 0
