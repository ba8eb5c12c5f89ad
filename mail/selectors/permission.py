"""May this mail go out, and may it go now? Asked at the claim and again right before."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from accounts.models import User
from common.mailing import Category
from customers.models import Contact
from mail.address import hashes_of
from mail.enums import MessageState, Reason, SuppressionScope
from mail.models import MailServer, OutboxMessage, Suppression

# What stops a mail of each category.
BLOCKED_BY: Mapping[str, frozenset[str]] = {
    Category.SERVICE: frozenset({SuppressionScope.DEAD}),
    Category.SURVEY: frozenset(SuppressionScope),
    Category.NEWS: frozenset({SuppressionScope.ALL, SuppressionScope.DEAD}),
    Category.DIGEST: frozenset({SuppressionScope.ALL, SuppressionScope.DEAD}),
}
# When another mail to the contact is on its way, its end is awaited: the later one looks
# again after this long, the earlier one much sooner, so that two do not wait for ever.
LOOK_AGAIN = dt.timedelta(minutes=15)
LOOK_AGAIN_SOON = dt.timedelta(minutes=1)


# Building it by the ORM takes ten times as long as asking it.
STILL_WANTED = """
    SELECT 1 FROM mail_outboxmessage m
    WHERE m.id = %(message)s AND m.to_email = %(to_email)s AND m.to_email <> ''
      AND m.contact_id IS NOT DISTINCT FROM %(contact)s
      AND NOT EXISTS (
        SELECT 1 FROM mail_suppression s
        WHERE s.lifted_at IS NULL AND s.address_hash = ANY(%(hashes)s)
          AND s.scope = ANY(%(scopes)s))
      AND NOT EXISTS (
        SELECT 1 FROM customers_contact c
        WHERE c.id = m.contact_id AND c.left_on IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Drop it (why), or wait (until when, why), or neither: it may go now."""

    drop: Reason = Reason.NONE
    wait_until: dt.datetime | None = None
    wait_reason: Reason = Reason.NONE

    @property
    def go(self) -> bool:
        """Whether the mail may be sent now."""
        return not self.drop and self.wait_until is None


GO = Verdict()


def verdicts(
    messages: Iterable[OutboxMessage], *, now: dt.datetime
) -> dict[int, Verdict]:
    """This will judge each message, by its id; five queries for any number of them.

    Ask after the claim is committed: a message that somebody else has claimed counts as
    on its way to its contact. Of two to one contact in the same batch the first goes.
    """
    batch = sorted(messages, key=lambda message: message.pk)
    if not batch:
        return {}
    drops = _drops(batch)
    waiting = _Waiting(
        [message for message in batch if message.pk not in drops], now=now
    )
    made = {}
    for message in batch:
        if message.pk in drops:
            made[message.pk] = Verdict(drop=drops[message.pk])
        elif until := waiting.until(message):
            made[message.pk] = Verdict(wait_until=until, wait_reason=Reason.QUIET)
        else:
            made[message.pk] = GO
    return made


def still_wanted(message: OutboxMessage) -> bool:
    """This will look once more at what stops a mail, right before it goes out.

    Asked for every single mail, after the step to "sending" has been committed: only then
    does it see every unsubscribe, erasure and departure that was committed before. The
    rest of a verdict (the quiet period) does not change as suddenly.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            STILL_WANTED,
            {
                "message": message.pk,
                "to_email": message.to_email,
                "contact": message.contact_id,
                "hashes": hashes_of(message.to_email),
                "scopes": list(BLOCKED_BY[message.category]),
            },
        )
        return bool(cursor.fetchone())


def _drops(batch: Sequence[OutboxMessage]) -> dict[int, Reason]:
    """This will say which messages are not to be sent at all, the gravest reason first."""
    suppressed = _suppressed(batch)
    left = set(
        Contact.objects.filter(
            pk__in={message.contact_id for message in batch if message.contact_id},
            left_on__isnull=False,
        ).values_list("pk", flat=True)
    )
    retired = set(
        User.objects.filter(
            pk__in={message.user_id for message in batch if message.user_id},
            is_active=False,
        ).values_list("pk", flat=True)
    )
    reasons = {}
    for message in batch:
        if _is_erased(message):
            reasons[message.pk] = Reason.ERASED
        elif message.pk in suppressed:
            reasons[message.pk] = Reason.SUPPRESSED
        elif message.contact_id in left:
            reasons[message.pk] = Reason.LEFT
        elif message.user_id in retired and message.category != Category.SERVICE:
            reasons[message.pk] = Reason.POINTLESS
    return reasons


