"""Putting comments under themes."""

import datetime as dt

from django.db import transaction

from surveys.models import Feedback, Response, Theme, ThemeSearch
from surveys.services.searching import search_begin
from surveys.services.settling import comments_settle


# Without a savepoint: an error undoes the comment too.
@transaction.atomic(savepoint=False)
def comment_theme(*, comment: Response | Feedback, now: dt.datetime) -> None:
    """This will put one comment under all themes whose phrases it holds.

    What a person put there or took out stays. Call it when the comment was saved. Four
    queries at most.
    """
    del now
    comments_settle([comment], theme=None)


def theme_match_all(*, theme: Theme, now: dt.datetime) -> ThemeSearch:
    """This will look through all comments for one theme: call it when its phrases changed.

    At once when there are few comments, else in the worker, which goes on from where it
    was interrupted.
    """
    return search_begin(theme=theme, now=now)


def comments_theme_all(*, now: dt.datetime) -> ThemeSearch:
    """This will look through all comments for all themes: call it after an import."""
    return search_begin(theme=None, now=now)
