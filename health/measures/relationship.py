"""Do we know each other, and how well?"""

import datetime as dt

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from health.calculations.facts import Facts, missing
from health.calculations.scoring import Freshness
from health.measures.base import Measure, Reading

ALWAYS = Freshness(full=36_500, half_life=1, maximum=36_500)
PULSE = Freshness(full=45, half_life=45, maximum=270)
GROUP = "relationship"
SPONSOR_WINDOW = 120


def _last_contact(facts: Facts) -> Reading:
    days = missing(facts["contact_days"])
    return Reading(days, np.zeros(len(days)))


def _pulse(facts: Facts) -> Reading:
    return Reading(missing(facts["pulse"]), missing(facts["pulse_age"]))


def _sponsor(facts: Facts) -> Reading:
    """This will count how lately a main contact or sponsor left; 120 when nobody did."""
    gone = missing(facts["sponsor_left_days"])
    days = np.where(np.isnan(gone), SPONSOR_WINDOW, gone)
    known = facts["contacts_known"] > 0
    return Reading(np.where(known, days, np.nan), np.zeros(len(days)))


def _say_last_contact(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    return ngettext(
        "No contact for %(days)d day", "No contact for %(days)d days", days
    ) % {"days": days}


def _say_pulse(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    return _("Own impression: %(pulse)d of 5") % {"pulse": round(value)}


def _say_sponsor(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    days = round(value)
    if days >= SPONSOR_WINDOW:
        return _("Main contacts are still there")
    return ngettext(
        "A main contact left %(days)d day ago",
        "A main contact left %(days)d days ago",
        days,
    ) % {"days": days}


# Where only trouble is counted its absence is good, not best: the best anchor lies out
# of reach on purpose, or every quiet customer would look splendid.
MEASURES = [
    Measure(
        code=80,
        key="last_contact",
        group=GROUP,
        source="interactions",
        label=gettext_lazy("Last contact"),
        unit=gettext_lazy("days"),
        help=gettext_lazy("Days since the last call, meeting, review or mail."),
        icon="phone",
        weight=5,
        anchors=(120, 60, 35, 10),
        freshness=ALWAYS,
        read=_last_contact,
        sentence=_say_last_contact,
    ),
    Measure(
        code=81,
        key="pulse",
        group=GROUP,
        source="interactions",
        label=gettext_lazy("Own impression"),
        unit=gettext_lazy("of 5"),
        help=gettext_lazy(
            "The success manager's own view from 1 to 5; fades with age."
        ),
        icon="heart-pulse",
        weight=6,
        anchors=(1, 2.5, 3.2, 5),
        freshness=PULSE,
        read=_pulse,
        sentence=_say_pulse,
    ),
    Measure(
        code=82,
        key="sponsor",
        group=GROUP,
        source="contacts",
        label=gettext_lazy("Main contact left"),
        unit=gettext_lazy("days"),
        help=gettext_lazy("Days since a main contact or executive sponsor left."),
        icon="user-x",
        weight=4,
        anchors=(0, 60, 120, 180),
        freshness=ALWAYS,
        read=_sponsor,
        sentence=_say_sponsor,
    ),
]
