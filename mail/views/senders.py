"""In whose name mail goes out."""

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
from mail.forms.senders import SenderForm
from mail.models import Sender
from mail.services.senders import (
    UnableToRetireSender,
    UnableToSaveUnseenSender,
    sender_add,
    sender_change,
    sender_make_default,
    sender_restore,
    sender_retire,
)

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@for_administrators
def sender_create(request: PersonalRequest) -> HttpResponse:
    """This will add a sender."""
    if request.method != "POST":
        return _page(request, SenderForm(), None)
    form = SenderForm(request.POST)
    if not form.is_valid():
        return _page(request, form, None, status=422)
    sender = sender_add(**form.values(), by=actor_of(request), now=timezone.now())
    messages.success(request, _("Added: %(name)s") % {"name": sender.name})
    return _back()


@require_http_methods(METHODS)
@for_administrators
def sender_edit(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show and change a sender."""
    sender = get_object_or_404(Sender, pk=pk)
    if request.method != "POST":
        return _page(request, SenderForm(stored=sender), sender)
    form = SenderForm(request.POST, stored=sender)
    if not form.is_valid():
        return _page(request, form, sender, status=422)
    try:
        sender_change(
            sender=sender,
            **form.values(),
            seen=form.seen,
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSaveUnseenSender:
        form.meet(Sender.objects.get(pk=pk))
        return _page(request, form, sender, status=409)
    messages.success(request, _("Saved: %(name)s") % {"name": form.values()["name"]})
    return _back()


@require_POST
@for_administrators
def sender_default(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will use a sender unless another is chosen."""
    sender = get_object_or_404(Sender, pk=pk)
    sender_make_default(sender=sender, by=actor_of(request), now=timezone.now())
    text = _("Mail comes from %(name)s unless another sender is chosen.")
    messages.success(request, text % {"name": sender.name})
    return _back()


@require_POST
@for_administrators
def sender_leave(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will retire a sender, with a way to take it back."""
    sender = get_object_or_404(Sender, pk=pk)
    try:
        sender_retire(sender=sender, by=actor_of(request), now=timezone.now())
    except UnableToRetireSender as error:
        messages.warning(request, str(error))
        return _back()
    message_with_undo(
        request,
        _("Retired: %(name)s") % {"name": sender.name},
        url=reverse("sender_restore", args=[pk]),
        back=reverse("settings_mail"),
    )
    return _back()


@require_POST
@for_administrators
def sender_return(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will offer a retired sender again."""
    sender = get_object_or_404(Sender, pk=pk)
    sender_restore(sender=sender, by=actor_of(request), now=timezone.now())
    messages.success(request, _("In use again: %(name)s") % {"name": sender.name})
    return _back()


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("settings_mail") + "#senders")


def _page(
    request: PersonalRequest,
    form: SenderForm,
    sender: Sender | None,
    *,
    status: int = 200,
) -> HttpResponse:
    content = {"form": form, "sender": sender}
    return render(request, "mail/sender.html", content, status=status)
