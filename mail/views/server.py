"""How mail leaves: settings, a test, the webhook's address."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from mail.enums import ServerKind
from mail.forms.server import ServerForm
from mail.models import MailServer
from mail.selectors.senders import senders_listed
from mail.services.secrets import is_unprotected, server_stored
from mail.services.server import (
    UnableToSaveServer,
    UnableToSaveUnseenServer,
    server_change,
    test_mail_ask,
    webhook_key_renew,
)
from mail.services.trying import Answer, UnableToTry, server_try
from mail.transport.providers import PROVIDERS


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def settings_mail(request: PersonalRequest) -> HttpResponse:
    """This will show, try or save how mail leaves."""
    stored = server_stored()
    if request.method != "POST":
        return _page(request, ServerForm(stored=stored, person=request.user.pk))
    form = ServerForm(request.POST, stored=stored, person=request.user.pk)
    wish = request.POST.get("do", "save")
    if wish == "fields":
        return _page(request, form.afresh())
    if not form.is_valid():
        form.carry()
        return _page(request, form, status=422)
    if wish == "test":
        return _tried(request, form)
    return _saved(request, form)


@require_POST
@for_administrators
def mail_test(request: PersonalRequest) -> HttpResponse:
    """This will send a test mail to the person, the way all mail goes."""
    message = test_mail_ask(person=request.user, now=timezone.now())
    if message is None:
        messages.info(request, _("A test mail was asked for a moment ago."))
        return HttpResponseRedirect(reverse("settings_mail"))
    text = format_html(
        '{} <a href="{}">{}</a>',
        _("A test mail is on its way to %(email)s.") % {"email": request.user.email},
        reverse("outbox_message", args=[message.pk]),
        _("See what becomes of it"),
    )
    messages.success(request, text)
    return HttpResponseRedirect(reverse("settings_mail"))


@require_POST
@for_administrators
def webhook_renew(request: PersonalRequest) -> HttpResponse:
    """This will make a new webhook address."""
    webhook_key_renew(by=actor_of(request), now=timezone.now())
    text = _("The webhook has a new address. Enter it at the provider.")
    messages.success(request, text)
    return HttpResponseRedirect(reverse("settings_mail") + "#webhook")


def _tried(request: PersonalRequest, form: ServerForm) -> HttpResponse:
    try:
        answer = server_try(server=form.target, person=request.user)
    except UnableToTry as error:
        messages.warning(request, str(error))
        answer = None
    form.carry()
    return _page(request, form, answer=answer)


def _saved(request: PersonalRequest, form: ServerForm) -> HttpResponse:
    try:
        changed = server_change(
            values=form.plain_values(),
            secrets=form.pending,
            forget=form.forget,
            seen=form.seen,
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSaveUnseenServer:
        form.carry()
        form.meet(server_stored())
        return _page(request, form, status=409)
    except UnableToSaveServer as error:
        form.carry()
        form.add_error(None, str(error))
        return _page(request, form, status=422)
    if changed:
        messages.success(request, _("Saved."))
    else:
        messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(reverse("settings_mail"))


def _page(
    request: PersonalRequest,
    form: ServerForm,
    *,
    answer: Answer | None = None,
    status: int = 200,
) -> HttpResponse:
    stored: MailServer = form.stored
    shown = form.target
    content: dict[str, Any] = {
        "form": form,
        "server": stored,
        "answer": answer,
        "tried": shown,
        "unprotected": is_unprotected(shown),
        "mailbox": ServerKind.MAILBOX,
        "senders": senders_listed(),
        "webhook": webhook_address(stored, request),
        "provider": PROVIDERS.get(stored.provider),
    }
    return render(request, "mail/server.html", content, status=status)


def webhook_address(server: MailServer, request: PersonalRequest) -> str:
    """This will return the address to enter at the provider, "" where there is none."""
    provider = PROVIDERS.get(server.provider)
    if (
        server.kind != ServerKind.PROVIDER
        or not provider
        or not provider.webhook
        or not server.webhook_key
    ):
        return ""
    path = reverse("mail_hook", args=[server.provider, server.webhook_key])
    base = request.company.base_url.rstrip("/")
    return base + path if base else request.build_absolute_uri(path)
