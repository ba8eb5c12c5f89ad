"""Gives every request its person's language and time zone, and asks for second factors."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from accounts.backends import demo_is_open
from accounts.selectors import company
from accounts.selectors.second_factor import (
    HAS_SECOND_FACTOR,
    has_second_factor,
    second_factor_demanded,
)

GetResponse = Callable[[HttpRequest], HttpResponse]

# What somebody may open who has to set up a second factor first: the pages that do it,
# the ways to confirm who one is, the way out.
SETTING_UP = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_logout",
        "appearance",
    }
)


class PersonalSettingsMiddleware:
    """Speaks the person's language and tells the person's time while it answers.

    LocaleMiddleware has chosen a language for somebody unknown before; this comes after
    and knows better. `request.company` is read at most once, and only if somebody asks.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.company = SimpleLazyObject(company)  # type: ignore[attr-defined]
        if request.path.startswith("/healthz/"):
            # These must answer while the database is away, so they know nobody.
            request.user = AnonymousUser()
        elif getattr(request.user, "is_demo", False) and not demo_is_open():
            # Signed in while the demo was asked for; that time is over.
            logout(request)
        if not request.user.is_authenticated:
            return self.get_response(request)
        # What a CSM sees depends on the company; it is still read only if asked.
        request.user.company = request.company  # type: ignore[attr-defined]
        language = language_of(request.user, translation.get_language())
        with (
            timezone.override(zone_of(request)),
            translation.override(language),
        ):
            request.LANGUAGE_CODE = language or settings.LANGUAGE_CODE
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        # Nothing of it stays on a shared machine after signing out, "back" included.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def language_of(user: Any, otherwise: str | None) -> str | None:
    """This will return the person's language if it is still one of ours."""
    return user.language if user.language in dict(settings.LANGUAGES) else otherwise


def zone_of(request: Any) -> ZoneInfo:
    """This will return the person's zone, else the company's, else UTC.

    A zone whose name the system no longer knows must not lock anybody out.
    """
    readers: tuple[Callable[[], str], ...] = (
        lambda: str(request.user.time_zone),
        lambda: str(request.company.time_zone),
    )
    for read in readers:
        try:
            return ZoneInfo(read())
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


class SecondFactorMiddleware:
    """Leads people whose role needs a second factor to setting one up, before all else.

    Reads the company as the rest of the request does. For roles that need none that is
    all; for the others it asks the database once per session, which then remembers.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """This will stop the request, or return None to let it through."""
        if not must_set_up(request, view):
            return None
        url = reverse("mfa_index")
        if request.htmx:
            return HttpResponseClientRedirect(url)
        return HttpResponseRedirect(url)


def must_set_up(request: Any, view: Any) -> bool:
    """This will be true of a page that somebody without a second factor may not have."""
    user = request.user
    if not user.is_authenticated or not getattr(view, "login_required", True):
        return False
    if request.resolver_match.url_name in SETTING_UP:
        return False
    if not second_factor_demanded(user, request.company):
        return False
    if request.session.get(HAS_SECOND_FACTOR) == user.pk:
        return False
    if not has_second_factor(user):
        return True
    request.session[HAS_SECOND_FACTOR] = user.pk
    return False
