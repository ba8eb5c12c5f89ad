"""What providers report about mails: stored once, applied at once, in any order.

Every effect is one that may come before or after the others: a time that only moves to the
earlier, an entry on the suppression list, and a doubt that is settled by any report at all.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Least

from accounts.actor import MACHINE
from common.links import link_read
from customers.services.events import event_record
from mail.address import hash_of
from mail.enums import (
    MessageState,
    Reason,
    ReportKind,
    SuppressionReason,
    SuppressionScope,
)
from mail.events import MESSAGE_SENT
from mail.models import OutboxMessage, ProviderEvent
from mail.models.message import MessageQuerySet
from mail.services.claiming import without_words
from mail.services.suppressions import UnableToSuppress, suppression_add
from mail.transport.hooks import Report
from mail.transport.provider import PURPOSE
from mail.transport.providers import PROVIDERS

SUPPRESSED = {
    ReportKind.BOUNCED: (SuppressionScope.DEAD, SuppressionReason.HARD_BOUNCE),
    ReportKind.COMPLAINED: (SuppressionScope.ALL, SuppressionReason.COMPLAINT),
    ReportKind.UNSUBSCRIBED: (SuppressionScope.ALL, SuppressionReason.UNSUBSCRIBED),
}
TIMES = {ReportKind.BOUNCED: "bounced_at", ReportKind.COMPLAINED: "complained_at"}


@transaction.atomic
def provider_report_take(*, report: Report, now: dt.datetime) -> bool:
    """This will store a report and do what follows from it; False when it was known.

    Both are one transaction, so a report that was answered with "thank you" is never lost
    and one that comes eight times counts once.
    """
    message = _message_of(report)
    happened_at = min(report.happened_at or now, now)
    event = ProviderEvent(
        provider=report.provider,
        event_id=report.event_id,
        kind=report.kind,
        message=message,
        recipient_hash=hash_of(report.recipient) if report.recipient else "",
        description=report.description,
        happened_at=happened_at,
        received_at=now,
        applied_at=now,
    )
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        return False
    if message:
        _note(message, report.kind, happened_at)
        _settle(OutboxMessage.objects.filter(pk=message.pk), now=now)
    _suppress(report, message, now=now)
    return True


def unknown_settle(*, now: dt.datetime) -> int:
    """This will mark as sent what is unknown here but known to the provider; how many.

    A report may come before the message has become unknown (while a worker dies), so the
    sweep asks once more.
    """
    unsettled = OutboxMessage.objects.filter(state=MessageState.UNKNOWN)
    return _settle(unsettled, now=now)


def _settle(messages: MessageQuerySet, *, now: dt.datetime) -> int:
    """This will call sent what the provider has had in its hands.

    Also what a person has asked to send again and is still waiting: it would come twice.
    A message that a worker holds is left to the worker.
    """
    reported = ProviderEvent.objects.filter(message=OuterRef("pk"))
    in_doubt = messages.filter(
        Q(state=MessageState.UNKNOWN)
        | Q(state=MessageState.PENDING, claim=None)
        | Q(state=MessageState.PENDING, lease_until__lt=now),
        Exists(reported),
    ).select_related("contact", "customer", "author")
    return sum(_sent(message, now=now) for message in in_doubt.order_by("id"))


def _sent(message: OutboxMessage, *, now: dt.datetime) -> bool:
    """This will end a message as the worker would have; False if that has ended it."""
    at = message.sent_at or message.finished_at or now
    same = OutboxMessage.objects.filter(
        pk=message.pk, state=message.state, claim=message.claim
    )
    done = same.update(
        state=MessageState.SENT,
        reason=Reason.NONE,
        sent_at=at,
        finished_at=at,
        claim=None,
        lease_until=None,
        **without_words(message),
    )
    if done and message.contact and message.customer:
        event_record(
            customer=message.customer,
            kind=MESSAGE_SENT,
            happened_at=at,
            now=now,
            actor=message.author,
            subject=message,
            data={
                "message": message.pk,
                "contact": message.contact.pk,
                "category": message.category,
            },
        )
    return bool(done)


def _message_of(report: Report) -> OutboxMessage | None:
    """This will find the message by what we gave along, else by the provider's id.

    Locks it, so that reports about one message take turns. Another recipient's report
    (somebody forwarded, a shared account) is about none of ours.
    """
    token = link_read(PURPOSE, report.token) if report.token else None
    rows = OutboxMessage.objects.select_for_update()
    if token:
        found = rows.filter(pk=token[0]).first()
    elif report.provider_id:
        found = rows.filter(provider_id=report.provider_id).order_by("id").first()
    else:
        found = None
    if found and found.to_email and report.recipient:
        same = found.to_email.casefold() == report.recipient.casefold()
        return found if same else None
    return found


def _note(message: OutboxMessage, kind: ReportKind, happened_at: dt.datetime) -> None:
    if name := TIMES.get(kind):
        when = Value(happened_at, output_field=DateTimeField())
        # PostgreSQL's LEAST passes over an empty one.
        OutboxMessage.objects.filter(pk=message.pk).update(
            **{name: Least(F(name), when)}
        )


def _suppress(
    report: Report, message: OutboxMessage | None, *, now: dt.datetime
) -> None:
    erased = message is not None and not message.to_email
    if report.kind not in SUPPRESSED or not report.recipient or erased:
        # Whom we have erased does not come back by a late report.
        return
    scope, reason = SUPPRESSED[report.kind]
    about = f"message:{message.pk} " if message else ""
    words = f"{about}{PROVIDERS[report.provider].label}: {report.description}"
    try:
        suppression_add(
            email=report.recipient,
            scope=scope,
            reason=reason,
            source=words.rstrip(": "),
            by=MACHINE,
            now=now,
        )
    except UnableToSuppress:
        # No address, so nobody can write to it either.
        return
