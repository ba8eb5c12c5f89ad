"""What the measures of usage say."""

import datetime as dt

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common import formats

# The middle of the earlier window (days 32 to 121) that trends compare with.
COMPARED_DAYS_AGO = 76


def _since(as_of: dt.date) -> str:
    compared = as_of - dt.timedelta(days=COMPARED_DAYS_AGO)
    return formats.month(compared, get_language() or "en")


def active_users(value: float, before: float, as_of: dt.date) -> str:
    if value == 0 and before == 0:
        return _("No active users for four months")
    now = round(value * before)
    words = {"before": round(before), "now": now, "month": _since(as_of)}
    if value < 1:
        return _("Active users fell from %(before)d to %(now)d since %(month)s") % words
    return _("Active users went from %(before)d to %(now)d since %(month)s") % words


def events(value: float, before: float, as_of: dt.date) -> str:
    if value == 0 and before == 0:
        return _("Not used for four months")
    change = abs(round((value - 1) * 100))
    if change == 0:
        return _("Used as much as before")
    words = {"change": change, "month": _since(as_of)}
    if value < 1:
        return _("Use fell by %(change)d%% since %(month)s") % words
    return _("Use rose by %(change)d%% since %(month)s") % words


def seats(value: float, before: float, as_of: dt.date) -> str:
    del as_of
    return _("%(used)d of %(seats)d paid seats are in use") % {
        "used": round(value * before),
        "seats": round(before),
    }


def seats_active(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    return _("%(share)d%% of the paid seats are used on a normal day") % {
        "share": round(value * 100)
    }


def active_days(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    if days == 0:
        return _("Not used on any day of the last four weeks")
    return ngettext(
        "Used on %(days)d day of the last four weeks",
        "Used on %(days)d days of the last four weeks",
        days,
    ) % {"days": days}


def active_days_14(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    if days == 0:
        return _("Not used on any day of the last two weeks")
    return ngettext(
        "Used on %(days)d day of the last two weeks",
        "Used on %(days)d days of the last two weeks",
        days,
    ) % {"days": days}


def last_seen(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    return ngettext(
        "Nobody has used the product for %(days)d day",
        "Nobody has used the product for %(days)d days",
        days,
    ) % {"days": days}


def features(value: float, before: float, as_of: dt.date) -> str:
    del as_of
    count = round(value)
    if count == 0:
        return _("No feature is in use any more")
    if before > value:
        return ngettext(
            "Only %(count)d feature is in use, down from %(before)d",
            "Only %(count)d features are in use, down from %(before)d",
            count,
        ) % {"count": count, "before": round(before)}
    return ngettext(
        "%(count)d feature is in use", "%(count)d features are in use", count
    ) % {"count": count}


def key_feature(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    return ngettext(
        "No key feature has been used for %(days)d day",
        "No key feature has been used for %(days)d days",
        days,
    ) % {"days": days}
