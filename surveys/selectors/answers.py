"""Reads about answers."""

import datetime as dt

from accounts.models import User
from surveys.enums import SurveyKind
from surveys.models import Response

# The highest answer that is bad news, and the lowest that is good news.
BORDERS = {
    SurveyKind.NPS: (6, 9),
    SurveyKind.CSAT: (2, 4),
    SurveyKind.CES: (3, 6),
}
PASSIVE_UP_TO = 8
WAITING_DAYS = 180


def answer_tone(kind: str, score: int) -> str:
    """This will give an answer's tone: crit, ok or none for what lies between."""
    bad, good = BORDERS[SurveyKind(kind)]
    if score <= bad:
        return "crit"
    return "ok" if score >= good else ""


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
