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
    plain,
)
from accounts.calculations.verdict import Head, sealed
from accounts.models import AuditDetail, AuditEntry, AuditHead, User
from common.cards import scrub_all
from common.locks import Lock, transaction_lock


def stored(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """This will turn values into what the database gives back unchanged."""
    made: dict[str, Any] = plain(
        json.loads(json.dumps(dict(values or {}), cls=DjangoJSONEncoder))
    )
    # An entry is for ever, so a number of a card must not get into one.
    clean: dict[str, Any] = scrub_all(made)
    return clean


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
    details = stored(
        {
            "actor": {"name": by.user.name, "email": by.user.email} if by.user else {},
            "address": by.address,
            "agent": by.agent,
            **(personal or {}),
        }
    )
    person_id = person.pk if person else None
    salt = secrets.token_hex(16)
    link = Link(
        number=head.entries + 1 if head else 1,
        at=now,
        actor_id=by.user.pk if by.user else None,
        action=action,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        before=stored(before),
        after=stored(after),
        detail_digest=detail_digest(salt, person_id, details),
        previous=head.digest if head else START,
    )
    digest = link_digest(link)
    entry = AuditEntry(
        digest=digest, **{name: getattr(link, name) for name in Link.__slots__}
    )
    entry.save(force_insert=True)
    AuditDetail(entry=entry, person_id=person_id, salt=salt, data=details).save(
        force_insert=True
    )
    AuditHead(
        id=1,
        entries=link.number,
        digest=digest,
        mac=_seal(head, link.number, digest),
    ).save(force_insert=head is None, force_update=head is not None)
    return entry


def _seal(before: AuditHead | None, entries: int, digest: str) -> str:
    """This will seal the head, unless the one before it was not sealed by us.

    Otherwise our next entry would bless a log that somebody else has rewritten. The
    broken seal stays until a person has looked into it (manage.py audit_seal).
    """
    if before and not sealed(
        Head(before.entries, before.digest, before.mac), settings.AUDIT_KEYS
    ):
        return ""
    return head_mac(settings.AUDIT_KEYS[0], entries, digest)
