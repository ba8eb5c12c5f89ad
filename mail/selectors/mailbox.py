"""Reading the mails that the local mailbox has kept."""

from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from mail.models import MailboxMessage
from mail.selectors.outbox import kind_label

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail taken apart: its headers as they stand in it, and both its bodies."""

    subject: str
    to: str
    headers: list[tuple[str, str]]
    text: str
    html: str
    size: int


@dataclass(frozen=True, slots=True)
class MailboxLine:
    """A mail in the list."""

    row: MailboxMessage
    subject: str
    to: str
    kind: str


@dataclass(frozen=True, slots=True)
class MailboxPage:
    """Mails, newest first; `older` is the id to go on from, 0 for none."""

    lines: list[MailboxLine]
    older: int


def mailbox_page(*, before: int = 0) -> MailboxPage:
    """This will return 50 mails that landed before another; one query.

    By id: mails land in the order they get one.
    """
    found = MailboxMessage.objects.select_related("message")
    if before:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-id")[: SHOWN + 1])
    shown = rows[:SHOWN]
    return MailboxPage(
        lines=[_line(row) for row in shown],
        older=shown[-1].pk if len(rows) > SHOWN else 0,
    )


def letter(row: MailboxMessage) -> Letter:
    """This will take a kept mail apart."""
    raw = bytes(row.raw)
    mail = _parsed(raw)
    return Letter(
        subject=str(mail.get("Subject", "")),
        to=str(mail.get("To", "")),
        headers=[(name, str(value)) for name, value in mail.items()],
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        size=len(raw),
    )


def _line(row: MailboxMessage) -> MailboxLine:
    head = bytes(row.raw).split(b"\r\n\r\n", 1)[0]
    mail = _parsed(head)
    return MailboxLine(
        row=row,
        subject=str(mail.get("Subject", "")),
        to=str(mail.get("To", "")),
        kind=kind_label(row.message.kind),
    )


def _parsed(raw: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(raw)


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""
