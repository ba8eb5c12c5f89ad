"""Who of the demo's people was asked when, and what they answered."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from customers.models import Contact
from demo.calculations.people import ROLES
from surveys.enums import SurveyKind
from surveys.extension import portfolio_facts
from surveys.models import Response

LOOKING_BACK = 170


@dataclass(frozen=True)
class Turn:
    """Somebody was asked at a moment, and answered or not."""

    contact: Contact
    asked_at: dt.datetime
    answer: Response | None


def turns_answered(now: dt.datetime) -> Iterator[Turn]:
    """This will turn each person's newest answer into one to a mail of that week."""
    rows = Response.objects.filter(
        kind=SurveyKind.NPS,
        contact__isnull=False,
        responded_at__gt=now - dt.timedelta(days=LOOKING_BACK),
    ).order_by("contact_id", "-responded_at", "-id")
    newest = rows.distinct("contact_id").select_related("contact__customer")
    for row in newest:
        if row.contact is None:
            continue
        wait = dt.timedelta(minutes=20 + row.pk * 37 % (4 * 1440))
        yield Turn(row.contact, row.responded_at - wait, row)


def turns_silent(
    rng: np.random.Generator, now: dt.datetime, today: dt.date
) -> list[Turn]:
    """This will ask those who have not answered, on some day since."""
    contacts = (
        Contact.objects.filter(left_on__isnull=True, role__in=ROLES.values())
        .exclude(customer__in=portfolio_facts().gone(on=today))
        .exclude(role=ROLES["finance"])
        .select_related("customer")
        .order_by("id")
    )
    since = now - dt.timedelta(days=LOOKING_BACK)
    heard = set(
        Response.objects.filter(kind=SurveyKind.NPS, responded_at__gt=since)
        .exclude(contact=None)
        .values_list("contact_id", flat=True)
    )
    turns = []
    for contact in contacts:
        days = int(rng.integers(1, LOOKING_BACK))
        minutes = int(rng.integers(0, 7 * 60))
        at = now - dt.timedelta(days=days, minutes=minutes)
        if contact.pk not in heard and contact.recorded_at < at:
            turns.append(Turn(contact, at, None))
    return turns
