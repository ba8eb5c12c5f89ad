"""What the measures of surveys say."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def nps(value: float, before: float, as_of: dt.date) -> str:
    del as_of
    if before > value:
        return _("NPS answer fell from %(before)d to %(score)d") % {
            "before": before,
            "score": value,
        }
    return _("Latest NPS answer: %(score)d") % {"score": value}


def nps_trend(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    points = round(value)
    if points == 0:
        return _("The NPS answer is the same as the one before")
    if points < 0:
        return ngettext(
            "The NPS answer is %(points)d point lower than the one before",
            "The NPS answer is %(points)d points lower than the one before",
            -points,
        ) % {"points": -points}
    return ngettext(
        "The NPS answer is %(points)d point higher than the one before",
        "The NPS answer is %(points)d points higher than the one before",
        points,
    ) % {"points": points}


def detractors(value: float, before: float, as_of: dt.date) -> str:
    """`before` holds how many people answered."""
    del as_of
    count = round(value * before)
    return ngettext(
        "%(count)d of %(people)d people who answered would advise against us",
        "%(count)d of %(people)d people who answered would advise against us",
        count,
    ) % {"count": count, "people": round(before)}


def unanswered(value: float, before: float, as_of: dt.date) -> str:
    """`before` holds how many invitations there were."""
    del as_of
    count = round(value * before)
    return ngettext(
        "%(count)d of %(asked)d invitations to a survey was not answered",
        "%(count)d of %(asked)d invitations to a survey were not answered",
        count,
    ) % {"count": count, "asked": round(before)}
