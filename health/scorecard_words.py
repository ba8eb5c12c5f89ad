"""The parts of a scorecard's content in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from common import formats
from health.calculations.scorecard_problems import MOST_DAYS, Known
from health.measures import MEASURES
from health.measures.base import Text

GROUP_LABELS: dict[str, Text] = {
    "usage": lazy("Usage"),
    "support": lazy("Support"),
    "survey": lazy("Surveys"),
    "billing": lazy("Billing"),
    "relationship": lazy("Relationship"),
}
ROLLUP_LABELS: dict[str, Text] = {
    "own": lazy("Its own data"),
    "mean": lazy("The mean of its children"),
    "revenue": lazy("The mean of its children, weighted by revenue"),
    "worst": lazy("Its worst child"),
}
ANCHOR_LABELS: tuple[Text, ...] = (
    lazy("Worst"),
    lazy("Warn"),
    lazy("Good"),
    lazy("Best"),
)
FRESHNESS_LABELS: tuple[Text, ...] = (
    lazy("Fresh for, days"),
    lazy("Then half every, days"),
    lazy("Ends after, days"),
)
BAND_LABELS: dict[str, Text] = {
    "unknown": lazy("Unknown"),
    "at_risk": lazy("At risk"),
    "watch": lazy("Watch"),
    "healthy": lazy("Healthy"),
}
DIGITS = 6


def known_measures() -> dict[str, Known]:
    """This will say of every measure what the checks need to know."""
    return {key: Known(one.group, one.rising) for key, one in MEASURES.items()}


def measure_label(key: str) -> str:
    """This will name a measure; one that is no longer in the code by its key."""
    measure = MEASURES.get(key)
    return str(measure.label) if measure else key


def group_label(key: str) -> str:
    """This will name a group of measures."""
    return str(GROUP_LABELS.get(key, key))


def figure(value: float) -> str:
    """This will write a number of a scorecard without needless zeros."""
    return formats.number(value, get_language() or "en", DIGITS)


def percent(share: float) -> str:
    """This will write a share with the decimals it has, two at most."""
    exact = round(share * 100, 2)
    digits = next(n for n in (0, 1, 2) if exact == round(exact, n))
    return formats.percent(share, get_language() or "en", digits)


def anchors_words(anchors: Sequence[float]) -> str:
    """This will write anchors as a line: worst 0 – warn 6 – good 11 – best 18."""
    worst, warn, good, best = (figure(anchor) for anchor in anchors)
    return _("worst %(worst)s – warn %(warn)s – good %(good)s – best %(best)s") % {
        "worst": worst,
        "warn": warn,
        "good": good,
        "best": best,
    }


def freshness_words(freshness: Sequence[float]) -> str:
    """This will say how long a value counts."""
    full, half, most = freshness
    if full >= MOST_DAYS:
        return _("never grows old")
    days = {"full": figure(full), "half": figure(half), "most": figure(most)}
    if full == most:
        return _("counts in full for %(full)s days, then not at all") % days
    text = _(
        "counts in full for %(full)s days, half every %(half)s days from then on,"
        " not at all after %(most)s"
    )
    return text % days


def step_words(step: Mapping[str, Any]) -> str:
    """This will say the anchors of young customers."""
    months = step["until_months"]
    text = ngettext(
        "younger than %(months)s month: %(anchors)s",
        "younger than %(months)s months: %(anchors)s",
        round(months),
    )
    anchors = anchors_words(step["anchors"])
    return text % {"months": figure(months), "anchors": anchors}


def rollup_label(key: str) -> str:
    """This will say what a parent's score is made of."""
    return str(ROLLUP_LABELS.get(key, key))
