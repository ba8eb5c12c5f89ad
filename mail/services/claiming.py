"""Taking messages to send: a few at a time, for a short while, at the allowed pace."""

import datetime as dt
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now

from common.locks import Lock, transaction_lock
from common.mailing import Category
from mail.enums import MessageState, Reason
from mail.mails import PlainMail
from mail.models import MailServer, OutboxMessage
from mail.selectors.pace import domains_now, due, hands_at_work, room_left

AT_ONCE = 50
# More connections than that no mail server likes; further workers leave at once.
MOST_HANDS = 4
# A message that was claimed and not begun is harmless, so it comes free sooner than one
# that may be under way (MAIL_LEASE_SECONDS).
CLAIM_SECONDS = 45
# What the holder of the claim may still change: unknown too, when the lease ran out under
# somebody who knows better.
NOT_OVER = (MessageState.PENDING, MessageState.SENDING, MessageState.UNKNOWN)


def seconds() -> float:
    """This will return a clock that only runs forward, also while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages that are ours until the lease runs out, and what was known at the claim."""

    claim: uuid.UUID
    server: MailServer
    messages: Sequence[OutboxMessage]
    # The database's time at the claim, and our own clock then.
    claimed_at: dt.datetime
    began: float
    # Nobody else is at work although there is plenty to do.
    alone: bool

    def now(self) -> dt.datetime:
        """This will return the present moment in the database's time."""
        return self.claimed_at + dt.timedelta(seconds=seconds() - self.began)

    def own(self, message: OutboxMessage) -> models.QuerySet[OutboxMessage]:
        """This will address a message only as long as our claim on it stands."""
        return OutboxMessage.objects.filter(pk=message.pk, claim=self.claim)


def batch_claim(*, limit: int = AT_ONCE) -> Batch | None:
    """This will take due messages, service mail first; None when there is nothing to do.

    Nothing is taken while the server does not let us in, nor beyond its pace per hour.
    Service mail (a new password, an invitation) counts, but does not wait for the pace.
    """
    began = seconds()
    MailServer.objects.get_or_create(id=1)
    with transaction.atomic(durable=True):
        # Claims take turns, so that two of them cannot both take the last of the pace.
        transaction_lock(Lock.MAIL_CLAIM)
        server = MailServer.objects.annotate(moment=Now()).get(id=1)
        moment: dt.datetime = server.moment
        hands = hands_at_work()
        paused = server.resumes_at is not None and server.resumes_at > moment
        if paused or hands >= MOST_HANDS:
            return None
        ids = _choose(server, limit)
        if not ids:
            return None
        claim = uuid.uuid4()
        OutboxMessage.objects.filter(pk__in=ids).update(
            claim=claim,
            lease_until=Now()
            + dt.timedelta(seconds=min(CLAIM_SECONDS, settings.MAIL_LEASE_SECONDS)),
        )
    alone = not hands and len(ids) == limit
    return Batch(claim, server, _read(claim, ids), moment, began, alone)


def batch_release(batch: Batch) -> None:
    """This will give back what was not begun."""
    OutboxMessage.objects.filter(claim=batch.claim, state=MessageState.PENDING).update(
        claim=None, lease_until=None
    )


def _choose(server: MailServer, limit: int) -> list[int]:
    waiting = due().order_by("due_at", "id").select_for_update(skip_locked=True)
    service = waiting.filter(category=Category.SERVICE)
    ids = list(service.values_list("pk", flat=True)[:limit])
    room = min(limit, room_left(server)) - len(ids)
    if room <= 0:
        return ids
    others = waiting.exclude(category=Category.SERVICE)
    if server.domain_per_hour is None:
        return ids + list(others.values_list("pk", flat=True)[:room])
    return ids + _within_domains(others, server.domain_per_hour, room)


def _within_domains(
    waiting: models.QuerySet[OutboxMessage], per_hour: int, room: int
) -> list[int]:
    """This will pass over domains that have had enough this hour."""
    had: Counter[str] = Counter(domains_now())
    full = [domain for domain, count in had.items() if count >= per_hour]
    ids: list[int] = []
    rows = waiting.exclude(domain__in=full).values_list("pk", "domain")
    for pk, domain in rows[: room * 4]:
        had[domain] += 1
        if had[domain] <= per_hour and len(ids) < room:
            ids.append(pk)
    return ids


def _read(claim: uuid.UUID, ids: Sequence[int]) -> list[OutboxMessage]:
    rows = OutboxMessage.objects.filter(pk__in=ids, claim=claim).select_related(
        "contact", "customer__owner", "user", "author", "sender",
        "template_version__template",
    )  # fmt: skip
    place = {pk: number for number, pk in enumerate(ids)}
    return sorted(rows, key=lambda row: place[row.pk])


def message_mark_sending(batch: Batch, message: OutboxMessage) -> bool:
    """This will note that the message is about to go out; False when it is not ours.

    From here on, and only until the outcome is noted, a crash leaves it unknown. Nobody
    else begins it before the lease is over, and the lease outlives this process.
    """
    return bool(
        batch.own(message)
        .filter(state=MessageState.PENDING, lease_until__gt=Now())
        .update(
            state=MessageState.SENDING,
            lease_until=Now() + dt.timedelta(seconds=settings.MAIL_LEASE_SECONDS),
        )
    )


def message_put_back(batch: Batch, message: OutboxMessage, **fields: Any) -> None:
    """This will give back a message of which certainly nothing has gone out.

    `fields` are changed along: when to try again, and why not now.
    """
    batch.own(message).filter(state__in=NOT_OVER).update(
        state=MessageState.PENDING,
        claim=None,
        lease_until=None,
        finished_at=None,
        **fields,
    )


def message_drop(batch: Batch, message: OutboxMessage, *, reason: Reason) -> None:
    """This will end a message that is not to be sent after all."""
    batch.own(message).filter(state__in=NOT_OVER).update(
        state=MessageState.DROPPED,
        reason=reason,
        claim=None,
        lease_until=None,
        finished_at=Now(),
        **without_words(message),
    )


def without_words(message: OutboxMessage) -> dict[str, Any]:
    """This will return the change that empties what only a message itself carries."""
    return {"data": {}} if message.kind == PlainMail.key else {}
