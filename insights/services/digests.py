"""Asking for the digests that are due."""

import datetime as dt

from accounts.enums import Digest
from accounts.models import Company, Holiday, User
from accounts.selectors import company as the_company
from common.dates import first_zone
from common.schedule import latest_due, moment_of_day
from mail.models import OutboxMessage
from mail.services.outbox import message_queue

# A morning's digest is worth nothing in the evening.
STALE_AFTER = dt.timedelta(hours=12)


def digests_queue(*, now: dt.datetime) -> int:
    """This will put every digest that is due into the outbox, and return how many.

    Each at its person's own hour and local day, once: the day is part of the effect key.
    Three queries when nothing is due. What there is to say is gathered when the mail goes
    out; nothing to say, no mail.
    """
    company = the_company()
    people = User.objects.filter(is_active=True).exclude(digest=Digest.OFF)
    due = {
        f"insights.digest:{person.pk}:{day}": (person, day)
        for person in people.order_by("id")
        if (day := digest_day(person, company=company, now=now))
    }
    if not due:
        return 0
    there = OutboxMessage.objects.filter(effect_key__in=due)
    known = set(there.values_list("effect_key", flat=True))
    free = set(
        Holiday.objects.filter(day__in={day for _, day in due.values()}).values_list(
            "day", flat=True
        )
    )
    wanted = {
        key: (person, day)
        for key, (person, day) in due.items()
        if key not in known and (day not in free or person.digest == Digest.WEEKLY)
    }
    return sum(
        message_queue(
            kind="insights.digest",
            to_email=person.email,
            to_name=person.name,
            language=person.language,
            user_id=person.pk,
            data={"user": person.pk, "day": day.isoformat()},
            effect_key=key,
            expires_at=now + STALE_AFTER,
            now=now,
        )
        is not None
        for key, (person, day) in wanted.items()
    )


def digest_day(person: User, *, company: Company, now: dt.datetime) -> dt.date | None:
    """This will return the local day whose digest is due, or None while it is too late.

    A digest that could not go out for half a day is left out; the next one says the same.
    """
    zone = first_zone(person.time_zone, company.time_zone)
    weekdays = (
        {person.digest_weekday}
        if person.digest == Digest.WEEKLY
        else set(company.working_days)
    )
    if not weekdays:
        return None
    day = latest_due(now, zone, person.digest_at, weekdays)
    return (
        day if now - moment_of_day(day, person.digest_at, zone) < STALE_AFTER else None
    )
