"""Messages as rows, in any state."""

import datetime as dt
import json
import uuid
from itertools import count
from typing import Any

from common.mailing import Category
from common.sealing import seal
from mail.enums import MessageState, ServerKind
from mail.models import MailServer, OutboxMessage
from tests import world

_numbers = count(1)


def make_message(
    to: str = "mara@brightwater.example", *, state: str = "pending", **fields: Any
) -> OutboxMessage:
    """This will save a message that was asked for an hour before noon of the tests' day."""
    number = next(_numbers)
    asked = world.NOW - dt.timedelta(hours=1)
    fields.setdefault("created_at", asked)
    fields.setdefault("due_at", fields["created_at"])
    if state not in {MessageState.PENDING, MessageState.SENDING}:
        fields.setdefault("finished_at", asked + dt.timedelta(minutes=1))
        fields.setdefault("attempts", 1)
    if state == MessageState.SENT:
        fields.setdefault("sent_at", fields["finished_at"])
    if state == MessageState.SENDING:
        fields.setdefault("claim", uuid.uuid4())
        fields.setdefault("lease_until", asked + dt.timedelta(hours=2))
    return OutboxMessage.objects.create(
        effect_key=f"test:{number}",
        kind=fields.pop("kind", "mail.plain"),
        category=fields.pop("category", Category.SERVICE),
        to_email=to,
        domain=to.rpartition("@")[2],
        language=fields.pop("language", "en"),
        message_id=f"<{number}@keepwell.example>",
        state=state,
        **fields,
    )


def plain(subject: str, text: str) -> dict[str, Any]:
    """This will return the data of a mail whose words are given."""
    words = {"words_subject": subject, "words_text": text}
    return {"sealed": seal(json.dumps(words))}


def use_provider(
    provider: str,
    *,
    options: dict[str, Any] | None = None,
    secrets: dict[str, Any] | None = None,
    webhook_key: str = "a-long-key",
) -> MailServer:
    """This will let mail leave by a provider."""
    server, _ = MailServer.objects.update_or_create(
        id=1,
        defaults={
            "kind": ServerKind.PROVIDER,
            "provider": provider,
            "options": options or {},
            "secrets": seal(json.dumps(secrets or {})),
            "webhook_key": webhook_key,
        },
    )
    return server
