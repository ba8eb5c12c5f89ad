"""Closing the loop with somebody who answered."""

import datetime as dt

from surveys.models import Response


def response_replied(*, response: Response, now: dt.datetime) -> bool:
    """This will note that somebody replied; False when that was noted before."""
    waiting = Response.objects.filter(pk=response.pk, replied_at__isnull=True)
    return bool(waiting.update(replied_at=now))


def response_reply_undone(*, response: Response) -> bool:
    """This will put an answer back among those that wait for a reply."""
    replied = Response.objects.filter(pk=response.pk, replied_at__isnull=False)
    return bool(replied.update(replied_at=None))
