"""Looking for groups among the comments that no theme holds, in a worker."""

import datetime as dt
import logging
import uuid
from collections import defaultdict

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.jobs import enqueue
from surveys.calculations.clusters import Group, groups_of
from surveys.calculations.phrases import base_of
from surveys.enums import SuggestionState
from surveys.models import Response, Suggestion, SuggestionRun, Theme
from surveys.selectors.comments import (
    Comment,
    comments_of,
    feedback_unthemed,
    language_of,
    responses_unthemed,
    said_at_of,
    text_of,
)
from surveys.services.mentions import mentions_add
from surveys.services.themes import Wording, theme_create

logger = logging.getLogger(__name__)
# The newest of a language; more would say the same and take long.
MOST_COMMENTS = 2_000
# A comment's beginning says what it is about.
LONGEST = 2_000
LEASE = dt.timedelta(minutes=5)
# A wake-up that nobody has heard by then is sent again.
HEARD_WITHIN = dt.timedelta(minutes=1)
# Two groups of words are the same suggestion when they share at least so much.
ALIKE = 0.5
DIED = gettext_noop("The worker that looked for groups has died. Start it again.")


@transaction.atomic
def suggestions_start(*, by: Actor, now: dt.datetime) -> SuggestionRun:
    """This will ask a worker to look for groups; one that runs already is returned."""
    try:
        with transaction.atomic():
            run = SuggestionRun.objects.create(started_at=now)
    except IntegrityError:
        return SuggestionRun.objects.get(state=SuggestionState.RUNNING)
    audit_record(by=by, action="surveys.suggestions_started", now=now, subject=run)
    enqueue("surveys.suggestions_work", run_id=run.pk)
    return run


def suggestions_work(*, run_id: int) -> None:
    """This will look for groups in each language, and put them down all at once.

    Nothing happens when another worker has the run. An error fails it with its reason.
    """
    claim = uuid.uuid4()
    running = SuggestionRun.objects.filter(pk=run_id, state=SuggestionState.RUNNING)
    if not running.filter(claim=None).update(claim=claim, lease_until=Now() + LEASE):
        return
    ours = running.filter(claim=claim)
    try:
        by_language = _comments_by_language()
        total = sum(len(comments) for comments in by_language.values())
        ours.update(comments=total)
        found: list[tuple[str, Group, list[Comment]]] = []
        for language, comments in sorted(by_language.items()):
            texts = [text_of(comment)[:LONGEST] for comment in comments]
            found += [
                (language, group, comments) for group in groups_of(texts, language)
            ]
            done = sum(len(by_language[one]) for one in by_language if one <= language)
            ours.update(done=done, lease_until=Now() + LEASE)
        _finish(run_id, claim, found)
    except Exception as error:
        logger.exception("Search %s for groups failed", run_id)
        ours.update(
            state=SuggestionState.FAILED,
            finished_at=Now(),
            reason=f"{type(error).__name__}: {error}",
        )


def suggestions_sweep(*, now: dt.datetime) -> None:
    """This will fail runs whose worker died, and wake workers for those nobody took."""
    running = SuggestionRun.objects.filter(state=SuggestionState.RUNNING)
    running.filter(lease_until__lt=Now()).update(
        state=SuggestionState.FAILED, finished_at=Now(), reason=DIED
    )
    unheard = running.filter(claim=None, started_at__lt=now - HEARD_WITHIN)
    for pk in unheard.values_list("pk", flat=True):
        enqueue("surveys.suggestions_work", run_id=pk)


@transaction.atomic
def suggestion_accept(
    *,
    suggestion: Suggestion,
    name: str,
    phrases: list[Wording],
    by: Actor,
    now: dt.datetime,
) -> Theme:
    """This will make a theme of a suggestion, with its comments put there by hand."""
    theme = theme_create(name=name, phrases=phrases, by=by, now=now)
    suggestion_join(suggestion=suggestion, theme=theme, by=by, now=now)
    return theme


@transaction.atomic
def suggestion_join(
    *, suggestion: Suggestion, theme: Theme, by: Actor, now: dt.datetime
) -> int:
    """This will put a suggestion's comments under a theme; returns how many."""
    comments = comments_of(responses=suggestion.responses, feedback=suggestion.feedback)
    added = mentions_add(theme=theme, comments=comments, by=by, now=now)
    Suggestion.objects.filter(pk=suggestion.pk).update(theme=theme, dismissed_at=None)
    return added


def suggestion_dismiss(*, suggestion: Suggestion, now: dt.datetime) -> None:
    """This will put a suggestion aside; later runs leave out what is like it."""
    open_ones = Suggestion.objects.filter(pk=suggestion.pk, theme=None)
    open_ones.update(dismissed_at=now)


def suggestion_restore(*, suggestion: Suggestion) -> None:
    """This will undo the putting aside."""
    Suggestion.objects.filter(pk=suggestion.pk).update(dismissed_at=None)


def _comments_by_language() -> dict[str, list[Comment]]:
    responses = responses_unthemed().select_related("contact", "customer")
    feedback = feedback_unthemed().select_related("contact", "customer")
    newest: list[Comment] = [
        *responses.order_by("-responded_at", "-pk")[: 3 * MOST_COMMENTS],
        *feedback.order_by("-said_at", "-pk")[: 3 * MOST_COMMENTS],
    ]
    newest.sort(key=lambda one: (said_at_of(one), one.pk), reverse=True)
    made: dict[str, list[Comment]] = defaultdict(list)
    for comment in newest:
        held = made[base_of(language_of(comment))]
        if len(held) < MOST_COMMENTS:
            held.append(comment)
    return dict(made)


@transaction.atomic
def _finish(
    run_id: int, claim: uuid.UUID, found: list[tuple[str, Group, list[Comment]]]
) -> None:
    rows = SuggestionRun.objects.select_for_update()
    run = rows.filter(pk=run_id, claim=claim, state=SuggestionState.RUNNING).first()
    if run is None:
        return
    dismissed = _dismissed()
    kept = [one for one in found if not _is_like(one[0], one[1].words, dismissed)]
    kept.sort(key=lambda one: (-len(one[1].members), one[0]))
    Suggestion.objects.bulk_create(
        _suggestion(run, position, *one) for position, one in enumerate(kept, 1)
    )
    run.state, run.finished_at = SuggestionState.DONE, timezone.now()
    run.claim = run.lease_until = None
    run.save()


def _suggestion(
    run: SuggestionRun,
    position: int,
    language: str,
    group: Group,
    comments: list[Comment],
) -> Suggestion:
    members = [comments[place] for place in group.members]
    return Suggestion(
        run=run,
        position=position,
        language=language,
        words=[word[:80] for word in group.words],
        phrases=[phrase[:80] for phrase in group.phrases],
        responses=[one.pk for one in members if isinstance(one, Response)],
        feedback=[one.pk for one in members if not isinstance(one, Response)],
    )


def _dismissed() -> list[tuple[str, set[str]]]:
    rows = Suggestion.objects.filter(Q(dismissed_at__isnull=False))
    return [(row.language, set(row.words)) for row in rows]


def _is_like(
    language: str, words: tuple[str, ...], known: list[tuple[str, set[str]]]
) -> bool:
    mine = set(words)
    return any(
        code == language and len(mine & theirs) / len(mine | theirs) >= ALIKE
        for code, theirs in known
    )
