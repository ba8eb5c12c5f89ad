"""A way out for tests: the outbox set to a server that answers what it is told to."""

from typing import Any

from mail.models import MailServer, OutboxMessage
from mail.services.outbox import message_queue
from tests.mail.smtp_server import Server
from tests.world import NOW


def leave_by(server: Server, **fields: Any) -> MailServer:
    """This will send the installation's mail to a server of the test."""
    return MailServer.objects.update_or_create(
        id=1,
        defaults={
            "kind": "smtp",
            "host": "127.0.0.1",
            "port": server.port,
            "security": "none",
            **fields,
        },
    )[0]


def queue(key: str = "one", **fields: Any) -> OutboxMessage:
    """This will ask for a mail; `key` says what it is about."""
    made = message_queue(
        **{
            "kind": "mail.test",
            "to_email": f"{key}@example.org",
            "data": {},
            "effect_key": key,
            "now": NOW,
            **fields,
        }
    )
    assert made is not None
    return made
