"""Erasing a person from the audit log; what was done stays, and the chain holds."""

import datetime as dt
from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import Q

from accounts.actor import Actor
from accounts.calculations.verdict import ERASED
from accounts.models import AuditDetail, Invitation, User
from accounts.services.audit import audit_record
from common.locks import Lock, transaction_lock


@transaction.atomic
def audit_details_erase(*, person: User, by: Actor, now: dt.datetime) -> int:
    """This will remove the details of entries by or about a person, and say how many.

    Names, addresses and browsers go; who is meant stays as a number only. The log names
    the entries, so that the verification can tell erasing from theft.
    """
    # Before reading: no entry about the person may be appended in between.
    transaction_lock(Lock.AUDIT_CHAIN)
    invitations = Invitation.objects.filter(user=person).values_list("pk", flat=True)
    rows = AuditDetail.objects.filter(
        Q(entry__actor_id=person.pk)
        | Q(person_id=person.pk)
        | _about(person, [person.pk])
        # Somebody invited is not a person of ours yet.
        | _about(Invitation(), invitations)
    )
    numbers = sorted(rows.values_list("entry_id", flat=True))
    AuditDetail.objects.filter(entry_id__in=numbers).delete()
    audit_record(
        by=by, action=ERASED, now=now, subject=person, after={"entries": numbers}
    )
    return len(numbers)


def _about(kind: models.Model, keys: Iterable[int]) -> Q:
    subjects = [str(key) for key in keys]
    return Q(entry__subject_type=kind._meta.label_lower, entry__subject_id__in=subjects)
