"""What became of the demo's bad answers: tasks, replies, and what was done."""

import datetime as dt

import numpy as np

from demo.calculations.draws import pick
from demo.texts.programme import RESOLUTIONS
from surveys.calculations.scales import BORDERS
from surveys.enums import SurveyKind
from surveys.models import Response
from surveys.selectors.due import reply_due
from surveys.services.loop import response_follow_up

# Bad answers of these last days still wait for somebody.
OPEN_DAYS = 6
# Of the older ones, how many got a reply, and how many of those are settled.
REPLIED, SETTLED = 0.85, 0.75


def answers_followed_up(rng: np.random.Generator, *, now: dt.datetime) -> None:
    """This will deal with older bad answers and make tasks of the newest."""
    worst, _best = BORDERS[SurveyKind.NPS]
    bad = Response.objects.filter(
        invitation__isnull=False, counted=True, score__lte=worst
    )
    since = now - dt.timedelta(days=OPEN_DAYS)
    older: list[Response] = []
    newest: list[Response] = []
    for row in bad.select_related("customer__owner", "contact").order_by("id"):
        (newest if row.responded_at > since else older).append(row)
    for row in older:
        _dealt_with(rng, row)
    Response.objects.bulk_update(
        older, ["reply_due_at", "replied_at", "resolved_at", "resolution", "handler"]
    )
    for row in newest:
        response_follow_up(response=row, before=None, now=row.responded_at)


def _dealt_with(rng: np.random.Generator, row: Response) -> None:
    row.reply_due_at = reply_due(row.responded_at)
    if rng.random() > REPLIED:
        return
    hours = float(rng.gamma(2.0, 14.0))
    row.replied_at = row.responded_at + dt.timedelta(hours=hours)
    row.handler = row.customer.owner
    if rng.random() < SETTLED:
        days = float(rng.gamma(2.0, 1.2))
        language = row.handler.language if row.handler else "en"
        row.resolved_at = min(
            row.replied_at + dt.timedelta(days=days),
            row.responded_at + dt.timedelta(days=OPEN_DAYS),
        )
        row.replied_at = min(row.replied_at, row.resolved_at)
        row.resolution = pick(rng, RESOLUTIONS.get(language, RESOLUTIONS["en"]))
