"""One answer: everything that is known of it, and what may be done about it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.undo import message_with_undo, way_back
from customers.access import editable_row_for, row_for
from surveys.answer_words import AnswerRow, counted_words, evidence_of, seconds_words
from surveys.enums import Decision, Flag
from surveys.forms.answers import ReplyForm, ResolveForm
from surveys.models import Response
from surveys.selectors.answer_story import answer_story
from surveys.selectors.replying import envelope_of, reply_flaw
from surveys.services.decisions import response_decide
from surveys.services.replies import (
    UnableToReply,
    reply_send,
    response_reopen,
    response_resolve,
)
from surveys.wording import wording_of

# A decision as it stands in an address, which cannot be empty.
DECISIONS = {
    "count": Decision.COUNT,
    "discount": Decision.DISCOUNT,
    "rule": Decision.NONE,
}
RELATED = (
    "customer__owner", "contact__customer__owner", "version__survey__sender",
    "invitation", "handler",
)  # fmt: skip


@require_safe
def answer(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show one answer and all that belongs to it."""
    found = row_for(request.user, Response.objects.select_related(*RELATED), pk)
    return _page(request, found)


@require_POST
def answer_reply(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will send a reply by mail; 422 shows what is amiss."""
    found = _editable(request, pk)
    form = ReplyForm(request.POST, no_reply=found.no_reply)
    if not form.is_valid():
        return _page(request, found, reply=form, status=422)
    try:
        reply_send(
            response=found,
            text=form.cleaned_data["text"],
            by=actor_of(request),
            effect=form.drawn,
            now=timezone.now(),
            anyway=form.cleaned_data.get("anyway", False),
        )
    except UnableToReply as error:
        form.add_error("anyway" if found.no_reply else None, str(error))
        return _page(request, found, reply=form, status=422)
    name = found.contact.name if found.contact else found.customer.name
    messages.success(
        request, _("Your reply to %(name)s is on its way.") % {"name": name}
    )
    return _back(pk)


@require_POST
def answer_resolve(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will settle an answer, with a way to take it back; 422 shows what is amiss."""
    found = _editable(request, pk)
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return _page(request, found, resolve=form, status=422)
    done = response_resolve(
        response=found,
        resolution=form.cleaned_data["resolution"],
        by=actor_of(request),
        now=timezone.now(),
    )
    back = reverse("answer", args=[pk])
    if done:
        undo = reverse("answer_reopen", args=[pk])
        message_with_undo(request, _("The answer is resolved."), url=undo, back=back)
    else:
        messages.info(request, _("Somebody has resolved it meanwhile."))
    return HttpResponseRedirect(back)


@require_POST
def answer_reopen(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will open a settled answer again."""
    response_reopen(response=_editable(request, pk))
    messages.success(request, _("The answer is open again."))
    return HttpResponseRedirect(way_back(request, reverse("answer", args=[pk])))


@require_POST
@for_administrators
def answer_decide(request: PersonalRequest, pk: int, word: str) -> HttpResponse:
    """This will count an answer, discount it, or leave it to the rule again."""
    if word not in DECISIONS:
        raise Http404
    found = _editable(request, pk)
    before = next(key for key, kept in DECISIONS.items() if kept == found.decision)
    decided = response_decide(
        response=found,
        decision=DECISIONS[word],
        by=actor_of(request),
        now=timezone.now(),
    )
    if decided:
        found.refresh_from_db()
        message_with_undo(
            request,
            counted_words(found),
            url=reverse("answer_decide", args=[pk, before]),
            back=reverse("answer", args=[pk]),
        )
    return _back(pk)


def _editable(request: PersonalRequest, pk: int) -> Response:
    user = request.user
    return editable_row_for(user, Response.objects.select_related(*RELATED), pk)


def _back(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("answer", args=[pk]))


def _page(
    request: PersonalRequest,
    found: Response,
    *,
    reply: ReplyForm | None = None,
    resolve: ResolveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    story = answer_story(found)
    may = found.customer.owner_id in request.user.reach.changes
    invitation = found.invitation
    content: dict[str, Any] = {
        "answer": found,
        "row": AnswerRow(found, now),
        "now": now,
        "story": story,
        "wording": wording_of(
            found.version,
            language=found.language or (invitation.language if invitation else ""),
            company=request.company,
            contact=found.contact,
        ),
        "clicks": [
            {
                "click": click,
                "when": seconds_words(click.seconds),
                "flags": [Flag(flag).label for flag in click.flags],
            }
            for click in story.clicks
        ],
        "evidence": evidence_of(found, story.clicks),
        "counted": counted_words(found),
        "may": may,
        "flaw": reply_flaw(found) if may else "",
        "envelope": envelope_of(found) if may else None,
        "reply": reply or ReplyForm(no_reply=found.no_reply),
        "resolve": resolve or ResolveForm(initial={"resolution": found.resolution}),
    }
    return render(request, "surveys/answer_page.html", content, status=status)
