"""Sealing the head anew, after a person has looked into a broken seal."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from accounts.actor import Actor
from accounts.calculations.chain import head_mac
from accounts.models import AuditHead
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from common.locks import Lock, transaction_lock


class UnableToSeal(KeepwellError):
    """There is nothing to seal."""


@transaction.atomic
def audit_seal(*, reason: str, by: Actor, now: dt.datetime) -> AuditHead:
    """This will accept the log as it is: say so in it, and seal its head with our key.

    For a secret key that was lost, or after tampering was looked into. The entry stays
    for ever, so that nobody can do this unseen.
    """
    transaction_lock(Lock.AUDIT_CHAIN)
    if not AuditHead.objects.exists():
        msg = "The audit log has no head: either it is empty, or the head was removed."
        raise UnableToSeal(msg)
    audit_record(by=by, action="audit.sealed_anew", now=now, after={"reason": reason})
    head = AuditHead.objects.get(id=1)
    head.mac = head_mac(settings.AUDIT_KEYS[0], head.entries, head.digest)
    head.save(update_fields=["mac"])
    return head
