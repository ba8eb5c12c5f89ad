"""What the measures of the relationship say."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# How long somebody who left is missed, in days.
LEFT_WINDOW = 120
# Days in the stage of onboarding from which it is behind, and stuck.
BEHIND, STUCK = 45, 90


def last_contact(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    return ngettext(
        "No contact for %(days)d day", "No contact for %(days)d days", days
    ) % {"days": days}


def meetings(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    count = round(value)
    if count == 0:
        return _("No meeting in 90 days")
    return ngettext(
        "%(count)d meeting in 90 days", "%(count)d meetings in 90 days", count
    ) % {"count": count}


def executive_contact(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    return ngettext(
        "No contact with an executive for %(days)d day",
        "No contact with an executive for %(days)d days",
        days,
    ) % {"days": days}


def pulse(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    return _("Own impression: %(pulse)d of 5") % {"pulse": round(value)}


def sponsor(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    if days >= LEFT_WINDOW:
        return _("Main contacts are still there")
    return ngettext(
        "A main contact left %(days)d day ago",
        "A main contact left %(days)d days ago",
        days,
    ) % {"days": days}


def admin_left(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    if days >= LEFT_WINDOW:
        return _("The administrators are still there")
    return ngettext(
        "An administrator left %(days)d day ago",
        "An administrator left %(days)d days ago",
        days,
    ) % {"days": days}


def onboarding(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    if days >= STUCK:
        return ngettext(
            "Onboarding is stuck: %(days)d day so far",
            "Onboarding is stuck: %(days)d days so far",
            days,
        ) % {"days": days}
    if days >= BEHIND:
        return ngettext(
            "Onboarding is behind: %(days)d day so far",
            "Onboarding is behind: %(days)d days so far",
            days,
        ) % {"days": days}
    return ngettext(
        "In onboarding for %(days)d day", "In onboarding for %(days)d days", days
    ) % {"days": days}


def tasks_overdue(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    count = round(value)
    if count == 0:
        return _("No task of ours is overdue")
    return ngettext(
        "%(count)d task of ours is overdue",
        "%(count)d tasks of ours are overdue",
        count,
    ) % {"count": count}
