"""One theme: its comments, its phrases, and what has happened to it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import AuditEntry, User
from customers.models.scope import ScopedQuerySet
from surveys.calculations.phrases import Matcher, Phrase, words_of
from surveys.calculations.scales import group_of
from surveys.models import Feedback, Mention, Response, Theme, ThemePhrase
from surveys.selectors.answers import TONES
from surveys.selectors.comments import (
    Comment,
    feedback_unthemed,
    language_of,
    responses_unthemed,
    said_at_of,
    text_of,
)

# Phrases are counted over so many of the newest comments.
COUNTED = 2_000
FOUND = 30
HISTORY = 30


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment as a page shows it; `mention` where it is under a theme."""

    comment: Comment
    mention: Mention | None = None

    @property
    def text(self) -> str:
        """What was said."""
        return text_of(self.comment)

    @property
    def said_at(self) -> dt.datetime:
        """When it was said."""
        return said_at_of(self.comment)

    @property
    def response(self) -> Response | None:
        """The answer, if it is one."""
        return self.comment if isinstance(self.comment, Response) else None

    @property
    def feedback(self) -> Feedback | None:
        """The feedback, if it is some."""
        return self.comment if isinstance(self.comment, Feedback) else None

    @property
    def tone(self) -> str:
        """The score's tone: crit, ok or none."""
        answer = self.response
        return TONES[group_of(answer.kind, answer.score)] if answer else ""

    @property
    def key(self) -> str:
        """How a form names the comment."""
        return f"{'response' if self.response else 'feedback'}:{self.comment.pk}"


@dataclass(frozen=True, slots=True)
class PhraseLine:
    """A phrase and how many of the theme's newest comments it catches."""

    phrase: ThemePhrase
    comments: int


def theme_mentions(theme: Theme, *, removed: bool = False) -> "ScopedQuerySet[Mention]":
    """This will return a theme's mentions, newest first, with all a line shows.

    Scope them before they are shown to a user.
    """
    rows = Mention.objects.filter(theme=theme, removed=removed)
    return rows.select_related(
        "customer", "response__contact", "feedback__contact"
    ).order_by("-said_at", "-pk")


def comment_lines(mentions: Iterable[Mention]) -> list[CommentLine]:
    """This will make mentions into lines; no query."""
    made = []
    for mention in mentions:
        comment = mention.response or mention.feedback
        if comment is not None:
            comment.customer = mention.customer
            made.append(CommentLine(comment, mention))
    return made


def comments_unthemed(*, user: User, words: str = "") -> list[CommentLine]:
    """This will return the newest visible comments under no theme. Two queries."""
    said = responses_unthemed().visible_to(user)
    told = feedback_unthemed().visible_to(user)
    if words:
        said = said.filter(comment__icontains=words)
        told = told.filter(text__icontains=words)
    rows: list[Comment] = [
        *said.select_related("contact", "customer").order_by("-responded_at", "-pk")[
            :FOUND
        ],
        *told.select_related("contact", "customer").order_by("-said_at", "-pk")[:FOUND],
    ]
    rows.sort(key=lambda one: (said_at_of(one), one.pk), reverse=True)
    return [CommentLine(one) for one in rows[:FOUND]]


def phrase_lines(*, theme: Theme, user: User) -> list[PhraseLine]:
    """This will count what each phrase catches of the visible comments. Two queries."""
    phrases = list(theme.phrases.order_by("language", "phrase", "pk"))
    by_key = {
        Phrase(owner=row.pk, language=row.language, text=row.phrase): row.pk
        for row in phrases
    }
    matcher = Matcher(by_key)
    counts: Counter[int] = Counter()
    mentions = theme_mentions(theme).visible_to(user)[:COUNTED] if phrases else []
    for line in comment_lines(mentions):
        found = matcher.found(line.text, language_of(line.comment))
        counts.update(by_key[phrase] for phrase in found)
    return [PhraseLine(row, counts[row.pk]) for row in phrases]


def theme_history(theme: Theme) -> list[AuditEntry]:
    """This will return what was changed about a theme, newest first. One query."""
    rows = AuditEntry.objects.filter(
        subject_type=Theme._meta.label_lower, subject_id=str(theme.pk)
    ).filter(~Q(action__startswith="surveys.mention"))
    return list(rows.select_related("detail").order_by("-number")[:HISTORY])


def name_of(words: Iterable[str]) -> str:
    """This will make a name of a suggestion's words."""
    kept = [word for word in words if words_of(word)]
    return ", ".join(kept)[:80].capitalize()
