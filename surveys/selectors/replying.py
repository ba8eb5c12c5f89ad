"""Whether and how somebody who answered can be written to."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.selectors import company as the_company
from mail.enums import MessageState, SuppressionScope
from mail.models import Sender
from mail.selectors.suppressions import suppression_wishes
from surveys.models import InvitationMail, Response


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom, before it is written. `answers_to` gets what is sent back."""

    to_name: str
    to_email: str
    from_name: str
    from_email: str
    answers_to: str


def reply_flaw(response: Response) -> str:
    """This will say why nobody can write to whoever answered, "" when one can.

    At most one query.
    """
    contact = response.contact
    if contact is None:
        return _("It is not known who gave this answer.")
    if contact.left_on:
        return _("This contact has left the company.")
    if not contact.email:
        return _("This contact has no email address.")
    # Whoever wrote to us may be answered, whatever other mail was unsubscribed from.
    if SuppressionScope.DEAD in suppression_wishes(contact.email):
        return _("This address does not work: it is on the suppression list.")
    return ""


def envelope_of(response: Response) -> Envelope | None:
    """This will say who writes to whom; None where nobody can be written to.

    At most two queries; survey with sender, contact and owner are selected along.
    """
    contact, owner = response.contact, response.customer.owner
    if contact is None or not contact.email:
        return None
    sender = response.version.survey.sender or _usual_sender()
    answers_to = sender.reply_to or sender.email if sender else ""
    if owner and owner.is_active:
        answers_to = owner.email
    return Envelope(
        to_name=contact.name,
        to_email=contact.email,
        from_name=sender.name if sender else the_company().name,
        from_email=sender.email if sender else "",
        answers_to=answers_to,
    )


def thread_of(response: Response) -> str:
    """This will return the Message-ID of the newest mail that asked; one query or none."""
    if response.invitation_id is None:
        return ""
    sent = InvitationMail.objects.filter(
        invitation=response.invitation_id, message__state=MessageState.SENT
    )
    newest = sent.order_by("-number").values_list("message__message_id", flat=True)
    return newest.first() or ""


def _usual_sender() -> Sender | None:
    return Sender.objects.filter(is_default=True).first()
