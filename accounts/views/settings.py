"""The company's settings: name and address, working time's frame, access."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.http.request import validate_host
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import for_administrators
from accounts.forms.settings import AccessForm, CompanyForm, CompanyPartForm
from accounts.http import PersonalRequest
from accounts.models import Company
from accounts.selectors.second_factor import has_second_factor
from accounts.selectors.zones import zone_names
from accounts.views.settings_part import part_answer
from common.colours import READABLE, WHITE, contrast, ink_on

ALWAYS = ["GET", "HEAD", "POST"]
LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})


@require_safe
@for_administrators
def settings_start(request: PersonalRequest) -> HttpResponse:
    """This will open the first page of the settings."""
    return HttpResponseRedirect(reverse("settings_company"))


@require_http_methods(ALWAYS)
@for_administrators
def settings_company(request: PersonalRequest) -> HttpResponse:
    """This will show and save who we are and where we are found."""

    def page(form: CompanyPartForm, status: int) -> HttpResponse:
        stored: Company = form.stored
        content = {
            "form": form,
            "zones": zone_names(),
            "now": timezone.now(),
            "zone": stored.time_zone,
            "here": f"{request.scheme}://{request.get_host()}",
            "doubts": address_doubts(stored.base_url, request),
            "accent": stored.accent,
            "ink": ink_on(stored.accent),
            "white_ratio": contrast(stored.accent, WHITE),
            "white_reads": contrast(stored.accent, WHITE) >= READABLE,
        }
        return render(request, "accounts/settings_company.html", content, status=status)

    return part_answer(request, CompanyForm, page)


@require_http_methods(ALWAYS)
@for_administrators
def settings_access(request: PersonalRequest) -> HttpResponse:
    """This will show and save what CSMs see, and who needs a second factor."""

    def page(form: CompanyPartForm, status: int) -> HttpResponse:
        content = {"form": form, "unprotected": not has_second_factor(request.user)}
        return render(request, "accounts/settings_access.html", content, status=status)

    return part_answer(request, AccessForm, page)


def address_doubts(base_url: str, request: PersonalRequest) -> list[str]:
    """This will name what may be amiss with the address that mails carry."""
    if not base_url:
        return ["missing"]
    scheme, _sep, host = base_url.partition("://")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    doubts = []
    if base_url != f"{request.scheme}://{request.get_host()}":
        doubts.append("elsewhere")
    if scheme != "https" and name not in LOCAL:
        doubts.append("plain")
    if not settings.DEBUG and not validate_host(name, settings.ALLOWED_HOSTS):
        doubts.append("refused")
    return doubts
