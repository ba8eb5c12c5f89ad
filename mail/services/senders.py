"""In whose name mail goes out."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.changes import differences, digest_of, values_of
from common.errors import KeepwellError
from mail.models import Sender

FIELDS = ("name", "email", "reply_to")


class UnableToSaveUnseenSender(KeepwellError):
    """Somebody else has changed the sender since it was shown."""


class UnableToRetireSender(KeepwellError):
    """Mail goes out in its name unless another one is chosen."""


@transaction.atomic
def sender_add(
    *, name: str, email: str, reply_to: str, by: Actor, now: dt.datetime
) -> Sender:
    """This will add a sender; the first one becomes the default."""
    sender = Sender(name=name, email=email, reply_to=reply_to)
    sender.is_default = not _all_locked()
    sender.full_clean()
    sender.save()
    after = values_of(sender, FIELDS)
    audit_record(
        by=by,
        action="mail.sender_added",
        now=now,
        subject=sender,
        after={"is_default": sender.is_default},
        personal={"after": after},
    )
    return sender


@transaction.atomic
def sender_change(
    *,
    sender: Sender,
    name: str,
    email: str,
    reply_to: str,
    seen: str,
    by: Actor,
    now: dt.datetime,
) -> list[str]:
    """This will change a sender and return what is different now."""
    held = Sender.objects.select_for_update().get(pk=sender.pk)
    if seen != digest_of(held, FIELDS):
        msg = _("Somebody else has changed this sender meanwhile.")
        raise UnableToSaveUnseenSender(msg)
    before = values_of(held, FIELDS)
    after = {"name": name, "email": email, "reply_to": reply_to}
    changed = differences(before, after)
    if not changed:
        return []
    for field in changed:
        setattr(held, field, after[field])
    held.full_clean()
    held.save(update_fields=changed)
    audit_record(
        by=by,
        action="mail.sender_changed",
        now=now,
        subject=held,
        personal={
            "before": {field: before[field] for field in changed},
            "after": {field: after[field] for field in changed},
        },
    )
    return changed


@transaction.atomic
def sender_make_default(*, sender: Sender, by: Actor, now: dt.datetime) -> None:
    """This will use a sender unless another one is chosen; a retired one comes back."""
    _all_locked()
    held = Sender.objects.get(pk=sender.pk)
    if held.is_default:
        return
    former = Sender.objects.filter(is_default=True).first()
    Sender.objects.filter(is_default=True).update(is_default=False)
    held.is_default, held.retired_at = True, None
    held.save(update_fields=["is_default", "retired_at"])
    audit_record(
        by=by,
        action="mail.sender_made_default",
        now=now,
        subject=held,
        before={"default": former.pk if former else None},
        after={"default": held.pk},
    )


@transaction.atomic
def sender_retire(*, sender: Sender, by: Actor, now: dt.datetime) -> None:
    """This will offer a sender no more. Mail that has it keeps it."""
    _all_locked()
    held = Sender.objects.get(pk=sender.pk)
    if held.is_default:
        msg = _("Make another sender the default one first.")
        raise UnableToRetireSender(msg)
    if held.retired_at is None:
        held.retired_at = now
        held.save(update_fields=["retired_at"])
        audit_record(by=by, action="mail.sender_retired", now=now, subject=held)


@transaction.atomic
def sender_restore(*, sender: Sender, by: Actor, now: dt.datetime) -> None:
    """This will offer a retired sender again."""
    if (
        Sender.objects.filter(pk=sender.pk)
        .exclude(retired_at=None)
        .update(retired_at=None)
    ):
        audit_record(by=by, action="mail.sender_restored", now=now, subject=sender)


def _all_locked() -> list[Sender]:
    """This will hold all senders, in one order, so that one default is left for sure."""
    return list(Sender.objects.select_for_update().order_by("pk"))
