"""The page behind an offer of yearly billing.

Reached without signing in, without a cookie, without a form token: the link's own token is
what counts. Mail scanners open every link, so a GET writes nothing at all, and a yes needs
a box to be ticked in a form that is posted. Nothing leads from here to anything else.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Company
from accounts.selectors import company as the_company
from billing.enums import OfferState
from billing.mails import offer_terms
from billing.models import YearlyOffer
from billing.selectors.offers import offer_opened, offer_state
from billing.services.offers import UnableToAnswerOffer, offer_answer
from common.dates import first_zone
from common.outage import database_is_away

RETRY_SECONDS = "60"


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """This will show an offer's terms (GET), or take the customer's answer (POST)."""
    request.encoding = "utf-8"
    try:
        return _opened(request, token)
    except DatabaseError as error:
        if not database_is_away(error):
            raise
        page = _answer(request, "busy", status=503, company_name="")
        page.headers["Retry-After"] = RETRY_SECONDS
        return page


def _opened(request: HttpRequest, token: str) -> HttpResponse:
    found = offer_opened(token)
    if found is None:
        return _answer(request, "unknown", status=404)
    language = found.contact.language if found.contact else ""
    zone = first_zone(the_company().time_zone)
    with (
        translation.override(language or settings.LANGUAGE_CODE),
        timezone.override(zone),
    ):
        if request.method == "POST":
            return _take(request, found)
        return _page(request, found)


def _take(request: HttpRequest, found: YearlyOffer) -> HttpResponse:
    act = request.POST.get("act", "")
    if act not in {"accept", "decline"}:
        return _page(request, found, error=_("Press one of the buttons."), status=422)
    if act == "accept" and request.POST.get("agree") != "yes":
        text = _("Tick the box if you want to pay by the year.")
        return _page(request, found, error=text, status=422)
    try:
        offer_answer(offer=found, accept=act == "accept", now=timezone.now())
    except UnableToAnswerOffer as refusal:
        found.refresh_from_db(fields=["state"])
        return _page(request, found, error=str(refusal), status=409)
    return guarded(HttpResponseRedirect(request.path))


def _page(
    request: HttpRequest, found: YearlyOffer, *, error: str = "", status: int = 200
) -> HttpResponse:
    plan = found.subscription.plan
    state = offer_state(found, now=timezone.now())
    content = {
        "offer": found,
        "state": state,
        "open": state == OfferState.OPEN,
        "plan": plan.name if plan else "",
        "terms": offer_terms(found),
        "owner": found.customer.owner,
        "error": error,
    }
    return _answer(request, "offer", status=status, **content)


def _answer(
    request: HttpRequest, name: str, *, status: int, **content: Any
) -> HttpResponse:
    if "company_name" not in content:
        company = Company.objects.filter(id=1).first() or Company()
        content["company_name"] = company.name
    template = f"billing/offer/{name}.html"
    page = render(request, template, content, status=status)
    page.headers["Content-Language"] = translation.get_language() or ""
    return guarded(page)


def guarded(page: HttpResponse) -> HttpResponse:
    """This will keep a page out of caches, indexes and other people's logs."""
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    return page
