"""Putting comments under themes."""

import datetime as dt

from surveys.models import Feedback, Response


def comment_theme(*, comment: Response | Feedback, now: dt.datetime) -> None:
    """This will put one comment under all themes whose phrases it holds.

    What a person put there or took out stays. Call it when the comment was saved.
    """
