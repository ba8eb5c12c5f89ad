"""What people change about themselves."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.actor import Actor
from accounts.models import User
from accounts.services.audit import audit_record
from common.changes import differences, values_of

# What an entry of the log may say in the open, and what is personal. How the pages look
# is nobody else's business.
OPEN = ("time_zone", "language", "digest", "digest_at", "digest_weekday")
PERSONAL = ("name",)


@transaction.atomic
def profile_change(
    *, user: User, values: Mapping[str, Any], by: Actor, now: dt.datetime
) -> User:
    """This will keep what a person typed about themselves; returns the person."""
    held = User.objects.select_for_update().get(pk=user.pk)
    before = values_of(held, values)
    for name, value in values.items():
        setattr(held, name, value)
    held.save(update_fields=list(values))
    changed = differences(before, values_of(held, values))
    told = [name for name in changed if name in (*OPEN, *PERSONAL)]
    if told:
        after = values_of(held, values)
        audit_record(
            by=by,
            action="accounts.profile_changed",
            now=now,
            subject=held,
            before={name: before[name] for name in told if name in OPEN},
            after={name: after[name] for name in told if name in OPEN},
            person=held,
            personal={
                "before": {name: before[name] for name in told if name in PERSONAL},
                "after": {name: after[name] for name in told if name in PERSONAL},
            },
        )
    return held
