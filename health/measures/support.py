"""Do they struggle, and were they helped?"""

from functools import partial

import numpy as np
from django.utils.translation import gettext_lazy as _

from health.calculations.facts import Facts, missing
from health.calculations.scoring import Floats, Freshness
from health.measures.base import Measure, Reading
from health.measures.words import support as say

STREAM = Freshness(full=14, half_life=30, maximum=120)
OPINION = Freshness(full=60, half_life=60, maximum=365)
# A trend needs the months it compares with.
BASELINE_TENURE = 120
REOPENED_WINDOW = 90
# Who has asked at least so often, and once in so many days, used to ask.
USED_TO_ASK, ASKED_WITHIN = 3, 60


def _source_age(facts: Facts) -> Floats:
    return missing(facts["ticket_source_age"])


def _counted(facts: Facts, column: str) -> Floats:
    """A count is zero, and not missing, as soon as tickets come in at all."""
    known = facts["ticket_source_age"] >= 0
    return np.where(known, missing(facts[column]), np.nan)


def _tickets(facts: Facts) -> Reading:
    return Reading(
        _counted(facts, "tickets_recent"),
        _source_age(facts),
        facts["tickets_monthly_before"],
    )


def _ticket_trend(facts: Facts) -> Reading:
    """Applies to those who ask: without any ticket there is no trend."""
    now = _counted(facts, "tickets_recent")
    before = facts["tickets_monthly_before"].astype(np.float64)
    value = (now + say.STEADY) / (before + say.STEADY)
    asks = (facts["tickets_recent"] > 0) | (before > 0)
    applies = asks & (facts["tenure"] >= BASELINE_TENURE)
    return Reading(value, _source_age(facts), before, applies)


def _open_tickets(facts: Facts) -> Reading:
    return Reading(_counted(facts, "tickets_open"), _source_age(facts))


def _escalations(facts: Facts) -> Reading:
    return Reading(_counted(facts, "tickets_escalated"), _source_age(facts))


def _reopened(facts: Facts) -> Reading:
    """Applies to those with a ticket in the window: nothing else can be reopened."""
    count = _counted(facts, "tickets_reopened")
    asked = (facts["ticket_days"] >= 0) & (facts["ticket_days"] < REOPENED_WINDOW)
    applies = ~np.isnan(count) & (asked | (count > 0))
    return Reading(count, _source_age(facts), applies=applies)


def _against_target(facts: Facts, name: str) -> Reading:
    value = missing(facts[f"{name}_ratio"])
    hours = missing(facts[f"{name}_hours"])
    return Reading(value, _source_age(facts), hours, ~np.isnan(value))


def _first_response(facts: Facts) -> Reading:
    return _against_target(facts, "response")


def _resolution(facts: Facts) -> Reading:
    return _against_target(facts, "resolution")


def _satisfaction(facts: Facts) -> Reading:
    value = missing(facts["satisfaction"])
    return Reading(value, missing(facts["satisfaction_age"]), applies=~np.isnan(value))


def _silence(facts: Facts) -> Reading:
    """Applies to those who used to ask: nobody else's silence means anything."""
    total, days = facts["tickets_total"], missing(facts["ticket_days"])
    often = total * ASKED_WITHIN >= facts["tenure"]
    applies = ~np.isnan(days) & (total >= USED_TO_ASK) & often
    return Reading(days, _source_age(facts), applies=applies)


_measure = partial(Measure, group="support", source="tickets", freshness=STREAM)

# Where only trouble is counted its absence is good, not best: the best anchor lies out
# of reach on purpose, or every quiet customer would look splendid.
MEASURES = [
    _measure(
        code=20,
        key="tickets",
        label=_("Support tickets"),
        unit=_("tickets"),
        help=_("Tickets opened in the last 30 days."),
        icon="life-buoy",
        weight=2,
        anchors=(8, 4, 1, -1),
        read=_tickets,
        sentence=say.tickets,
    ),
    _measure(
        code=24,
        key="ticket_trend",
        label=_("Support tickets, trend"),
        unit=_("times"),
        help=_(
            "Tickets of 30 days against a month of the 90 days before. Two are added to"
            " both, so that small numbers do not jump."
        ),
        icon="trending-up",
        weight=1,
        anchors=(3, 1.8, 1, 0),
        read=_ticket_trend,
        sentence=say.ticket_trend,
    ),
    _measure(
        code=25,
        key="open_tickets",
        label=_("Open tickets"),
        unit=_("tickets"),
        help=_("Tickets that are not resolved yet."),
        icon="inbox",
        weight=2,
        anchors=(6, 3, 0, -3),
        read=_open_tickets,
        sentence=say.open_tickets,
    ),
    _measure(
        code=21,
        key="escalations",
        label=_("Escalations"),
        unit=_("tickets"),
        help=_("Tickets escalated in the last 90 days."),
        icon="siren",
        weight=3,
        anchors=(3, 1, 0, -1),
        read=_escalations,
        sentence=say.escalations,
    ),
    _measure(
        code=28,
        key="reopened",
        label=_("Reopened tickets"),
        unit=_("tickets"),
        help=_("Tickets of the last 90 days that had to be opened again."),
        icon="rotate-ccw",
        weight=1,
        anchors=(3, 1, 0, -1),
        read=_reopened,
        sentence=say.reopened,
    ),
    _measure(
        code=26,
        key="first_response",
        label=_("Time to a first answer"),
        unit=_("times the target"),
        help=_(
            "Hours until the first answer against the target of the priority, last 90"
            " days."
        ),
        icon="reply",
        weight=1,
        anchors=(4, 2, 1, 0.2),
        read=_first_response,
        sentence=say.first_response,
    ),
    _measure(
        code=22,
        key="resolution",
        label=_("Time to resolve"),
        unit=_("times the target"),
        help=_(
            "Hours until the solution against the target of the priority, last 90 days."
        ),
        icon="timer",
        weight=2,
        anchors=(5, 2, 1, 0.2),
        read=_resolution,
        sentence=say.resolution,
    ),
    _measure(
        code=23,
        key="satisfaction",
        label=_("Satisfaction with support"),
        unit=_("of 5"),
        help=_("Mean rating of tickets rated in the last 180 days."),
        icon="star",
        weight=3,
        anchors=(1.5, 3, 3.8, 4.8),
        freshness=OPINION,
        read=_satisfaction,
        sentence=say.satisfaction,
    ),
    _measure(
        code=29,
        key="support_silence",
        label=_("Silence towards support"),
        unit=_("days"),
        help=_("Days since the last ticket of a customer that used to ask."),
        icon="volume-x",
        weight=1,
        anchors=(240, 150, 75, 0),
        read=_silence,
        sentence=say.silence,
    ),
]
