"""Whole sentences of the Today page."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Reach

NIGHT_ENDS, NOON, EVENING = 4, 12, 18
FIRST_FEW = 2


def greeting(moment: dt.datetime, name: str) -> str:
    """This will greet somebody at their local time."""
    words = {"name": name}
    if NIGHT_ENDS <= moment.hour < NOON:
        return _("Good morning, %(name)s") % words
    if NOON <= moment.hour < EVENING:
        return _("Good afternoon, %(name)s") % words
    return _("Good evening, %(name)s") % words


def the_one_sentence(*, at_risk: int, customers: int, whose: Reach) -> str:
    """This will say how many customers need somebody, and where to begin.

    `whose` is whether they are the reader's own, the team's or everybody's.
    """
    words = {"at_risk": at_risk, "customers": customers}
    if not at_risk:
        return {
            Reach.OWN: _("None of your customers is at risk."),
            Reach.TEAM: _("None of your team’s customers is at risk."),
            Reach.ALL: _("No customer is at risk."),
        }[whose]
    if whose == Reach.OWN:
        sentence = ngettext(
            "%(at_risk)d of your %(customers)d customers needs you.",
            "%(at_risk)d of your %(customers)d customers need you.",
            at_risk,
        )
        if at_risk > FIRST_FEW:
            sentence = ngettext(
                "%(at_risk)d of your %(customers)d customers needs you;"
                " start with the first two.",
                "%(at_risk)d of your %(customers)d customers need you;"
                " start with the first two.",
                at_risk,
            )
    elif whose == Reach.TEAM:
        sentence = ngettext(
            "%(at_risk)d of your team’s %(customers)d customers is at risk.",
            "%(at_risk)d of your team’s %(customers)d customers are at risk.",
            at_risk,
        )
    else:
        sentence = ngettext(
            "%(at_risk)d of %(customers)d customers is at risk.",
            "%(at_risk)d of %(customers)d customers are at risk.",
            at_risk,
        )
    return sentence % words
