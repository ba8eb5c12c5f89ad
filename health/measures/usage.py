"""Is the product used, by whom, and how widely?"""

import datetime as dt

import numpy as np
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from common import formats
from health.calculations.facts import Facts, missing, ratio
from health.calculations.scoring import Floats, Freshness
from health.measures.base import Measure, Reading

# Usage is a stream: it is as old as its source, and worth nothing after two months.
STREAM = Freshness(full=7, half_life=14, maximum=62)
GROUP = "usage"
# The middle of the earlier window (days 32 to 121) that trends compare with.
COMPARED_DAYS_AGO = 76
BASELINE_TENURE = 60


def _source_age(facts: Facts) -> Floats:
    """This will return the age of the usage source, which is the same for everybody."""
    return missing(facts["usage_source_age"])


def _since(as_of: dt.date) -> str:
    compared = as_of - dt.timedelta(days=COMPARED_DAYS_AGO)
    return formats.month(compared, get_language() or "en")


def _active_users_trend(facts: Facts) -> Reading:
    now, before = facts["users_recent"], facts["users_earlier"]
    counted = (now > 0) | (before > 0)
    return Reading(
        ratio(now, before, counted & (facts["usage_days"] > 0)),
        _source_age(facts),
        before,
        facts["tenure"] >= BASELINE_TENURE,
    )


def _events_trend(facts: Facts) -> Reading:
    now, before = facts["events_recent"], facts["events_earlier"]
    return Reading(
        ratio(now, before, facts["usage_days"] > 0),
        _source_age(facts),
        before,
        facts["tenure"] >= BASELINE_TENURE,
    )


def _seat_use(facts: Facts) -> Reading:
    seats, users = facts["seats"], facts["users_peak"]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where((seats > 0) & (users > 0), users / seats, np.nan)
    return Reading(share, _source_age(facts), seats.astype(np.float64), seats > 0)


def _active_days(facts: Facts) -> Reading:
    days = np.where(facts["usage_days"] > 0, facts["active_days"], np.nan)
    return Reading(days, _source_age(facts), applies=~facts["rolled_up"])


def _last_seen(facts: Facts) -> Reading:
    """Does not apply to monthly roll-ups: they cannot tell one day from another."""
    unused = missing(facts["unused_days"])
    return Reading(unused, _source_age(facts), applies=~facts["rolled_up"])


def _features(facts: Facts) -> Reading:
    breadth = np.where(facts["usage_days"] > 0, facts["features_peak"], np.nan)
    return Reading(breadth, _source_age(facts), facts["features_before"])


def _say_active_users(value: float, before: float, as_of: dt.date) -> str:
    if value == 0 and before == 0:
        return _("No active users for four months")
    now = round(value * before)
    words = {"before": round(before), "now": now, "month": _since(as_of)}
    if value < 1:
        return _("Active users fell from %(before)d to %(now)d since %(month)s") % words
    return _("Active users went from %(before)d to %(now)d since %(month)s") % words


def _say_events(value: float, before: float, as_of: dt.date) -> str:
    if value == 0 and before == 0:
        return _("Not used for four months")
    change = abs(round((value - 1) * 100))
    if change == 0:
        return _("Used as much as before")
    words = {"change": change, "month": _since(as_of)}
    if value < 1:
        return _("Use fell by %(change)d%% since %(month)s") % words
    return _("Use rose by %(change)d%% since %(month)s") % words


def _say_seats(value: float, before: float, as_of: dt.date) -> str:
    del as_of
    return _("%(used)d of %(seats)d paid seats are in use") % {
        "used": round(value * before),
        "seats": round(before),
    }


def _say_active_days(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    if days == 0:
        return _("Not used on any day of the last four weeks")
    return ngettext(
        "Used on %(days)d day of the last four weeks",
        "Used on %(days)d days of the last four weeks",
        days,
    ) % {"days": days}


def _say_last_seen(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    return ngettext(
        "Nobody has used the product for %(days)d day",
        "Nobody has used the product for %(days)d days",
        days,
    ) % {"days": days}


def _say_features(value: float, before: float, as_of: dt.date) -> str:
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


MEASURES = [
    Measure(
        code=1,
        key="active_users_trend",
        group=GROUP,
        source="usage",
        label=gettext_lazy("Active users, trend"),
        unit=gettext_lazy("times"),
        help=gettext_lazy(
            "Active users of the last 31 days against the 90 days before."
        ),
        icon="users",
        weight=12,
        anchors=(0.3, 0.7, 0.9, 1.1),
        freshness=STREAM,
        read=_active_users_trend,
        sentence=_say_active_users,
    ),
    Measure(
        code=2,
        key="events_trend",
        group=GROUP,
        source="usage",
        label=gettext_lazy("Use, trend"),
        unit=gettext_lazy("times"),
        help=gettext_lazy("Events a day in the last 31 days against the 90 before."),
        icon="activity",
        weight=8,
        anchors=(0.25, 0.65, 0.9, 1.1),
        freshness=STREAM,
        read=_events_trend,
        sentence=_say_events,
    ),
    Measure(
        code=3,
        key="seat_use",
        group=GROUP,
        source="usage",
        label=gettext_lazy("Seats in use"),
        unit=gettext_lazy("share"),
        help=gettext_lazy(
            "Most active users on one day, as a share of the paid seats."
        ),
        icon="armchair",
        weight=8,
        anchors=(0.1, 0.35, 0.55, 0.85),
        freshness=STREAM,
        read=_seat_use,
        sentence=_say_seats,
    ),
    Measure(
        code=4,
        key="active_days",
        group=GROUP,
        source="usage",
        label=gettext_lazy("Days in use"),
        unit=gettext_lazy("days"),
        help=gettext_lazy("Days of the last 28 on which somebody used the product."),
        icon="calendar-check",
        weight=6,
        anchors=(0, 6, 11, 18),
        freshness=STREAM,
        read=_active_days,
        sentence=_say_active_days,
    ),
    Measure(
        code=5,
        key="last_seen",
        group=GROUP,
        source="usage",
        label=gettext_lazy("Last used"),
        unit=gettext_lazy("days"),
        help=gettext_lazy("Days since somebody last used the product."),
        icon="clock",
        weight=6,
        anchors=(45, 31, 14, 4),
        freshness=STREAM,
        read=_last_seen,
        sentence=_say_last_seen,
    ),
    Measure(
        code=6,
        key="features",
        group=GROUP,
        source="usage",
        label=gettext_lazy("Features in use"),
        unit=gettext_lazy("features"),
        help=gettext_lazy("Most different features used on one day of the last 31."),
        icon="layout-grid",
        weight=4,
        anchors=(0, 1, 3, 5),
        freshness=STREAM,
        read=_features,
        sentence=_say_features,
    ),
]
