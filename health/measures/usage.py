"""Is the product used, by whom, and how widely?"""

from functools import partial

import numpy as np
from django.utils.translation import gettext_lazy as _

from health.calculations.facts import Facts, missing, ratio
from health.calculations.scoring import Floats, Freshness
from health.measures.base import Measure, Reading
from health.measures.words import usage as say

# Usage is a stream: it is as old as its source, and worth nothing after two months.
STREAM = Freshness(full=7, half_life=14, maximum=62)
BASELINE_TENURE = 60
# What is said of a key feature that nobody used in all the year we look at.
NOT_IN_A_YEAR = 365


def _source_age(facts: Facts) -> Floats:
    """This will return the age of the usage source, which is the same for everybody."""
    return missing(facts["usage_source_age"])


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


def _of_seats(facts: Facts, users: Floats) -> Reading:
    """Missing where users are not counted: events without people fill no seats."""
    seats = facts["seats"]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where((seats > 0) & (users > 0), users / seats, np.nan)
    return Reading(share, _source_age(facts), seats.astype(np.float64), seats > 0)


def _seat_use(facts: Facts) -> Reading:
    return _of_seats(facts, facts["users_peak"])


def _seats_active(facts: Facts) -> Reading:
    return _of_seats(facts, facts["users_recent"])


def _days_used(facts: Facts, column: str) -> Reading:
    """Does not apply to monthly roll-ups: they cannot tell one day from another."""
    days = np.where(facts["usage_days"] > 0, missing(facts[column]), np.nan)
    return Reading(days, _source_age(facts), applies=~facts["rolled_up"])


def _active_days(facts: Facts) -> Reading:
    return _days_used(facts, "active_days")


def _active_days_14(facts: Facts) -> Reading:
    return _days_used(facts, "active_days_14")


def _last_seen(facts: Facts) -> Reading:
    unused = missing(facts["unused_days"])
    return Reading(unused, _source_age(facts), applies=~facts["rolled_up"])


def _features(facts: Facts) -> Reading:
    breadth = np.where(facts["usage_days"] > 0, facts["features_peak"], np.nan)
    return Reading(breadth, _source_age(facts), facts["features_before"])


def _key_feature(facts: Facts) -> Reading:
    """Applies only where the use of key features is recorded at all."""
    days = missing(facts["key_days"])
    never = np.where(facts["usage_days"] > 0, NOT_IN_A_YEAR, np.nan)
    value = np.where(np.isnan(days), never, days)
    applies = facts["key_known"].astype(np.bool_) & ~facts["rolled_up"]
    return Reading(value, _source_age(facts), applies=applies)


_measure = partial(Measure, group="usage", source="usage", freshness=STREAM)

MEASURES = [
    _measure(
        code=1,
        key="active_users_trend",
        label=_("Active users, trend"),
        unit=_("times"),
        help=_("Active users of the last 31 days against the 90 days before."),
        icon="users",
        weight=9,
        anchors=(0.3, 0.7, 0.9, 1.1),
        read=_active_users_trend,
        sentence=say.active_users,
    ),
    _measure(
        code=2,
        key="events_trend",
        label=_("Use, trend"),
        unit=_("times"),
        help=_("Events a day in the last 31 days against the 90 before."),
        icon="activity",
        weight=5,
        anchors=(0.25, 0.65, 0.9, 1.1),
        read=_events_trend,
        sentence=say.events,
    ),
    _measure(
        code=3,
        key="seat_use",
        label=_("Seats in use"),
        unit=_("share"),
        help=_("Most active users on one day, as a share of the paid seats."),
        icon="armchair",
        weight=4,
        anchors=(0.1, 0.35, 0.55, 0.85),
        read=_seat_use,
        sentence=say.seats,
    ),
    _measure(
        code=9,
        key="seats_active",
        label=_("Active users against seats"),
        unit=_("share"),
        help=_(
            "Active users on a normal day of the last 31, as a share of the paid seats."
        ),
        icon="users-round",
        weight=3,
        anchors=(0.05, 0.2, 0.35, 0.65),
        read=_seats_active,
        sentence=say.seats_active,
    ),
    _measure(
        code=4,
        key="active_days",
        label=_("Days in use"),
        unit=_("days"),
        help=_("Days of the last 28 on which somebody used the product."),
        icon="calendar-check",
        weight=4,
        anchors=(0, 6, 11, 18),
        read=_active_days,
        sentence=say.active_days,
    ),
    _measure(
        code=7,
        key="active_days_14",
        label=_("Days in use, lately"),
        unit=_("days"),
        help=_("Days of the last 14 on which somebody used the product."),
        icon="calendar-days",
        weight=2,
        anchors=(0, 3, 5, 9),
        read=_active_days_14,
        sentence=say.active_days_14,
    ),
    _measure(
        code=5,
        key="last_seen",
        label=_("Last used"),
        unit=_("days"),
        help=_("Days since somebody last used the product."),
        icon="clock",
        weight=4,
        anchors=(45, 31, 14, 4),
        read=_last_seen,
        sentence=say.last_seen,
    ),
    _measure(
        code=6,
        key="features",
        label=_("Features in use"),
        unit=_("features"),
        help=_("Most different features used on one day of the last 31."),
        icon="layout-grid",
        weight=3,
        anchors=(0, 1, 3, 5),
        read=_features,
        sentence=say.features,
    ),
    _measure(
        code=8,
        key="key_feature",
        label=_("Key feature last used"),
        unit=_("days"),
        help=_("Days since one of the features that matter most was used."),
        icon="key-round",
        weight=4,
        anchors=(60, 31, 14, 4),
        read=_key_feature,
        sentence=say.key_feature,
    ),
]