def _is_erased(message: OutboxMessage) -> bool:
    """This will be true when nobody is left to write to."""
    meant_for_a_contact = bool(message.data.get("contact_id")) and not message.user_id
    return not message.to_email or (meant_for_a_contact and message.contact_id is None)


def _suppressed(batch: Sequence[OutboxMessage]) -> set[int]:
    hashes = {message.pk: hashes_of(message.to_email) for message in batch}
    found: dict[str, set[str]] = {}
    rows = Suppression.objects.active().filter(
        address_hash__in={one for each in hashes.values() for one in each}
    )
    for digest, scope in rows.values_list("address_hash", "scope"):
        found.setdefault(digest, set()).add(scope)
    return {
        message.pk
        for message in batch
        for digest in hashes[message.pk]
        if found.get(digest, set()) & BLOCKED_BY[message.category]
    }


def keeps_quiet(message: OutboxMessage) -> bool:
    """This will be true of mail that keeps the distance between two mails to a contact."""
    return message.contact_id is not None and message.category != Category.SERVICE


class _Waiting:
    """Until when a contact is left alone, for all contacts of a batch at once."""

    def __init__(self, batch: Sequence[OutboxMessage], *, now: dt.datetime) -> None:
        self.now = now
        self.ends: dict[int, dt.datetime] = {}
        # (contact, message) of mail on its way by other hands.
        self.under_way: list[tuple[int, int]] = []
        self.first: dict[int, int] = {}
        quiet = [message for message in batch if keeps_quiet(message)]
        if not quiet:
            return
        hours = (
            MailServer.objects.filter(id=1)
            .values_list("quiet_hours", flat=True)
            .first()
        )
        self.period = dt.timedelta(
            hours=MailServer._meta.get_field("quiet_hours").default
            if hours is None
            else hours
        )
        if not self.period:
            return
        for message in quiet:
            self.first.setdefault(message.contact_id or 0, message.pk)
        self._look(quiet)

    def _look(self, quiet: Sequence[OutboxMessage]) -> None:
        since = self.now - self.period
        others = (
            OutboxMessage.objects.filter(
                contact__in={message.contact_id for message in quiet}
            )
            .exclude(category=Category.SERVICE)
            .exclude(pk__in=[message.pk for message in quiet])
        )
        # An unknown one may have arrived, so it counts like a sent one.
        over = Q(state=MessageState.SENT, sent_at__gt=since) | Q(
            state=MessageState.UNKNOWN, finished_at__gt=since
        )
        begun = Q(state=MessageState.SENDING) | Q(
            state=MessageState.PENDING, claim__isnull=False, lease_until__gt=self.now
        )
        rows = others.filter(over | begun).values_list(
            "contact_id", "pk", "state", "sent_at", "finished_at"
        )
        for contact_id, pk, state, sent_at, finished_at in rows:
            ended = sent_at or finished_at
            if state in {MessageState.SENT, MessageState.UNKNOWN} and ended:
                end = ended + self.period
                self.ends[contact_id] = max(end, self.ends.get(contact_id, end))
            else:
                self.under_way.append((contact_id, pk))

    def until(self, message: OutboxMessage) -> dt.datetime | None:
        """This will return when to look at the message again; None: it may go."""
        contact_id = message.contact_id
        if not keeps_quiet(message) or contact_id is None:
            return None
        if contact_id in self.ends:
            return self.ends[contact_id]
        others = [pk for contact, pk in self.under_way if contact == contact_id]
        if others:
            sooner = message.pk < min(others)
            return self.now + (LOOK_AGAIN_SOON if sooner else LOOK_AGAIN)
        if self.first.get(contact_id, message.pk) != message.pk:
            return self.now + LOOK_AGAIN
        return None
