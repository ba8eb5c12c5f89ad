"""What a person may do with a message: send it again, or keep it from going."""

import datetime as dt

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from mail.enums import MessageState, Reason
from mail.mails import SEALED, PlainMail
from mail.models import OutboxMessage
from mail.services.claiming import without_words
from mail.services.waking import outbox_wake

AGAIN = (MessageState.UNKNOWN, MessageState.FAILED)


class UnableToResend(KeepwellError):
    """The message is not one that may be sent again."""


class UnableToCancel(KeepwellError):
    """The message has gone or is just going."""


@transaction.atomic
def message_resend(
    *, message: OutboxMessage, by: Actor, now: dt.datetime
) -> OutboxMessage:
    """This will let an unknown or failed message go out once more.

    It keeps its Message-ID, so that a mailbox that has it already can tell. What stops
    any mail (unsubscribed, left, too many to one contact) is looked at again.
    """
    row = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if row.state not in AGAIN:
        msg = _(
            "Only a mail that failed, or whose fate is unknown, can be sent again. "
            "Reload the page to see how far this one has come."
        )
        raise UnableToResend(msg)
    if not row.to_email:
        msg = _("The address has been erased, so there is nobody to send it to.")
        raise UnableToResend(msg)
    if row.kind == PlainMail.key and SEALED not in row.data:
        msg = _("Its words are no longer kept. Ask for the mail where it came from.")
        raise UnableToResend(msg)
    before = {"state": row.state, "reason": row.reason}
    row.state, row.reason, row.reply = MessageState.PENDING, Reason.NONE, ""
    row.attempts, row.due_at = 0, now
    row.claim = row.lease_until = row.finished_at = None
    if row.expires_at is not None and row.expires_at <= now:
        # The person says that it is not too late.
        row.expires_at = None
    row.save()
    audit_record(
        by=by,
        action="mail.message_resent",
        now=now,
        subject=row,
        before=before,
        after={"state": row.state},
    )
    outbox_wake()
    return row


@transaction.atomic
def message_cancel(
    *, message: OutboxMessage, by: Actor, now: dt.datetime
) -> OutboxMessage:
    """This will keep a waiting message from going out, for good."""
    taken = OutboxMessage.objects.filter(
        pk=message.pk, claim__isnull=False, lease_until__gt=Now()
    )
    row = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if row.state != MessageState.PENDING or taken.exists():
        msg = _(
            "The mail has gone, or is going at this moment. It can no longer be stopped."
        )
        raise UnableToCancel(msg)
    row.state, row.reason = MessageState.DROPPED, Reason.CANCELLED
    row.claim = row.lease_until = None
    row.finished_at = now
    for name, value in without_words(row).items():
        setattr(row, name, value)
    row.save()
    audit_record(
        by=by,
        action="mail.message_cancelled",
        now=now,
        subject=row,
        before={"state": MessageState.PENDING},
        after={"state": row.state},
    )
    return row
