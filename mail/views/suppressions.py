"""The suppression list: who gets no more mail, why, and who said so."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.undo import message_with_undo
from mail.enums import SuppressionReason
from mail.forms.suppressions import SuppressionForm
from mail.models import Suppression
from mail.selectors.suppressions import suppression_page
from mail.services.suppressions import (
    suppression_add,
    suppression_find,
    suppression_lift,
    suppression_restore,
)
from mail.views.reading import number_of

LONGEST_WORDS = 254


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def suppressions(request: PersonalRequest) -> HttpResponse:
    """This will show the list, and put an address on it (POST)."""
    form = SuppressionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _add(request, form)
        return HttpResponseRedirect(reverse("suppressions"))
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    lifted = request.GET.get("lifted") == "1"
    before = number_of(request, "before")
    page = suppression_page(words=words, lifted=lifted, before=before)
    content = {
        "form": form,
        "page": page,
        "words": words,
        "lifted": lifted,
        "first": not before,
        "older": _link(words, lifted=lifted, before=page.older) if page.older else "",
    }
    status = 422 if form.is_bound else 200
    return render(request, "mail/suppressions.html", content, status=status)


@require_POST
@for_administrators
def suppression_remove(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will let an address get mail again, with a way back."""
    entry = get_object_or_404(Suppression, pk=pk)
    if suppression_lift(suppression=entry, by=actor_of(request), now=timezone.now()):
        message_with_undo(
            request,
            _("%(email)s may get mail again.") % {"email": _called(entry)},
            url=reverse("suppression_restore", args=[pk]),
            back=reverse("suppressions"),
        )
    return HttpResponseRedirect(reverse("suppressions"))


@require_POST
@for_administrators
def suppression_put_back(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will put an address back on the list."""
    entry = get_object_or_404(Suppression, pk=pk)
    suppression_restore(suppression=entry, by=actor_of(request), now=timezone.now())
    text = _("%(email)s is on the list again.") % {"email": _called(entry)}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("suppressions"))


def _add(request: PersonalRequest, form: SuppressionForm) -> None:
    email, scope = form.cleaned_data["email"], form.cleaned_data["scope"]
    if suppression_find(email=email, scope=scope):
        text = _("%(email)s is on the list already.") % {"email": email}
        messages.info(request, text)
        return
    entry = suppression_add(
        email=email,
        scope=scope,
        reason=SuppressionReason.BY_HAND,
        source=form.cleaned_data["source"],
        by=actor_of(request),
        now=timezone.now(),
    )
    message_with_undo(
        request,
        _("%(email)s is on the list.") % {"email": email},
        url=reverse("suppression_lift", args=[entry.pk]),
        back=reverse("suppressions"),
    )


def _called(entry: Suppression) -> str:
    return entry.email or _("The erased address")


def _link(words: str, *, lifted: bool, before: int) -> str:
    wanted = {"q": words, "lifted": "1" if lifted else "", "before": before}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{reverse('suppressions')}?{query}"
