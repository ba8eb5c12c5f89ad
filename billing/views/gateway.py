"""The page of one account at a gateway, its import, its events, its objects."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.enums import GatewayKind, ObjectKind
from billing.gateway_words import EVENTS, import_lines, state_words
from billing.models import GatewayAccount
from billing.selectors.gateways.accounts import (
    many_missed,
    nights_latest,
    standing_of,
)
from billing.selectors.gateways.rows import events_page, objects_of, troubled
from billing.services.gateways.imports import (
    UnableToImport,
    import_go_on,
    import_start,
    import_stop,
)
from billing.services.gateways.wanting import objects_read_again, objects_want
from billing.views.gateways import asks, hook_address, secrets_shown
from common.jobs import enqueue
from common.templatetags import ui


@require_safe
@for_administrators
def gateway(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show how an account stands, and everything that can be done with it."""
    account = get_object_or_404(GatewayAccount, pk=pk)
    standing = standing_of(account)
    importing = standing.importing
    running = importing is not None and not (importing.finished_at or importing.stopped)
    content: dict[str, Any] = {
        "account": account,
        "standing": standing,
        "asks": asks(account),
        "words": state_words(standing),
        "hook": hook_address(account, request),
        "hears": EVENTS[account.kind],
        "kind": GatewayKind(account.kind),
        "importing": importing,
        "import_lines": import_lines(importing) if importing else [],
        "running": running,
        "troubled": troubled(account),
        "nights": [(row, many_missed(row)) for row in nights_latest(account)],
        **secrets_shown(account),
    }
    return render(request, "billing/gateways/account.html", content)


@require_POST
@for_administrators
def gateway_import(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will start an import, stop it, or go on with it."""
    account = get_object_or_404(GatewayAccount, pk=pk)
    by, now = actor_of(request), timezone.now()
    wish = request.POST.get("do", "")
    try:
        if wish == "start":
            import_start(account=account, by=by, now=now)
            messages.success(request, _("The import has started."))
        elif wish == "stop" and import_stop(account=account, by=by, now=now):
            messages.info(request, _("The import is stopped. It can go on from here."))
        elif wish == "go" and import_go_on(account=account, by=by, now=now):
            messages.success(request, _("The import goes on."))
    except UnableToImport as error:
        messages.warning(request, str(error))
    return HttpResponseRedirect(reverse("gateway", args=[pk]) + "#import")


@require_POST
@for_administrators
def gateway_read_again(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will have one object (`object`), or all that could not be read, read again."""
    account = get_object_or_404(GatewayAccount, pk=pk)
    one = request.POST.get("object", "")
    now = timezone.now()
    if one:
        number = int(one) if one.isdecimal() else 0
        row = get_object_or_404(objects_of(account), pk=number)
        about = [(ObjectKind(row.kind), row.external_id)]
        count = objects_want(account=account, about=about, now=now)
    else:
        count = objects_read_again(account=account)
    enqueue("billing.gateway_read")
    text = ngettext(
        "%(count)s object is read again.", "%(count)s objects are read again.", count
    )
    messages.success(request, text % {"count": ui.number(count)})
    return HttpResponseRedirect(reverse("gateway", args=[pk]) + "#troubled")


@require_safe
@for_administrators
def gateway_events(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will list the events of an account, the newest first."""
    account = get_object_or_404(GatewayAccount, pk=pk)
    before = number_of(request, "before")
    page = events_page(account, before=before)
    content = {
        "account": account,
        "page": page,
        "first": not before,
        "address": reverse("gateway_events", args=[pk]),
    }
    return render(request, "billing/gateways/events.html", content)


def number_of(request: PersonalRequest, name: str) -> int:
    """This will read a number from the address; 0 for anything else."""
    text = request.GET.get(name, "")
    usable = text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if usable else 0
