"""Gives every request its person's language and time zone."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from accounts.backends import demo_is_open
from accounts.selectors import company

GetResponse = Callable[[HttpRequest], HttpResponse]


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
        language = language_of(request.user, translation.get_language())
        with (
            timezone.override(zone_of(request)),
            translation.override(language),
        ):
            request.LANGUAGE_CODE = language or settings.LANGUAGE_CODE
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
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
