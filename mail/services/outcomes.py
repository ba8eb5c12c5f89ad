"""Noting what became of a message. Each is one short, committed transaction."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.actor import MACHINE
from common.outage import database_is_away
from customers.services.events import event_record
from mail.calculations.backoff import FIRST, retry_after
from mail.enums import MessageState, Reason, SuppressionReason, SuppressionScope
from mail.events import MESSAGE_SENT
from mail.models import OutboxMessage
from mail.services.claiming import Batch, message_put_back, without_words
from mail.services.suppressions import suppression_add
from mail.services.trouble import trouble_clear, trouble_note
from mail.transport.base import (
    Receipt,
    RefusedForGood,
    RefusedForNow,
    TransportError,
    Unreachable,
)

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
# Together half a minute: a database that crashed is back by then.
PAUSES = (0.1, 0.2, 0.5, 1, 2, 4, 4, 4, 4, 4, 4)
# A late answer is better than none: the lease may have run out while the server thought.
UNDER_WAY = (MessageState.SENDING, MessageState.UNKNOWN)


def outcome_keep(
    batch: Batch, message: OutboxMessage, outcome: Receipt | TransportError
) -> None:
    """This will note the outcome, however often the database has to be asked.

    What the server said is known only here: if it is lost, the message is unknown.
    """
    persistently(lambda: _keep(batch, message, outcome))


def persistently(action: Callable[[], Result]) -> Result:
    """This will repeat an action while the database is away. It must bear repetition."""
    for pause in PAUSES:
        try:
            return action()
        except Error as error:
            if not database_is_away(error):
                raise
            logger.warning("The database is asked again: %s", error)
            connection.close()
            time.sleep(pause)
    return action()


@transaction.atomic(durable=True)
def _keep(
    batch: Batch, message: OutboxMessage, outcome: Receipt | TransportError
) -> None:
    words = outcome.reply if isinstance(outcome, Receipt) else str(outcome)
    words = words.replace("\x00", "")
    match outcome:
        case Receipt():
            _sent(batch, message, words, outcome.provider_id)
        case RefusedForNow():
            _refused_for_now(batch, message, words)
        case RefusedForGood():
            _refused_for_good(batch, message, words, dead=outcome.dead_address)
        case Unreachable():
            # Others overtake it: a sender that is refused holds up nobody else's mail.
            resumes_at = trouble_note(words=words)
            message_put_back(batch, message, due_at=resumes_at)
        case _:
            _close(batch, message, MessageState.UNKNOWN, reply=words)


def _sent(batch: Batch, message: OutboxMessage, words: str, provider_id: str) -> None:
    done = _close(
        batch,
        message,
        MessageState.SENT,
        reply=words,
        provider_id=provider_id,
        sent_at=Now(),
        reason=Reason.NONE,
    )
    if done and message.contact and message.customer:
        now = batch.now()
        event_record(
            customer=message.customer,
            kind=MESSAGE_SENT,
            happened_at=now,
            now=now,
            actor=message.author,
            subject=message,
            data={
                "message": message.pk,
                "contact": message.contact.pk,
                "category": message.category,
            },
        )
    if batch.server.trouble_since:
        trouble_clear()


def _refused_for_now(batch: Batch, message: OutboxMessage, words: str) -> None:
    first = min(FIRST, dt.timedelta(seconds=settings.MAIL_RETRY_SECONDS))
    wait = retry_after(message.attempts + 1, first=first)
    if wait is None:
        _close(batch, message, MessageState.FAILED, reply=words, reason=Reason.GAVE_UP)
        return
    batch.own(message).filter(state__in=UNDER_WAY).update(
        state=MessageState.PENDING,
        reason=Reason.RETRY,
        reply=words,
        attempts=F("attempts") + 1,
        due_at=Now() + wait,
        claim=None,
        lease_until=None,
        finished_at=None,
    )


def _refused_for_good(
    batch: Batch, message: OutboxMessage, words: str, *, dead: bool
) -> None:
    done = _close(
        batch, message, MessageState.FAILED, reply=words, reason=Reason.REFUSED
    )
    if done and dead and message.to_email:
        suppression_add(
            email=message.to_email,
            scope=SuppressionScope.DEAD,
            reason=SuppressionReason.HARD_BOUNCE,
            source=words[:300],
            by=MACHINE,
            now=batch.now(),
        )


def _close(
    batch: Batch, message: OutboxMessage, state: MessageState, **fields: Any
) -> bool:
    """This will end a message that was under way, if nobody has ended it before."""
    keeps_words = state == MessageState.UNKNOWN
    found = batch.own(message).filter(state__in=UNDER_WAY)
    return bool(
        found.update(
            state=state,
            attempts=F("attempts") + 1,
            lease_until=None,
            finished_at=Now(),
            **({} if keeps_words else without_words(message)),
            **fields,
        )
    )
