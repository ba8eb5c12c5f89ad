"""What Django takes for its mail server: the outbox."""

import uuid
from collections.abc import Sequence
from html.parser import HTMLParser

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone, translation

from common.errors import KeepwellError
from common.mailing import MailRequest
from mail.mails import PlainMail, plain_data
from mail.services.outbox import Draft, messages_queue


class UnableToKeep(KeepwellError):
    """The outbox keeps words, nothing else."""


class OutboxBackend(BaseEmailBackend):
    """Writes rows. It never speaks to a network, so it costs a page no time."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """This will ask for each mail, all or none; how many there were."""
        drafts = [draft for mail in email_messages for draft in _drafts(mail)]
        with transaction.atomic():
            messages_queue(drafts, now=timezone.now())
        return len(email_messages)


def _drafts(mail: EmailMessage) -> list[Draft]:
    if isinstance(mail, MailRequest):
        return [
            Draft(
                kind=mail.kind,
                data=mail.data,
                effect_key=mail.effect_key,
                to_email=mail.to[0],
                to_name=mail.to_name,
                language=mail.language,
                user_id=mail.user_id,
            )
        ]
    if mail.attachments:
        msg = "The outbox sends no attachments. Send a link to a page instead."
        raise UnableToKeep(msg)
    data = plain_data(subject=str(mail.subject), text=_text(mail))
    return [
        Draft(
            kind=PlainMail.key,
            data=data,
            # Nothing tells whether the same words are meant twice.
            effect_key=f"{PlainMail.key}:{uuid.uuid4()}",
            to_email=address,
            language=translation.get_language() or "",
        )
        for address in mail.recipients()
    ]


def _text(mail: EmailMessage) -> str:
    """This will return the words; a mail of HTML alone loses its tags.

    Our own frame is put around the text. Other people's HTML is not passed on.
    """
    body = str(mail.body)
    return body if mail.content_subtype != "html" else _Words.of(body)


class _Words(HTMLParser):
    """Keeps what a reader would see."""

    HIDDEN = frozenset({"head", "script", "style", "title"})
    BLOCKS = frozenset({"br", "div", "h1", "h2", "h3", "li", "p", "table", "tr"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.inside = 0

    @classmethod
    def of(cls, html: str) -> str:
        parser = cls()
        parser.feed(html)
        parser.close()
        lines = "".join(parser.parts).splitlines()
        return "\n".join(" ".join(line.split()) for line in lines if line.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside += tag in self.HIDDEN
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag in self.HIDDEN and self.inside > 0
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.parts.append(data)
