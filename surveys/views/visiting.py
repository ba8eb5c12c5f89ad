"""The pages a visitor of the public link gets to see."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from accounts.models import Company
from common.links import link_token
from mail.rendering.bodies import UNSUBSCRIBE
from surveys.calculations.scales import group_of
from surveys.models import Invitation, Response
from surveys.selectors.links import first_message
from surveys.views.question import page_frame, question_context
from surveys.wording import Wording

RETRY_SECONDS = "60"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody, or something, at a genuine link."""

    request: HttpRequest
    invitation: Invitation
    wording: Wording
    token: str
    # The number in the link, if there is one and it is on the scale.
    score: int | None
    now: dt.datetime

    @property
    def url(self) -> str:
        """The plain address of the link."""
        return reverse("survey_answer", args=[self.token])

    @property
    def agent(self) -> str:
        """How the visitor's program names itself."""
        return self.request.headers.get("User-Agent", "")


def thanks_page(visit: Visit, given: Response) -> HttpResponse:
    group = group_of(given.kind, given.score)
    content = {
        **page_frame(visit.wording),
        "given": given,
        "thanks": visit.wording.texts.thanks.get(group, ""),
        "again_url": visit.url,
        "stop_url": _stop_url(visit.invitation),
    }
    return _page(visit.request, "surveys/public/thanks.html", content)


def question_page(
    visit: Visit,
    *,
    status: int = 200,
    error: str = "",
    given: Response | None = None,
    **chosen: Any,
) -> HttpResponse:
    content = question_context(
        survey=visit.invitation.survey, wording=visit.wording, **chosen
    )
    content |= {
        "error": error,
        "given": given,
        "send_url": visit.url,
        "stop_url": _stop_url(visit.invitation),
    }
    return _page(visit.request, "surveys/public/question.html", content, status=status)


def closed_page(visit: Visit) -> HttpResponse:
    """This will say in a friendly way that no answer is taken any more."""
    frame = page_frame(visit.wording)
    return _page(visit.request, "surveys/public/closed.html", frame)


def _stop_url(invitation: Invitation) -> str:
    message = first_message(invitation)
    if message is None:
        return ""
    return reverse("unsubscribe", args=[link_token(UNSUBSCRIBE, message, 1)])


def unknown_page(request: HttpRequest) -> HttpResponse:
    """This will answer every token that opens nothing, whatever is wrong with it."""
    company = Company.objects.filter(id=1).first() or Company()
    content = {"company_name": company.name}
    return _page(request, "surveys/public/unknown.html", content, status=404)


def busy_page(request: HttpRequest) -> HttpResponse:
    """This will ask to send it again, when the database could not be reached. No query."""
    page = _page(request, "surveys/public/busy.html", {}, status=503)
    page.headers["Retry-After"] = RETRY_SECONDS
    return page


def _page(
    request: HttpRequest, name: str, content: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    page = render(request, name, content, status=status)
    page.headers["Content-Language"] = translation.get_language() or ""
    return guarded(page)


def guarded(page: HttpResponse) -> HttpResponse:
    """This will keep a page out of caches, indexes and other people's logs."""
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    return page
