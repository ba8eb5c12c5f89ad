"""Accounts at gateways: the list, connecting one, changing it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.enums import GatewayKind
from billing.forms.gateways import GatewayForm
from billing.gateway_words import masked, short_words, state_words
from billing.gateways.choose import gateway_class
from billing.models import GatewayAccount
from billing.selectors.gateways.accounts import standings
from billing.services.gateways.accounts import (
    UnableToConnect,
    access_readable,
    account_change,
    account_checked,
    account_connect,
    account_secret_forget,
    account_switch,
)


@require_safe
@for_administrators
def gateways(request: PersonalRequest) -> HttpResponse:
    """This will list the accounts, or say what connecting one is good for."""
    lines = [
        {
            "standing": one,
            "words": state_words(one),
            "short": short_words(one),
            "asks": asks(one.account),
        }
        for one in standings()
    ]
    return render(
        request, "billing/gateways/list.html", {"lines": lines, "kinds": _kinds()}
    )


@sensitive_post_parameters("key", "hook")
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def gateway_new(request: PersonalRequest, kind: str) -> HttpResponse:
    """This will connect an account at a gateway; its key is tried before it is stored."""
    if kind not in GatewayKind.values:
        raise Http404
    chosen = GatewayKind(kind)
    form = GatewayForm(request.POST if request.method == "POST" else None, kind=chosen)
    if form.is_bound and form.is_valid():
        values = form.values()
        try:
            called = account_checked(kind=chosen, key=values.key)
            account = account_connect(
                kind=chosen, values=values, by=actor_of(request), now=timezone.now()
            )
        except UnableToConnect as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _connected(called))
            return HttpResponseRedirect(reverse("gateway", args=[account.pk]))
    content = {"form": form, "kind": chosen, "kinds": _kinds()}
    status = 422 if form.is_bound else 200
    return render(request, "billing/gateways/new.html", content, status=status)


@sensitive_post_parameters("key", "hook")
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def gateway_change(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will change an account; a new key is tried before it takes the old one's place."""
    account = get_object_or_404(GatewayAccount, pk=pk)
    kind = GatewayKind(account.kind)
    data = request.POST if request.method == "POST" else None
    form = GatewayForm(data, kind=kind, account=account)
    if form.is_bound and form.is_valid():
        values = form.values()
        try:
            called = account_checked(kind=kind, key=values.key) if values.key else ""
            changed = account_change(
                account=account, values=values, by=actor_of(request), now=timezone.now()
            )
        except UnableToConnect as error:
            form.add_error(None, str(error))
        else:
            if called:
                messages.success(request, _connected(called))
            else:
                messages.info(
                    request, _("Saved.") if changed else _("Nothing was changed.")
                )
            return HttpResponseRedirect(reverse("gateway", args=[pk]))
    content = {"form": form, "account": account, "kind": kind, **secrets_shown(account)}
    status = 422 if form.is_bound else 200
    return render(request, "billing/gateways/change.html", content, status=status)


@require_POST
@for_administrators
def gateway_secret_forget(
    request: PersonalRequest, pk: int, place: int
) -> HttpResponse:
    """This will forget a signing secret that was replaced."""
    account = get_object_or_404(GatewayAccount, pk=pk)
    if account_secret_forget(
        account=account, place=place, by=actor_of(request), now=timezone.now()
    ):
        messages.success(request, _("The old signing secret is forgotten."))
    return HttpResponseRedirect(reverse("gateway_change", args=[pk]))


@require_POST
@for_administrators
def gateway_switch(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will turn an account off or on."""
    account = get_object_or_404(GatewayAccount, pk=pk)
    on = request.POST.get("on") == "1"
    if account_switch(account=account, on=on, by=actor_of(request), now=timezone.now()):
        text = (
            _("%(name)s is on again. What changed meanwhile is found tonight.")
            if on
            else _("%(name)s is off.")
        )
        messages.success(request, text % {"name": account.name})
    return HttpResponseRedirect(reverse("gateway", args=[pk]))


def asks(account: GatewayAccount) -> bool:
    """This will say whether a gateway can be asked at all; others only tell us."""
    return gateway_class(GatewayKind(account.kind)).asks


def secrets_shown(account: GatewayAccount) -> dict[str, Any]:
    """This will show of secrets that there are some, and nothing that helps anybody."""
    access = access_readable(account)
    return {
        "key_shown": masked(access.key) if access.key else "",
        "hooks_shown": [masked(one) for one in access.hooks],
        "unreadable": bool(account.secrets) and not (access.key or access.hooks),
    }


def hook_address(account: GatewayAccount, request: PersonalRequest) -> str:
    """This will return the webhook's address, as it is entered at the gateway."""
    path = reverse("gateway_hook", args=[account.kind, account.hook_key])
    base = request.company.base_url.rstrip("/")
    return base + path if base else request.build_absolute_uri(path)


def _kinds() -> list[tuple[str, str, bool]]:
    """This will list what can be connected, and whether it can be asked and charged at."""
    return [(kind.value, kind.label, gateway_class(kind).asks) for kind in GatewayKind]


def _connected(called: str) -> str:
    if called:
        return _("Connected with %(name)s.") % {"name": called}
    return _("Connected.")
