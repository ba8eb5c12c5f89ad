"""Somebody with a survey's mail in front of them, for the tests of answering."""

import datetime as dt
from typing import Any

from common.links import link_token
from mail.models import OutboxMessage
from surveys.models import Invitation, InvitationMail, Response, ResponseEdit
from surveys.services.confirming import response_confirm
from tests import world
from tests.mail.rows import make_message
from tests.world import NOW

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/126.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"


def asked(name: str = "Mara Ionescu", **fields: Any) -> Invitation:
    """This will save an invitation of somebody at a customer of their own."""
    customer = fields.pop("customer", None) or world.make_customer("Brightwater")
    contact = world.person(
        customer, name, email=f"mara-{customer.pk}@brightwater.example", language="en"
    )
    return world.invite(customer, contact=contact, **fields)


def delivered(
    invitation: Invitation, *, ago: dt.timedelta = HOUR, number: int = 0
) -> OutboxMessage:
    """This will save that a mail of the invitation was handed over some time ago."""
    assert invitation.contact is not None
    message = make_message(
        invitation.contact.email,
        state="sent",
        kind="surveys.invitation",
        category="survey",
        contact=invitation.contact,
        customer=invitation.customer,
        sent_at=NOW - ago,
    )
    InvitationMail.objects.create(invitation=invitation, number=number, message=message)
    return message


def token(invitation: Invitation) -> str:
    return link_token("surveys.invitation", invitation.pk, invitation.generation)


def url(invitation: Invitation, score: object = None) -> str:
    """This will return the address of the link, with or without a number."""
    middle = "" if score is None else f"{score}/"
    return f"/s/{middle}{token(invitation)}"


def confirm(invitation: Invitation, score: int = 4, **fields: Any) -> Response:
    """This will answer by Send unless told otherwise."""
    return response_confirm(
        **{
            "invitation": invitation,
            "score": score,
            "source": "sent",
            "now": NOW,
            "agent": CHROME,
            "address": "203.0.113.7",
            **fields,
        }
    )


def touch(invitation: Invitation, score: int = 4, **fields: Any) -> Response:
    """This will touch the page on which a number is chosen."""
    return confirm(invitation, score, source="gesture", **fields)


def stands() -> list[tuple[int, str, bool, str]]:
    """This will return what all answers say now."""
    rows = Response.objects.order_by("pk")
    return list(rows.values_list("score", "comment", "no_reply", "source"))


def edits() -> list[tuple[int, str, str]]:
    """This will return all that was ever said, in order."""
    rows = ResponseEdit.objects.order_by("pk")
    return list(rows.values_list("score", "comment", "source"))
