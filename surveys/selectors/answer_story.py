"""Everything that belongs to one answer."""

from dataclasses import dataclass

from mail.selectors.outbox import Line
from surveys.models import Click, InvitationMail, Reply, Response, ResponseEdit, Theme

# A page of clicks is for the eye; a machine can make thousands of them.
SHOWN_CLICKS = 50


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply and how far its mail has come, if it is kept."""

    reply: Reply
    line: Line | None


@dataclass(frozen=True, slots=True)
class Story:
    """What happened around an answer, each list in the order of time."""

    edits: list[ResponseEdit]
    clicks: list[Click]
    replies: list[Sent]
    mails: list[InvitationMail]
    themes: list[Theme]


def answer_story(response: Response) -> Story:
    """This will read what belongs to an answer that the person may see. Five queries.

    The answer's edits begin with how it was confirmed first; a single one says nothing
    more than the answer itself.
    """
    edits = list(
        ResponseEdit.objects.filter(response=response).order_by("edited_at", "id")
    )
    replies = Reply.objects.filter(response=response).select_related(
        "author", "message"
    )
    asked = response.invitation_id
    clicks = Click.objects.filter(invitation=asked).order_by("clicked_at", "id")
    mails = InvitationMail.objects.filter(invitation=asked).select_related("message")
    themes = Theme.objects.filter(mentions__response=response, mentions__removed=False)
    return Story(
        edits=edits if len(edits) > 1 else [],
        clicks=list(clicks[:SHOWN_CLICKS]) if asked else [],
        replies=[
            Sent(reply, Line(reply.message) if reply.message else None)
            for reply in replies.order_by("created_at", "id")
        ],
        mails=list(mails.order_by("number")) if asked else [],
        themes=list(themes.order_by("name")),
    )
