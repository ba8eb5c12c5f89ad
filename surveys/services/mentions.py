"""Putting a comment under a theme by hand, and taking it out."""

import datetime as dt

from django.db import transaction

from accounts.actor import Actor
from accounts.services.audit import audit_record
from surveys.enums import MentionOrigin
from surveys.models import Mention, Theme
from surveys.selectors.comments import Comment, comment_column, said_at_of


@transaction.atomic
def mention_add(
    *, theme: Theme, comment: Comment, by: Actor, now: dt.datetime
) -> Mention:
    """This will put a comment under a theme; no rule takes it out again."""
    mention, made = Mention.objects.select_for_update().get_or_create(
        theme=theme,
        **{comment_column(comment): comment.pk},
        defaults={
            "customer_id": comment.customer_id,
            "said_at": said_at_of(comment),
            "origin": MentionOrigin.PERSON,
        },
    )
    if not made and mention.origin == MentionOrigin.PERSON and not mention.removed:
        return mention
    if not made:
        mention.origin, mention.removed = MentionOrigin.PERSON, False
        mention.save(update_fields=["origin", "removed"])
    _record(mention, "surveys.mention_added", by, now)
    return mention


@transaction.atomic
def mention_remove(*, mention: Mention, by: Actor, now: dt.datetime) -> bool:
    """This will take a comment out of a theme; no rule puts it back. False if it was."""
    inside = Mention.objects.filter(pk=mention.pk, removed=False)
    if not inside.update(removed=True):
        return False
    _record(mention, "surveys.mention_removed", by, now)
    return True


@transaction.atomic
def mention_restore(*, mention: Mention, by: Actor, now: dt.datetime) -> bool:
    """This will undo the taking out; it is under the theme as it was before."""
    outside = Mention.objects.filter(pk=mention.pk, removed=True)
    if not outside.update(removed=False):
        return False
    _record(mention, "surveys.mention_added", by, now)
    return True


@transaction.atomic
def mentions_add(
    *, theme: Theme, comments: list[Comment], by: Actor, now: dt.datetime
) -> int:
    """This will put many comments under a theme by hand; returns how many. Few queries."""
    rows = [
        Mention(
            theme=theme,
            customer_id=comment.customer_id,
            said_at=said_at_of(comment),
            origin=MentionOrigin.PERSON,
            **{comment_column(comment): comment.pk},
        )
        for comment in comments
    ]
    Mention.objects.bulk_create(rows, ignore_conflicts=True)
    # A rule may have been first: a person's word stays when the phrases change.
    for column in ("response_id", "feedback_id"):
        ids = [getattr(row, column) for row in rows if getattr(row, column)]
        under = Mention.objects.filter(theme=theme, **{f"{column}__in": ids})
        under.update(origin=MentionOrigin.PERSON, removed=False)
    audit_record(
        by=by,
        action="surveys.mentions_added",
        now=now,
        subject=theme,
        after={"comments": len(rows)},
    )
    return len(rows)


def _record(mention: Mention, action: str, by: Actor, now: dt.datetime) -> None:
    audit_record(
        by=by,
        action=action,
        now=now,
        subject=mention.theme,
        after={"response": mention.response_id, "feedback": mention.feedback_id},
    )
