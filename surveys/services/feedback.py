"""What customers say without being asked: writing it down, putting it right."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.actor import Actor
from accounts.services.audit import audit_record
from customers.models import Contact, Customer, SupportTicket
from customers.services.events import event_record
from surveys.events import FEEDBACK_RECORDED
from surveys.models import Feedback, Mention, Theme
from surveys.services.theming import comment_theme

DELETED = "surveys.feedback_deleted"
RESTORED = "surveys.feedback_restored"
KEPT = (
    "id", "customer_id", "contact_id", "ticket_id", "external_id", "source", "url",
    "text", "language", "author_id", "recorded_assumed",
)  # fmt: skip
KEPT_TIMES = ("said_at", "recorded_at")
KEPT_OF_MENTIONS = ("theme_id", "origin", "removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said, by whom, where and when."""

    source: str
    text: str
    said_at: dt.datetime
    contact: Contact | None = None
    ticket: SupportTicket | None = None
    url: str = ""
    language: str = ""


@transaction.atomic
def feedback_record(
    *, customer: Customer, said: Said, by: Actor, now: dt.datetime
) -> Feedback:
    """This will keep a comment, tell the timeline, and put it under its themes."""
    feedback = Feedback.objects.create(
        customer=customer, author=by.user, recorded_at=now, **_fields(said)
    )
    event_record(
        customer=customer,
        kind=FEEDBACK_RECORDED,
        happened_at=said.said_at,
        now=now,
        actor=by.user,
        subject=feedback,
        data={"feedback": feedback.pk, "source": str(said.source)},
    )
    comment_theme(comment=feedback, now=now)
    return feedback


@transaction.atomic
def feedback_edit(*, feedback: Feedback, said: Said, now: dt.datetime) -> Feedback:
    """This will put a comment right; rules look at it anew, a person's word stays."""
    for name, value in _fields(said).items():
        setattr(feedback, name, value)
    feedback.save()
    Mention.objects.filter(feedback=feedback).update(said_at=said.said_at)
    comment_theme(comment=feedback, now=now)
    return feedback


@transaction.atomic
def feedback_delete(
    *, feedback: Feedback, by: Actor, now: dt.datetime
) -> dict[str, Any]:
    """This will delete a comment and return what brings it back: plain values for JSON."""
    kept = {name: getattr(feedback, name) for name in KEPT}
    kept |= {name: getattr(feedback, name).isoformat() for name in KEPT_TIMES}
    mentions = Mention.objects.filter(feedback=feedback).order_by("id")
    kept["mentions"] = list(mentions.values(*KEPT_OF_MENTIONS))
    audit_record(
        by=by,
        action=DELETED,
        now=now,
        subject=feedback,
        before={"customer": feedback.customer_id, "source": feedback.source},
    )
    feedback.delete()
    return kept


@transaction.atomic
def feedback_restore(
    *, kept: dict[str, Any], customer: Customer, by: Actor, now: dt.datetime
) -> Feedback | None:
    """This will bring a deleted comment back as it was; None when it is there already.

    Contact, ticket and themes that were deleted meanwhile stay away.
    """
    if Feedback.objects.filter(pk=kept["id"]).exists():
        return None
    values = {name: kept[name] for name in KEPT}
    values |= {name: dt.datetime.fromisoformat(kept[name]) for name in KEPT_TIMES}
    values["customer_id"] = customer.pk
    for name, rows in (
        ("contact_id", Contact.objects.filter(customer=customer)),
        ("ticket_id", SupportTicket.objects.filter(customer=customer)),
    ):
        if not rows.filter(pk=values[name]).exists():
            values[name] = None
    feedback = Feedback.objects.create(**values)
    _mentions_restore(feedback, kept["mentions"])
    audit_record(
        by=by,
        action=RESTORED,
        now=now,
        subject=feedback,
        after={"customer": customer.pk, "source": feedback.source},
    )
    return feedback


def _mentions_restore(feedback: Feedback, mentions: list[dict[str, Any]]) -> None:
    themes = {mention["theme_id"] for mention in mentions}
    there = set(Theme.objects.filter(pk__in=themes).values_list("pk", flat=True))
    Mention.objects.bulk_create(
        Mention(
            feedback=feedback,
            customer_id=feedback.customer_id,
            said_at=feedback.said_at,
            **mention,
        )
        for mention in mentions
        if mention["theme_id"] in there
    )


def _fields(said: Said) -> dict[str, Any]:
    return {
        "source": said.source,
        "text": said.text.strip(),
        "said_at": said.said_at,
        "contact": said.contact,
        "ticket": said.ticket,
        "url": said.url,
        "language": said.language,
    }
