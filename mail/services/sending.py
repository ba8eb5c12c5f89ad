"""Sending one message: write it, note that it goes, send it, note what became of it."""

import logging
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import Error

from common.errors import KeepwellError
from common.mailing import MailIsPointless
from common.outage import database_is_away
from mail.enums import MessageState, Reason
from mail.models import MailServer, OutboxMessage
from mail.rendering import Frame, message_email
from mail.services.claiming import (
    Batch,
    message_drop,
    message_mark_sending,
    message_put_back,
    seconds,
    without_words,
)
from mail.services.outcomes import outcome_keep, persistently
from mail.services.sifting import message_confirm
from mail.transport.base import (
    Receipt,
    Transport,
    TransportError,
    Unclear,
    Unreachable,
)
from mail.transport.choose import transport_for

logger = logging.getLogger(__name__)
# A change of one of these is another way out.
IDENTITY = (
    "kind",
    "host",
    "port",
    "security",
    "username",
    "provider",
    "options",
    "secrets",
)


class Way:
    """The connection of one worker, kept while the server's settings stay the same."""

    def __init__(self) -> None:
        self._transport: Transport | None = None
        self._server: dict[str, object] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def send(
        self, server: MailServer, email: EmailMultiAlternatives, message: OutboxMessage
    ) -> Receipt | TransportError:
        """This will hand over a mail; what goes wrong in ways not foreseen is unclear."""
        try:
            transport = self._for(server)
        except KeepwellError as error:
            return Unreachable(str(error))
        try:
            return transport.send(email, message_id=message.pk)
        except TransportError as error:
            return error
        except Exception as error:
            logger.exception("Message %s: nobody knows whether it went out", message.pk)
            self._close()
            return Unclear(f"{type(error).__name__}: {error}")

    def _for(self, server: MailServer) -> Transport:
        known = {name: getattr(server, name) for name in IDENTITY}
        if self._transport is None or known != self._server:
            self._close()
            self._transport, self._server = transport_for(server), known
        return self._transport

    def _close(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()


def message_send(
    batch: Batch, message: OutboxMessage, *, way: Way, frame: Frame
) -> Receipt | TransportError | None:
    """This will bring one message to its end; None when it was not begun.

    Call it outside any transaction: each step is committed by itself.
    """
    email = _written(batch, message, frame)
    if email is None or not _begin(batch, message):
        return None
    outcome = way.send(batch.server, email, message)
    outcome_keep(batch, message, outcome)
    return outcome


def _written(
    batch: Batch, message: OutboxMessage, frame: Frame
) -> EmailMultiAlternatives | None:
    try:
        return message_email(message, frame=frame)
    except MailIsPointless as why:
        batch.own(message).filter(state=MessageState.PENDING).update(reply=str(why))
        message_drop(batch, message, reason=Reason.POINTLESS)
    except Exception as error:
        if database_is_away(error):
            raise
        logger.exception("Message %s could not be written", message.pk)
        _broken(batch, message, f"{type(error).__name__}: {error}")
    return None


def _broken(batch: Batch, message: OutboxMessage, words: str) -> None:
    batch.own(message).filter(state=MessageState.PENDING).update(
        state=MessageState.FAILED,
        reason=Reason.BROKEN,
        reply=words,
        claim=None,
        lease_until=None,
        finished_at=batch.now(),
        **without_words(message),
    )


def _begin(batch: Batch, message: OutboxMessage) -> bool:
    """This will commit that the message is going out, unless something forbids it now."""
    asked = seconds()
    try:
        if not message_mark_sending(batch, message):
            return False
        if not message_confirm(batch, message):
            return False
        in_time = seconds() - asked < settings.MAIL_LEASE_SECONDS / 2
    except Error:
        # Committed or not, nothing has gone out yet.
        persistently(lambda: message_put_back(batch, message))
        raise
    if not in_time:
        # This process stood still, so others may soon think the message gone.
        message_put_back(batch, message)
    return in_time
