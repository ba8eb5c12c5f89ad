"""Closing the loop: somebody of us gets to know, and gets in touch."""

import datetime as dt

from surveys.models import Response


def response_follow_up(
    *, response: Response, before: Response | None, now: dt.datetime
) -> None:
    """This will tell the timeline of an answer that was confirmed or changed.

    `before` is the answer as it stood until now, None for a new one. Bad news makes a
    task for the customer's owner, or takes back the open one when it is no longer bad.
    Call it in the transaction of the answer.
    """
