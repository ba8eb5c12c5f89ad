"""The list of addresses that get no more mail. Every change stands in the audit log."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from mail.address import hash_of, hashes_of
from mail.calculations.addresses import address_normal
from mail.models import Suppression


class UnableToSuppress(KeepwellError):
    """What was given is no address."""


@transaction.atomic
def suppression_add(
    *, email: str, scope: str, reason: str, source: str, by: Actor, now: dt.datetime
) -> Suppression:
    """This will put an address on the list, at once; a second time changes nothing.

    Returns the entry, the older one where there is one. `scope` and `reason` are values
    of mail.enums; `source` says where it came from ("message:17", a server's words).
    """
    address = address_normal(email)
    if "@" not in address:
        msg = _("Write the whole email address, with an @ in it.")
        raise UnableToSuppress(msg)
    found = suppression_find(email=address, scope=scope)
    if found:
        return found
    try:
        with transaction.atomic():
            made = Suppression.objects.create(
                email=address[:254],
                address_hash=hash_of(address),
                scope=scope,
                reason=reason,
                source=source[:300],
                created_at=now,
                created_by=by.user,
            )
    except IntegrityError:
        # Somebody else was faster by a moment: a double click, a mail program's retry.
        return Suppression.objects.active().get(
            address_hash=hash_of(address), scope=scope
        )
    audit_record(
        by=by,
        action="mail.suppression_added",
        now=now,
        subject=made,
        after={"scope": scope, "reason": reason},
        personal={"subject": {"email": address, "source": source[:300]}},
    )
    return made


@transaction.atomic
def suppression_lift(*, suppression: Suppression, by: Actor, now: dt.datetime) -> bool:
    """This will let an address get mail again; False when it had been lifted before."""
    lifted = (
        Suppression.objects.active()
        .filter(pk=suppression.pk)
        .update(lifted_at=now, lifted_by=by.user)
    )
    if not lifted:
        return False
    audit_record(
        by=by,
        action="mail.suppression_lifted",
        now=now,
        subject=suppression,
        before={"scope": suppression.scope, "reason": suppression.reason},
        personal={"subject": {"email": suppression.email}},
    )
    return True


def suppression_find(*, email: str, scope: str) -> Suppression | None:
    """This will return an address's entry of a scope, also one of an older key."""
    return (
        Suppression.objects.active()
        .filter(address_hash__in=hashes_of(email), scope=scope)
        .order_by("id")
        .first()
    )


@transaction.atomic
def suppression_restore(
    *, suppression: Suppression, by: Actor, now: dt.datetime
) -> bool:
    """This will put a lifted entry back; False when the address is on the list anyhow."""
    row = Suppression.objects.select_for_update().get(pk=suppression.pk)
    if row.lifted_at is None:
        return False
    try:
        with transaction.atomic():
            row.lifted_at = row.lifted_by = None
            row.save(update_fields=["lifted_at", "lifted_by"])
    except IntegrityError:
        return False
    audit_record(
        by=by,
        action="mail.suppression_restored",
        now=now,
        subject=row,
        after={"scope": row.scope, "reason": row.reason},
        personal={"subject": {"email": row.email}},
    )
    return True
