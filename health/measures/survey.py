"""What do they say when we ask?"""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from health.calculations.facts import Facts, missing
from health.calculations.scoring import Freshness
from health.measures.base import Measure, Reading

OPINION = Freshness(full=90, half_life=90, maximum=365)
GROUP = "survey"


def _nps(facts: Facts) -> Reading:
    return Reading(
        missing(facts["nps"]), missing(facts["nps_age"]), missing(facts["nps_before"])
    )


def _say_nps(value: float, before: float, as_of: dt.date) -> str:
    del as_of
    if before > value:
        return _("NPS answer fell from %(before)d to %(score)d") % {
            "before": before,
            "score": value,
        }
    return _("Latest NPS answer: %(score)d") % {"score": value}


MEASURES = [
    Measure(
        code=40,
        key="nps",
        group=GROUP,
        source="answers",
        label=gettext_lazy("Latest NPS answer"),
        unit=gettext_lazy("of 10"),
        help=gettext_lazy("The latest confirmed answer, 0 to 10; fades after 90 days."),
        icon="message-square-quote",
        weight=14,
        anchors=(2, 6, 8, 10),
        freshness=OPINION,
        read=_nps,
        sentence=_say_nps,
    ),
]
