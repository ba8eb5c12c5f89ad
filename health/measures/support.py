"""Do they struggle, and were they helped?"""

import datetime as dt

import numpy as np
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from common import formats
from health.calculations.facts import Facts, missing
from health.calculations.scoring import Freshness
from health.measures.base import Measure, Reading

STREAM = Freshness(full=14, half_life=30, maximum=120)
OPINION = Freshness(full=60, half_life=60, maximum=365)
GROUP = "support"


def _tickets(facts: Facts) -> Reading:
    known = facts["ticket_source_age"] >= 0
    value = np.where(known, facts["tickets_recent"], np.nan)
    return Reading(
        value, missing(facts["ticket_source_age"]), facts["tickets_monthly_before"]
    )


def _escalations(facts: Facts) -> Reading:
    known = facts["ticket_source_age"] >= 0
    value = np.where(known, facts["tickets_escalated"], np.nan)
    return Reading(value, missing(facts["ticket_source_age"]))


def _resolution(facts: Facts) -> Reading:
    hours = missing(facts["resolution_hours"])
    return Reading(hours, missing(facts["ticket_source_age"]), applies=~np.isnan(hours))


def _satisfaction(facts: Facts) -> Reading:
    value = missing(facts["satisfaction"])
    return Reading(value, missing(facts["satisfaction_age"]), applies=~np.isnan(value))


def _decimal(value: float) -> str:
    return formats.number(value, get_language() or "en", 1)


def _say_tickets(value: float, before: float, as_of: dt.date) -> str:
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


def _say_escalations(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    count = round(value)
    return ngettext(
        "%(count)d ticket was escalated in 90 days",
        "%(count)d tickets were escalated in 90 days",
        count,
    ) % {"count": count}


def _say_resolution(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    if value < 48:
        hours = round(value)
        return ngettext(
            "Tickets take %(hours)d hour to resolve",
            "Tickets take %(hours)d hours to resolve",
            hours,
        ) % {"hours": hours}
    days = round(value / 24)
    return ngettext(
        "Tickets take %(days)d day to resolve",
        "Tickets take %(days)d days to resolve",
        days,
    ) % {"days": days}


def _say_satisfaction(value: float, before: float, as_of: dt.date) -> str:
    del before, as_of
    return _("Support is rated %(score)s of 5") % {"score": _decimal(value)}


# Where only trouble is counted its absence is good, not best: the best anchor lies out
# of reach on purpose, or every quiet customer would look splendid.
MEASURES = [
    Measure(
        code=20,
        key="tickets",
        group=GROUP,
        source="tickets",
        label=gettext_lazy("Support tickets"),
        unit=gettext_lazy("tickets"),
        help=gettext_lazy("Tickets opened in the last 30 days."),
        icon="life-buoy",
        weight=5,
        anchors=(8, 4, 1, -1),
        freshness=STREAM,
        read=_tickets,
        sentence=_say_tickets,
    ),
    Measure(
        code=21,
        key="escalations",
        group=GROUP,
        source="tickets",
        label=gettext_lazy("Escalations"),
        unit=gettext_lazy("tickets"),
        help=gettext_lazy("Tickets escalated in the last 90 days."),
        icon="siren",
        weight=6,
        anchors=(3, 1, 0, -1),
        freshness=STREAM,
        read=_escalations,
        sentence=_say_escalations,
    ),
    Measure(
        code=22,
        key="resolution",
        group=GROUP,
        source="tickets",
        label=gettext_lazy("Time to resolve"),
        unit=gettext_lazy("hours"),
        help=gettext_lazy("Mean hours from opening to resolution, last 90 days."),
        icon="timer",
        weight=4,
        anchors=(240, 96, 48, 8),
        freshness=STREAM,
        read=_resolution,
        sentence=_say_resolution,
    ),
    Measure(
        code=23,
        key="satisfaction",
        group=GROUP,
        source="tickets",
        label=gettext_lazy("Satisfaction with support"),
        unit=gettext_lazy("of 5"),
        help=gettext_lazy("Mean rating of tickets rated in the last 180 days."),
        icon="star",
        weight=5,
        anchors=(1.5, 3, 3.8, 4.8),
        freshness=OPINION,
        read=_satisfaction,
        sentence=_say_satisfaction,
    ),
]
