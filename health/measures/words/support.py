"""What the measures of support say."""

import datetime as dt
import math

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common import formats

# From here on days say more than hours.
HOURS_SAID = 48
# What a trend adds to both counts, so that small numbers do not jump.
STEADY = 2.0


def _decimal(value: float) -> str:
    return formats.number(value, get_language() or "en", 1)


def _time(hours: float) -> str:
    """This will write a stretch of time: hours, or days from two days on."""
    if hours < HOURS_SAID:
        count = round(hours)
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    count = round(hours / 24)
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def tickets(value: float, before: float, as_of: dt.date) -> str:
    del as_of
    count = round(value)
    if value > before + 1:
        return ngettext(
            "%(count)d ticket in 30 days; %(before)s a month before",
            "%(count)d tickets in 30 days; %(before)s a month before",
            count,
        ) % {"count": count, "before": _decimal(before)}
    return ngettext(
        "%(count)d support ticket in 30 days",
        "%(count)d support tickets in 30 days",
        count,
    ) % {"count": count}


def ticket_trend(value: float, before: float, as_of: dt.date) -> str:
    del as_of
    count = max(0, round(value * (before + STEADY) - STEADY))
    words = {"count": count, "before": _decimal(before)}
    if count > before:
        return _("Tickets rose from %(before)s to %(count)d a month") % words
    if count < before:
        return _("Tickets fell from %(before)s to %(count)d a month") % words
    return _("As many tickets as in the months before")


def open_tickets(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    count = round(value)
    if count == 0:
        return _("No ticket is open")
    return ngettext("%(count)d ticket is open", "%(count)d tickets are open", count) % {
        "count": count
    }


def escalations(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    count = round(value)
    return ngettext(
        "%(count)d ticket was escalated in 90 days",
        "%(count)d tickets were escalated in 90 days",
        count,
    ) % {"count": count}


def reopened(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    count = round(value)
    if count == 0:
        return _("No ticket was reopened in 90 days")
    return ngettext(
        "%(count)d ticket was reopened in 90 days",
        "%(count)d tickets were reopened in 90 days",
        count,
    ) % {"count": count}


def first_response(value: float, before: float, as_of: dt.date) -> str:
    """`before` holds the hours."""
    del as_of
    words = {"times": _decimal(value)}
    if math.isnan(before):
        return _("First answers take %(times)s times the target") % words
    words["time"] = _time(before)
    if value <= 1:
        return _("First answers take %(time)s, within the target") % words
    return _("First answers take %(time)s, %(times)s times the target") % words


def resolution(value: float, before: float, as_of: dt.date) -> str:
    """`before` holds the hours."""
    del as_of
    words = {"times": _decimal(value)}
    if math.isnan(before):
        return _("Tickets take %(times)s times the target to resolve") % words
    words["time"] = _time(before)
    if value <= 1:
        return _("Tickets take %(time)s to resolve, within the target") % words
    return _("Tickets take %(time)s to resolve, %(times)s times the target") % words


def satisfaction(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    return _("Support is rated %(score)s of 5") % {"score": _decimal(value)}


def silence(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    return ngettext(
        "Used to ask support, but not for %(days)d day",
        "Used to ask support, but not for %(days)d days",
        days,
    ) % {"days": days}
