"""What the measures of billing say."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# How long a downgrade is remembered, in days.
DOWNGRADE_WINDOW = 180
MONTHS_IN_YEAR = 12


def overdue(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    if days == 0:
        return _("No invoice is overdue")
    return ngettext(
        "An invoice is %(days)d day overdue",
        "An invoice is %(days)d days overdue",
        days,
    ) % {"days": days}


def late(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    count = round(value)
    if count == 0:
        return _("No invoice was paid late in six months")
    return ngettext(
        "%(count)d invoice was paid late in six months",
        "%(count)d invoices were paid late in six months",
        count,
    ) % {"count": count}


def failed(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    count = round(value)
    if count == 0:
        return _("No payment failed in 60 days")
    return ngettext(
        "%(count)d payment failed in 60 days",
        "%(count)d payments failed in 60 days",
        count,
    ) % {"count": count}


def revenue(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    change = abs(round((value - 1) * 100))
    if change == 0:
        return _("Pays as much as six months ago")
    if value < 1:
        return _("Pays %(change)d%% less than six months ago") % {"change": change}
    return _("Pays %(change)d%% more than six months ago") % {"change": change}


def downgrade(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    if days >= DOWNGRADE_WINDOW:
        return _("No downgrade in six months")
    return ngettext(
        "Downgraded %(days)d day ago", "Downgraded %(days)d days ago", days
    ) % {"days": days}


def discount(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    share = round(value * 100)
    if share == 0:
        return _("Pays the list price")
    return _("Pays %(share)d%% less than the list price") % {"share": share}


def renewal(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    if days == 0:
        return _("The contract renews today")
    return ngettext(
        "The contract renews in %(days)d day",
        "The contract renews in %(days)d days",
        days,
    ) % {"days": days}


def interval(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    months = round(value)
    if months <= 1:
        return _("Pays by the month")
    if months == MONTHS_IN_YEAR:
        return _("Pays by the year")
    return ngettext(
        "Pays every %(months)d month", "Pays every %(months)d months", months
    ) % {"months": months}


def tenure(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    months = int(value)
    if months == 0:
        return _("Customer for less than a month")
    return ngettext(
        "Customer for %(months)d month", "Customer for %(months)d months", months
    ) % {"months": months}
