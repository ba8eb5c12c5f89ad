"""From the token in a link to the invitation behind it."""

import datetime as dt

from common.links import link_read
from surveys.enums import InvitationState, SurveyState
from surveys.models import Invitation, InvitationMail, Response

INVITATION = "surveys.invitation"


def invitation_opened(token: str) -> Invitation | None:
    """This will return a genuine link's invitation, with all that its page needs.

    None for every other token: wrong, of an older generation, of somebody erased, or of
    a link whose time is over. One query whatever the token is, so that none of them is
    told from another.
    """
    pk, generation = link_read(INVITATION, token) or (0, 0)
    rows = Invitation.objects.filter(pk=pk)
    row = rows.select_related("survey", "version", "customer__owner", "contact").first()
    if row is None or row.contact is None or not link_opens(row, generation):
        return None
    row.contact.customer = row.customer
    return row


def link_opens(invitation: Invitation, generation: int) -> bool:
    """This will say whether a link of a generation opens anything. No query."""
    return (
        invitation.generation == generation
        and invitation.contact_id is not None
        and invitation.ended_at is None
        and invitation.state != InvitationState.DROPPED
    )


def invitation_is_open(invitation: Invitation, *, now: dt.datetime) -> bool:
    """This will say whether an answer is taken.

    Until it expires; one that was given can be changed until the survey closes.
    """
    if invitation.survey.state not in {SurveyState.RUNNING, SurveyState.PAUSED}:
        return False
    if invitation.state != InvitationState.ASKED:
        return invitation.state == InvitationState.ANSWERED
    return invitation.expires_at is None or now < invitation.expires_at


def response_of(invitation: Invitation) -> Response | None:
    """This will return what was answered so far. One query."""
    return Response.objects.filter(invitation=invitation).first()


def delivered_at(invitation: Invitation) -> dt.datetime | None:
    """This will return when the newest mail was handed over. One query."""
    mails = InvitationMail.objects.filter(invitation=invitation)
    sent = mails.filter(message__sent_at__isnull=False).order_by("-number")
    return sent.values_list("message__sent_at", flat=True).first()


def first_message(invitation: Invitation) -> int | None:
    """This will return the id of the first mail, which its unsubscribe link names."""
    mails = InvitationMail.objects.filter(invitation=invitation).order_by("number")
    return mails.values_list("message_id", flat=True).first()
