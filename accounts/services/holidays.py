"""Days on which nobody works."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.actor import Actor
from accounts.models import Holiday
from accounts.services.audit import audit_record

Day = tuple[dt.date, str]


@transaction.atomic
def holidays_add(*, days: Sequence[Day], by: Actor, now: dt.datetime) -> int:
    """This will add holidays and return how many were new.

    A day that is a holiday already keeps its name.
    """
    wanted = dict(reversed(days))
    known = set(Holiday.objects.filter(day__in=wanted).values_list("day", flat=True))
    added = {day: name for day, name in sorted(wanted.items()) if day not in known}
    Holiday.objects.bulk_create(
        (Holiday(day=day, name=name) for day, name in added.items()),
        # Somebody else may add the same day at the same time.
        ignore_conflicts=True,
    )
    if added:
        audit_record(
            by=by,
            action="accounts.holidays_added",
            now=now,
            after={day.isoformat(): name for day, name in added.items()},
        )
    return len(added)


@transaction.atomic
def holiday_delete(*, holiday: Holiday, by: Actor, now: dt.datetime) -> None:
    """This will remove a holiday; done twice it changes nothing."""
    if Holiday.objects.filter(pk=holiday.pk).delete()[0]:
        audit_record(
            by=by,
            action="accounts.holiday_deleted",
            now=now,
            subject=holiday,
            before={"day": holiday.day, "name": holiday.name},
        )
