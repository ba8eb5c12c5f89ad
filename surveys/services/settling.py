"""Making the mentions of comments what the phrases say."""

from collections.abc import Sequence

from surveys.calculations.phrases import Matcher, Phrase
from surveys.enums import MentionOrigin
from surveys.models import Mention, Theme, ThemePhrase
from surveys.selectors.comments import (
    Comment,
    comment_column,
    language_of,
    said_at_of,
    text_of,
)


def comments_settle(comments: Sequence[Comment], *, theme: Theme | None) -> None:
    """This will put comments under the themes whose phrases they hold, and take them out.

    All of one kind, answers or feedback. With a theme only its own mentions are looked
    at. What a person put there or took out stays. Doing it again, also at the same time,
    changes nothing. Four queries.
    """
    if not comments:
        return
    matcher = Matcher(_phrases(theme))
    wanted = {
        (phrase.owner, comment.pk)
        for comment in comments
        for phrase in matcher.found(text_of(comment), language_of(comment))
    }
    column = comment_column(comments[0])
    known = _mentions(comments, column, theme)
    stale = [
        mention.pk
        for key, mention in known.items()
        if key not in wanted
        and mention.origin == MentionOrigin.RULE
        and not mention.removed
    ]
    if stale:
        Mention.objects.filter(pk__in=stale).delete()
    by_id = {comment.pk: comment for comment in comments}
    made = [
        _mention(theme_id, by_id[pk], column)
        for theme_id, pk in sorted(wanted - known.keys())
    ]
    if made:
        # The same comment may be settled twice at once.
        Mention.objects.bulk_create(made, ignore_conflicts=True)


def _phrases(theme: Theme | None) -> list[Phrase]:
    rows = ThemePhrase.objects.all()
    if theme is not None:
        rows = rows.filter(theme=theme)
    return [
        Phrase(owner=owner, language=language, text=text)
        for owner, language, text in rows.values_list("theme_id", "language", "phrase")
    ]


def _mentions(
    comments: Sequence[Comment], column: str, theme: Theme | None
) -> dict[tuple[int, int], Mention]:
    ids = [comment.pk for comment in comments]
    rows = Mention.objects.filter(**{f"{column}__in": ids})
    if theme is not None:
        rows = rows.filter(theme=theme)
    return {(row.theme_id, getattr(row, column)): row for row in rows}


def _mention(theme_id: int, comment: Comment, column: str) -> Mention:
    return Mention(
        theme_id=theme_id,
        customer_id=comment.customer_id,
        said_at=said_at_of(comment),
        **{column: comment.pk},
    )
