"""What do they say when we ask?"""

from functools import partial

import numpy as np
from django.utils.translation import gettext_lazy as _

from health.calculations.facts import Facts, missing
from health.calculations.scoring import Floats, Freshness
from health.measures.base import ALWAYS, Measure, Reading, ageless
from health.measures.words import survey as say

OPINION = Freshness(full=90, half_life=90, maximum=365)
# One person's answer is the latest answer already; one invitation proves no silence.
FEWEST = 2


def _nps(facts: Facts) -> Reading:
    return Reading(
        missing(facts["nps"]), missing(facts["nps_age"]), missing(facts["nps_before"])
    )


def _nps_trend(facts: Facts) -> Reading:
    now, before = missing(facts["nps"]), missing(facts["nps_before"])
    return Reading(
        now - before, missing(facts["nps_age"]), before, ~np.isnan(now - before)
    )


def _share(part: Floats, whole: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def _detractors(facts: Facts) -> Reading:
    """Applies where several people answered."""
    people = missing(facts["answerers"])
    share = _share(missing(facts["detractors"]), people)
    return Reading(share, missing(facts["nps_age"]), people, people >= FEWEST)


def _unanswered(facts: Facts) -> Reading:
    """Applies to those who were asked: whom nobody asks is not silent."""
    asked = missing(facts["asked"])
    share = _share(missing(facts["unanswered"]), asked)
    return Reading(share, ageless(asked), asked, asked >= FEWEST)


_measure = partial(Measure, group="survey", source="answers")

MEASURES = [
    _measure(
        code=40,
        key="nps",
        label=_("Latest NPS answer"),
        unit=_("of 10"),
        help=_("The latest confirmed answer, 0 to 10; fades after 90 days."),
        icon="message-square-quote",
        weight=10,
        anchors=(2, 6, 8, 10),
        freshness=OPINION,
        read=_nps,
        sentence=say.nps,
    ),
    _measure(
        code=41,
        key="nps_trend",
        label=_("NPS answer, trend"),
        unit=_("points"),
        help=_("The latest confirmed answer less the one before."),
        icon="trending-up-down",
        weight=2,
        anchors=(-5, -2, 0, 3),
        freshness=OPINION,
        read=_nps_trend,
        sentence=say.nps_trend,
    ),
    _measure(
        code=42,
        key="detractor_share",
        label=_("Share of detractors"),
        unit=_("share"),
        help=_(
            "Of the people who answered in a year, the share whose latest answer is 0 to"
            " 6."
        ),
        icon="thumbs-down",
        weight=3,
        anchors=(0.8, 0.4, 0.15, -0.15),
        freshness=OPINION,
        read=_detractors,
        sentence=say.detractors,
    ),
    _measure(
        code=43,
        key="non_response",
        label=_("Unanswered invitations"),
        unit=_("share"),
        help=_("Of a year's invitations to a survey, the share nobody answered."),
        icon="mail-x",
        weight=3,
        anchors=(1.1, 0.9, 0.6, 0.1),
        freshness=ALWAYS,
        read=_unanswered,
        sentence=say.unanswered,
    ),
]
