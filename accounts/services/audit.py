"""Writing the audit log."""

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from accounts.actor import Actor
from accounts.calculations.chain import (
    START,
    Link,
    detail_digest,
    head_mac,
    link_digest,
)
from accounts.models import AuditDetail, AuditEntry, AuditHead, User
from common.locks import Lock, transaction_lock


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """This will turn values into what JSON keeps exactly as it is."""
    made: dict[str, Any] = json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
    return made


@transaction.atomic
def audit_record(
    *,
    by: Actor,
    action: str,
    now: dt.datetime,
    subject: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    person: User | None = None,
    personal: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """This will append an entry. Call it in the transaction of the change it tells of.

    `action` is `app.noun_verbed`. `before` and `after` hold the changed fields only and
    nothing personal: names, addresses and the like go to `personal` (kept apart, so that
    they can be erased), with `person` saying whose they are if not the actor's. The
    actor's name, email, address and browser are added there by themselves.

    Takes a lock until the transaction ends; costs five statements.
    """
    # Appending takes turns, so that the chain has one end.
    transaction_lock(Lock.AUDIT_CHAIN)
    head = AuditHead.objects.filter(id=1).first()
    details = {
        "actor": {"name": by.user.name, "email": by.user.email} if by.user else {},
        "address": by.address,
        "agent": by.agent,
        **plain(personal or {}),
    }
    salt = secrets.token_hex(16)
    link = Link(
        number=head.entries + 1 if head else 1,
        at=now,
        actor_id=by.user.pk if by.user else None,
        action=action,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        before=plain(before or {}),
        after=plain(after or {}),
        detail_digest=detail_digest(salt, details),
        previous=head.digest if head else START,
    )
    digest = link_digest(link)
    entry = AuditEntry(
        digest=digest, **{name: getattr(link, name) for name in Link.__slots__}
    )
    entry.save(force_insert=True)
    AuditDetail(
        entry=entry, person_id=person.pk if person else None, salt=salt, data=details
    ).save(force_insert=True)
    AuditHead(
        id=1,
        entries=link.number,
        digest=digest,
        mac=head_mac(settings.AUDIT_KEYS[0], link.number, digest),
    ).save(force_insert=head is None)
    return entry
