"""Reads about answers."""

import datetime as dt

from django.db.models import F

from accounts.models import User
from surveys.calculations.scales import HIGH, LOW, MIDDLE, group_of
from surveys.models import Response

TONES = {LOW: "crit", MIDDLE: "", HIGH: "ok"}
WAITING_DAYS = 180


def answer_tone(kind: str, score: int) -> str:
    """This will give an answer's tone: crit, ok or none for what lies between."""
    return TONES[group_of(kind, score)]


def answers_waiting(*, user: User, now: dt.datetime, limit: int = 3) -> list[Response]:
    """This will return the answers that somebody should reply to, the soonest due first.

    Only those of the last half year: an older one is past answering. One query.
    """
    first = now - dt.timedelta(days=WAITING_DAYS)
    rows = Response.objects.visible_to(user).waiting()
    recent = rows.filter(responded_at__range=(first, now))
    soonest = F("reply_due_at").asc(nulls_last=True)
    ordered = recent.select_related("customer", "contact").order_by(
        soonest, "-responded_at", "-id"
    )
    return list(ordered[:limit])
