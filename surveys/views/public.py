"""The page behind a survey's mail.

Reached without signing in, without a cookie, without a form token: the link's own token is
what counts. Mail scanners open every link and run its scripts, so a GET notes a click,
which counts for nothing, and only a POST that a person caused becomes an answer.

There is no rate limit. A token that is not genuine costs one query by primary key and
gets one answer, whatever it is; a genuine one must never be kept out, and what it can
leave behind is bounded (one answer, fifty clicks).
"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.address import client_address
from accounts.selectors import company as the_company
from common.outage import database_is_away
from surveys.calculations.scales import scale_of
from surveys.enums import ResponseSource
from surveys.models import Invitation
from surveys.selectors.links import (
    invitation_is_open,
    invitation_opened,
    response_of,
)
from surveys.services.clicks import click_store
from surveys.services.confirming import (
    UnableToAnswer,
    UnableToFindInvitation,
    response_confirm,
)
from surveys.views.posted import Posted, UnableToRead, posted_of, score_read
from surveys.views.question import spoken
from surveys.views.visiting import (
    Visit,
    busy_page,
    closed_page,
    guarded,
    question_page,
    thanks_page,
    unknown_page,
)
from surveys.wording import wording_of

ALWAYS = ["GET", "HEAD", "POST"]
UNPROCESSABLE = 422


@csrf_exempt
@login_not_required
@require_http_methods(ALWAYS)
def answer(
    request: HttpRequest, token: str, score: str = "", *, trap: bool = False
) -> HttpResponse:
    """This will show the question (GET) or take the answer (POST)."""
    # Whatever a sender claims its letters to be, ours are these.
    request.encoding = "utf-8"
    try:
        return _answer(request, token, score, trap=trap)
    except UnableToFindInvitation:
        return unknown_page(request)
    except DatabaseError as error:
        if not database_is_away(error):
            raise
        return busy_page(request)


@csrf_exempt
@login_not_required
@require_http_methods(ALWAYS)
def answer_score(request: HttpRequest, score: str, token: str) -> HttpResponse:
    """This will do the same with the number that was tapped in the mail."""
    return answer(request, token, score)


def _answer(
    request: HttpRequest, token: str, score: str, *, trap: bool
) -> HttpResponse:  # fmt: skip
    invitation = invitation_opened(token)
    if invitation is None:
        return unknown_page(request)
    visit = _visit(request, invitation, token, score)
    with translation.override(spoken(visit.wording)):
        return _answered(visit, trap=trap)


def _visit(
    request: HttpRequest, invitation: Invitation, token: str, text: str
) -> Visit:  # fmt: skip
    wording = wording_of(
        invitation.version,
        language=invitation.language,
        company=the_company(),
        contact=invitation.contact,
    )
    score = _on_scale(invitation, score_read(text))
    return Visit(request, invitation, wording, token, score, timezone.now())


def _on_scale(invitation: Invitation, score: int | None) -> int | None:
    return score if score in scale_of(invitation.survey.kind) else None


def _answered(visit: Visit, *, trap: bool) -> HttpResponse:
    if not invitation_is_open(visit.invitation, now=visit.now):
        return closed_page(visit)
    return _take(visit) if visit.request.method == "POST" else _show(visit, trap=trap)


def _show(visit: Visit, *, trap: bool) -> HttpResponse:
    given = response_of(visit.invitation)
    sent = "sent" in visit.request.GET
    if given and sent:
        return thanks_page(visit, given)
    if visit.request.method == "GET":
        click_store(
            invitation=visit.invitation,
            score=visit.score,
            agent=visit.agent,
            address=client_address(visit.request),
            trap=trap,
            now=visit.now,
        )
    if given is None:
        return question_page(visit, score=visit.score)
    chosen = given.score if visit.score is None else visit.score
    return question_page(
        visit, score=chosen, comment=given.comment, no_reply=given.no_reply, given=given
    )


def _take(visit: Visit) -> HttpResponse:
    try:
        posted = posted_of(visit.request)
    except UnableToRead as flaw:
        return question_page(visit, status=flaw.status, error=str(flaw))
    try:
        _confirm(visit, posted)
    except UnableToAnswer as refusal:
        return _refuse(visit, posted, str(refusal))
    if posted.is_touch:
        return guarded(HttpResponse(status=204))
    return guarded(HttpResponseRedirect(f"{visit.url}?sent"))


def _confirm(visit: Visit, posted: Posted) -> None:
    """This will keep the answer; a form that no button of ours sent is none."""
    if posted.step not in {"confirm", "send"}:
        raise UnableToAnswer(_("Press Send to answer."))
    if posted.score is None:
        raise UnableToAnswer(_("Choose a number first."))
    if posted.is_cut:
        text = _("Your text was too long. Its end was cut off; look at it and send it.")
        raise UnableToAnswer(text)
    touched = posted.is_touch
    response_confirm(
        invitation=visit.invitation,
        score=posted.score,
        comment=posted.comment,
        no_reply=posted.no_reply,
        source=ResponseSource.GESTURE if touched else ResponseSource.SENT,
        agent=visit.agent,
        address=client_address(visit.request),
        now=visit.now,
    )


def _refuse(visit: Visit, posted: Posted, error: str) -> HttpResponse:
    if posted.is_touch:
        return guarded(HttpResponse(status=UNPROCESSABLE))
    return question_page(
        visit,
        status=UNPROCESSABLE,
        error=error,
        score=_on_scale(visit.invitation, posted.score),
        comment=posted.comment,
        no_reply=posted.no_reply,
    )
