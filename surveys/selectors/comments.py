"""Comments, wherever they came from: answers to surveys, and feedback."""

import datetime as dt
from typing import TypeAlias

from customers.models.scope import ScopedQuerySet
from surveys.models import Feedback, Mention, Response

Comment: TypeAlias = Response | Feedback


def text_of(comment: Comment) -> str:
    """This will return what was said."""
    return comment.comment if isinstance(comment, Response) else comment.text


def said_at_of(comment: Comment) -> dt.datetime:
    """This will return when it was said."""
    return comment.responded_at if isinstance(comment, Response) else comment.said_at


def language_of(comment: Comment) -> str:
    """This will return the comment's language, else the contact's; empty for unknown."""
    contact = comment.contact
    return comment.language or (contact.language if contact else "")


def comment_column(comment: Comment) -> str:
    """This will return the column by which a mention names such a comment."""
    return "response_id" if isinstance(comment, Response) else "feedback_id"


def comments_of(
    *, responses: list[int], feedback: list[int]
) -> list[Response | Feedback]:
    """This will return comments by their ids, with contact and customer. Two queries."""
    said = Response.objects.filter(pk__in=responses)
    told = Feedback.objects.filter(pk__in=feedback)
    return [
        *said.select_related("contact", "customer").order_by("-responded_at", "-pk"),
        *told.select_related("contact", "customer").order_by("-said_at", "-pk"),
    ]


def responses_with_words() -> ScopedQuerySet[Response]:
    """This will return the answers that have a comment."""
    return Response.objects.exclude(comment="")


def responses_unthemed() -> ScopedQuerySet[Response]:
    """This will return the answers whose comment is under no theme."""
    under = Mention.objects.filter(response__isnull=False, removed=False)
    return responses_with_words().exclude(pk__in=under.values("response"))


def feedback_unthemed() -> ScopedQuerySet[Feedback]:
    """This will return the feedback that is under no theme."""
    under = Mention.objects.filter(feedback__isnull=False, removed=False)
    return Feedback.objects.exclude(pk__in=under.values("feedback"))
