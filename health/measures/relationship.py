"""Do we know each other, and how well?"""

from functools import partial

import numpy as np
from django.utils.translation import gettext_lazy as _

from health.calculations.facts import Facts, missing
from health.calculations.scoring import Freshness
from health.measures.base import ALWAYS, Measure, Reading, ageless, since
from health.measures.words import relationship as say

PULSE = Freshness(full=45, half_life=45, maximum=270)


def _last_contact(facts: Facts) -> Reading:
    days = missing(facts["contact_days"])
    return Reading(days, ageless(days))


def _meetings(facts: Facts) -> Reading:
    """Applies where contacts are noted at all: their absence is a measure of its own."""
    count = missing(facts["meetings"])
    noted = (facts["contact_days"] >= 0) & ~np.isnan(count)
    return Reading(count, ageless(count), applies=noted)


def _executive_contact(facts: Facts) -> Reading:
    """Applies where an executive is known and was spoken with."""
    days = missing(facts["executive_days"])
    applies = ~np.isnan(days) & (facts["executives_known"] > 0)
    return Reading(days, ageless(days), applies=applies)


def _pulse(facts: Facts) -> Reading:
    return Reading(missing(facts["pulse"]), missing(facts["pulse_age"]))


def _sponsor(facts: Facts) -> Reading:
    """This will count how lately a main contact or sponsor left; 120 when nobody did."""
    days = since(facts["sponsor_left_days"], say.LEFT_WINDOW)
    known = facts["contacts_known"] > 0
    return Reading(np.where(known, days, np.nan), ageless(days))


def _admin_left(facts: Facts) -> Reading:
    """Applies where it is known who administers the product."""
    left = facts["admin_left_days"]
    known = (facts["admins_known"] > 0) | (left >= 0)
    return Reading(since(left, say.LEFT_WINDOW), ageless(left), applies=known)


def _onboarding(facts: Facts) -> Reading:
    days = missing(facts["onboarding_days"])
    return Reading(days, ageless(days), applies=~np.isnan(days))


def _tasks_overdue(facts: Facts) -> Reading:
    count = missing(facts["tasks_overdue"])
    return Reading(count, ageless(count), applies=~np.isnan(count))


_measure = partial(Measure, group="relationship")

# Where only trouble is counted its absence is good, not best: the best anchor lies out
# of reach on purpose, or every quiet customer would look splendid.
MEASURES = [
    _measure(
        code=80,
        key="last_contact",
        source="interactions",
        label=_("Last contact"),
        unit=_("days"),
        help=_("Days since the last call, meeting, review or mail."),
        icon="phone",
        weight=3,
        anchors=(120, 60, 35, 10),
        freshness=ALWAYS,
        read=_last_contact,
        sentence=say.last_contact,
    ),
    _measure(
        code=83,
        key="meetings",
        source="interactions",
        label=_("Meetings held"),
        unit=_("meetings"),
        help=_("Meetings and business reviews of the last 90 days."),
        icon="handshake",
        weight=1,
        anchors=(-1, 0, 1, 4),
        freshness=ALWAYS,
        read=_meetings,
        sentence=say.meetings,
    ),
    _measure(
        code=86,
        key="executive_contact",
        source="interactions",
        label=_("Last contact with an executive"),
        unit=_("days"),
        help=_("Days since we last spoke with an executive sponsor."),
        icon="briefcase",
        weight=1,
        anchors=(270, 150, 90, 30),
        freshness=ALWAYS,
        read=_executive_contact,
        sentence=say.executive_contact,
    ),
    _measure(
        code=81,
        key="pulse",
        source="interactions",
        label=_("Own impression"),
        unit=_("of 5"),
        help=_("The success manager's own view from 1 to 5; fades with age."),
        icon="heart-pulse",
        weight=3,
        anchors=(1, 2.5, 3.2, 5),
        freshness=PULSE,
        read=_pulse,
        sentence=say.pulse,
    ),
    _measure(
        code=82,
        key="sponsor",
        source="contacts",
        label=_("Main contact left"),
        unit=_("days"),
        help=_("Days since a main contact or executive sponsor left."),
        icon="user-x",
        weight=2,
        anchors=(0, 60, 120, 180),
        freshness=ALWAYS,
        read=_sponsor,
        sentence=say.sponsor,
    ),
    _measure(
        code=87,
        key="admin_left",
        source="contacts",
        label=_("Administrator left"),
        unit=_("days"),
        help=_("Days since somebody who administers the product left."),
        icon="user-cog",
        weight=2,
        anchors=(0, 60, 120, 180),
        freshness=ALWAYS,
        read=_admin_left,
        sentence=say.admin_left,
    ),
    _measure(
        code=84,
        key="onboarding",
        source="profile",
        label=_("Time in onboarding"),
        unit=_("days"),
        help=_("Days in onboarding so far: behind from 45, stuck from 90."),
        icon="rocket",
        weight=1,
        anchors=(180, 90, 45, 0),
        freshness=ALWAYS,
        read=_onboarding,
        sentence=say.onboarding,
    ),
    _measure(
        code=85,
        key="tasks_overdue",
        source="tasks",
        label=_("Overdue tasks"),
        unit=_("tasks"),
        help=_("Open tasks of ours for the customer that are past their due date."),
        icon="list-x",
        weight=1,
        anchors=(4, 2, 0, -2),
        freshness=ALWAYS,
        read=_tasks_overdue,
        sentence=say.tasks_overdue,
    ),
]
