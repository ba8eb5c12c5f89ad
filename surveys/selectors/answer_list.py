"""The list of answers: filters with counts, a search, and pages that do not shift."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery

from accounts.models import User
from customers.timeline import Place
from surveys.calculations.scales import BORDERS, HIGH, LOW, MIDDLE
from surveys.enums import Decision, InvitationState
from surveys.models import Click, Invitation, Response
from surveys.models.response import WAITING, ResponseQuerySet
from surveys.selectors.answers import WAITING_DAYS

SHOWN = 50
# A place's source; the list has only one.
SOURCE = "answer"
UNSENT = "unsent"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see; everything is well-formed already."""

    filter: str = "all"
    kind: str = ""
    survey: int = 0
    words: str = ""
    behind: Place | None = None


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """Answers, newest first; `older` is the place to go on from, "" for none."""

    rows: list[Response]
    older: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """An invitation, with which score it was opened last, and when."""

    invitation: Invitation
    score: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class UnsentPage:
    """Invitations that were opened with a score, the latest first."""

    rows: list[Unsent]
    older: str


def answer_filters(now: dt.datetime) -> dict[str, Q]:
    """This will say what each filter keeps, the whole list first."""
    first = now - dt.timedelta(days=WAITING_DAYS)
    flagged = ~Q(flags=[])
    return {
        "all": Q(),
        "waiting": WAITING & Q(responded_at__range=(first, now)),
        **{group: _of_group(group) for group in (LOW, MIDDLE, HIGH)},
        "comment": ~Q(comment=""),
        "review": flagged & Q(decision=Decision.NONE, counted=False),
        "flagged": flagged,
        "resolved": Q(resolved_at__isnull=False),
    }


def answer_counts(user: User, asked: Asked, *, now: dt.datetime) -> dict[str, int]:
    """This will count what each filter would keep. Two queries."""
    counted = _found(user, asked).aggregate(
        **{
            name: Count("id", filter=kept) if kept else Count("id")
            for name, kept in answer_filters(now).items()
        }
    )
    return {**counted, UNSENT: _unsent(user, asked).count()}


def answer_page(user: User, asked: Asked, *, now: dt.datetime) -> AnswerPage:
    """This will return 50 answers behind a place; one query."""
    where = answer_filters(now)[asked.filter]
    if asked.behind:
        where &= asked.behind.behind(SOURCE, "responded_at")
    related = ("customer__owner", "contact", "version__survey", "handler")
    rows = _found(user, asked).filter(where).select_related(*related)
    shown = list(rows.order_by("-responded_at", "-id")[: SHOWN + 1])
    last = shown[:SHOWN][-1] if len(shown) > SHOWN else None
    older = Place(last.responded_at, SOURCE, last.pk).encode() if last else ""
    return AnswerPage(shown[:SHOWN], older)


def unsent_page(user: User, asked: Asked) -> UnsentPage:
    """This will return 50 invitations whose newest scored click was never confirmed."""
    rows = _unsent(user, asked).select_related("customer", "contact", "survey")
    if asked.behind:
        rows = rows.filter(asked.behind.behind(SOURCE, "opened_at"))
    found = rows.order_by("-opened_at", "-id")[: SHOWN + 1]
    shown = [_opened(row) for row in found]
    last = shown[:SHOWN][-1] if len(shown) > SHOWN else None
    older = Place(last.at, SOURCE, last.invitation.pk).encode() if last else ""
    return UnsentPage(shown[:SHOWN], older)


def _opened(row: Any) -> Unsent:
    # The query has annotated both.
    return Unsent(row, row.opened_with, row.opened_at)


def _found(user: User, asked: Asked) -> ResponseQuerySet:
    found: ResponseQuerySet = Response.objects.visible_to(user)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.survey:
        found = found.filter(version__survey=asked.survey)
    if asked.words:
        found = found.filter(comment__icontains=asked.words)
    return found


def _unsent(user: User, asked: Asked) -> "models.QuerySet[Invitation]":
    """This will keep invitations opened with a score and not answered, with that score.

    They hold no words, so a search finds none of them.
    """
    clicks = Click.objects.filter(invitation=OuterRef("pk"), score__isnull=False)
    newest = clicks.order_by("-clicked_at", "-id")
    found = Invitation.objects.visible_to(user).exclude(state=InvitationState.ANSWERED)
    if asked.words:
        found = found.none()
    if asked.kind:
        found = found.filter(survey__kind=asked.kind)
    if asked.survey:
        found = found.filter(survey=asked.survey)
    return found.filter(response__isnull=True).annotate(
        opened_with=Subquery(newest.values("score")[:1]),
        opened_at=Subquery(newest.values("clicked_at")[:1]),
    ).filter(opened_at__isnull=False)  # fmt: skip


def _of_group(group: str) -> Q:
    condition = Q()
    for kind, (last_low, first_high) in BORDERS.items():
        scores = {
            LOW: Q(score__lte=last_low),
            MIDDLE: Q(score__gt=last_low, score__lt=first_high),
            HIGH: Q(score__gte=first_high),
        }[group]
        condition |= Q(kind=kind) & scores
    return condition
