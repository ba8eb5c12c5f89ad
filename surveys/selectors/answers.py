"""Reads about answers."""

import datetime as dt

from accounts.models import User
from surveys.calculations.scales import HIGH, LOW, MIDDLE, group_of
from surveys.enums import SurveyKind
from surveys.models import Response

TONES = {LOW: "crit", MIDDLE: "", HIGH: "ok"}
PASSIVE_UP_TO = 8
WAITING_DAYS = 180


def answer_tone(kind: str, score: int) -> str:
    """This will give an answer's tone: crit, ok or none for what lies between."""
    return TONES[group_of(kind, score)]


def answers_waiting(*, user: User, now: dt.datetime, limit: int = 3) -> list[Response]:
    """This will return the newest NPS comments below 9 that nobody has replied to.

    Only those of the last half year: an older one is past answering. One query.
    """
    rows = (
        Response.objects.visible_to(user)
        .filter(
            kind=SurveyKind.NPS,
            score__lte=PASSIVE_UP_TO,
            replied_at__isnull=True,
            responded_at__range=(now - dt.timedelta(days=WAITING_DAYS), now),
        )
        .exclude(comment="")
    )
    newest = rows.select_related("customer", "contact").order_by("-responded_at", "-id")
    return list(newest[:limit])
