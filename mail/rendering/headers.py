"""A message as the mail server is given it."""

from email.utils import quote as quoted
from urllib.parse import quote

from django.core.mail import EmailMultiAlternatives
from django.utils.encoding import punycode

from common.links import link_token
from common.mailing import Category, LinkMaker
from mail.calculations.lines import clean_line
from mail.kinds import kind_named
from mail.models import OutboxMessage
from mail.rendering.bodies import (
    UNSUBSCRIBE,
    may_unsubscribe,
    message_render,
    unsubscribe_url,
)
from mail.rendering.frame import Frame, frame_load

NAME_LENGTH = 100


def message_email(
    message: OutboxMessage, *, frame: Frame | None = None
) -> EmailMultiAlternatives:
    """This will render a message with all its headers, ready for a transport.

    Raises MailIsPointless like message_render, and ValueError for an address that no
    header can carry.
    """
    frame = frame or frame_load()
    rendered = message_render(message, frame=frame)
    sender_name, sender_email = sender_of(message, frame)
    email = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=_mailbox(sender_name, sender_email),
        to=[_mailbox(message.to_name, message.to_email)],
        reply_to=_reply_to(message, frame),
        headers=_headers(message, frame),
    )
    email.attach_alternative(rendered.html, "text/html")
    return email


def sender_of(message: OutboxMessage, frame: Frame) -> tuple[str, str]:
    """This will return the name and address a message comes from."""
    sender = message.sender or frame.sender
    if sender:
        return sender.name, sender.email
    return frame.company.name, f"noreply@{frame.host}"


def _mailbox(name: str, email: str) -> str:
    """This will return `"name" <email>`; nothing in the name can end the header.

    Django writes letters beyond ASCII as encoded words when the header is made.
    """
    local, _at, domain = clean_line(email).rpartition("@")
    address = f"{local}@{punycode(domain)}"
    shown = clean_line(name, NAME_LENGTH)
    return f'"{quoted(shown)}" <{address}>' if shown else address


def _reply_to(message: OutboxMessage, frame: Frame) -> list[str]:
    """This will return who reads the answers: for a contact the customer's owner."""
    sender = message.sender or frame.sender
    owner = message.customer.owner if message.customer else None
    if message.contact_id is not None and owner and owner.is_active:
        return [_mailbox(owner.name, owner.email)]
    return [sender.reply_to] if sender and sender.reply_to else []


def _headers(message: OutboxMessage, frame: Frame) -> dict[str, str]:
    own = _angled(message.message_id)
    headers = {"Message-ID": own}
    if message.in_reply_to:
        before = _angled(message.in_reply_to)
        headers |= {"In-Reply-To": before, "References": before}
    by_hand = getattr(kind_named(message.kind), "by_hand", False)
    if not (by_hand and message.author_id):
        # Out-of-office machines must not answer machines (RFC 3834).
        headers |= {
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
        }
    headers["Feedback-ID"] = _feedback_id(message, frame)
    if message.category != Category.SERVICE:
        headers["List-Id"] = f"<{message.category}.{frame.host}>"
    if may_unsubscribe(message):
        headers |= _list_unsubscribe(message, frame)
    return headers


def _list_unsubscribe(message: OutboxMessage, frame: Frame) -> dict[str, str]:
    """RFC 2369 and RFC 8058: one click in the mail program, no page in between."""
    sender = message.sender or frame.sender
    mailbox = (sender.reply_to or sender.email) if sender else f"noreply@{frame.host}"
    subject = f"unsubscribe {link_token(UNSUBSCRIBE, message.pk)}"
    url = unsubscribe_url(message, LinkMaker(frame.base_url))
    return {
        "List-Unsubscribe": f"<{url}>, <mailto:{mailbox}?subject={quote(subject)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _feedback_id(message: OutboxMessage, frame: Frame) -> str:
    """Gmail's complaint report counts by these fields; the last is the sender's."""
    kind = message.kind.replace(".", "-")
    template = str(message.template_version_id or 0)
    return f"{template}:{kind}:{message.category}:{frame.host}"


def _angled(message_id: str) -> str:
    return f"<{clean_line(message_id).strip('<> ')}>"
