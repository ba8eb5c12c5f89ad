"""A scorecard's content in words: its parts, what differs, and what is wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from common import formats
from health.calculations.scorecard_changes import Change
from health.calculations.scorecard_checks import (
    MOST_DAYS,
    Known,
    Path,
    Problem,
    path_text,
)
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


def change_words(change: Change) -> str:
    """This will say one difference in the active language."""
    name, before, after = change_parts(change)
    if change.what == "added":
        text = _("%(name)s counts now: %(value)s")
        return text % {"name": name, "value": after}
    if change.what == "removed":
        text = _("%(name)s does not count any more (it had %(value)s)")
        return text % {"name": name, "value": before}
    words = {"name": name, "before": before, "after": after}
    return _("%(name)s: from %(before)s to %(after)s") % words


def change_parts(change: Change) -> tuple[str, str, str]:
    """This will name what differs, and write it as it was and as it became."""
    if change.what in {"added", "removed"}:
        before, after = (_counting(one) for one in (change.before, change.after))
        return measure_label(change.key), before, after
    what = change.what
    return _name(change), _value(what, change.before), _value(what, change.after)


def _counting(weight: float | None) -> str:
    if weight is None:
        return _("does not count")
    return _("weight %(weight)s") % {"weight": figure(weight)}


def _name(change: Change) -> str:
    name = measure_label(change.key)
    names = {
        "group": _("Weight of the group %(name)s"),
        "moved": _("Group of %(name)s"),
        "weight": _("Weight of %(name)s"),
        "anchors": _("Anchors of %(name)s"),
        "by_age": _("Anchors for young customers of %(name)s"),
        "freshness": _("Freshness of %(name)s"),
        "at_risk": _("Score below which a customer is at risk"),
        "watch": _("Score below which a customer is watched"),
        "floor": _("How much must be known"),
        "rollup": _("Score of a parent"),
        "prior": _("Assumed to leave within 90 days, %(name)s"),
    }
    if change.what == "group":
        name = group_label(change.key)
    elif change.what == "prior":
        name = str(BAND_LABELS[change.key])
    return names[change.what] % {"name": name}


def _value(what: str, value: Any) -> str:
    if value is None or value == []:
        return _("none")
    if what == "moved":
        return group_label(value)
    if what == "rollup":
        return rollup_label(value)
    if what in {"floor", "prior"}:
        return percent(value)
    if what == "anchors":
        return anchors_words(value)
    if what == "freshness":
        return freshness_words(value)
    if what == "by_age":
        return "; ".join(step_words(step) for step in value)
    return figure(value)


def problem_words(problem: Problem) -> str:
    """This will say what is wrong with a field, and what to do."""
    facts = dict(problem.facts)
    if facts.get("most"):
        facts["most"] = figure(facts["most"])
    if "before" in facts:
        facts["before"] = figure(facts["before"])
    if "at_risk" in facts:
        facts["at_risk"] = figure(facts["at_risk"])
    text = _texts()[problem.code] % facts
    if facts.get("near"):
        return f"{text} " + _("Did you mean “%(near)s”?") % facts
    if "allowed" in facts:
        return f"{text} " + _("There are: %(allowed)s.") % facts
    return text


def _texts() -> dict[str, str]:
    return {
        "above": _("Choose more than %(at_risk)s, where “at risk” ends."),
        "band": _("Write a number above 0 and below 100."),
        "choice": _("There is no “%(value)s” here."),
        "downwards": _(
            "Less of this is better: write the numbers falling from worst to best."
        ),
        "end": _("Write at least as many days as it is fresh for."),
        "flat": _("Worst and best must differ."),
        "four": _("Write four numbers: worst, warn, good and best."),
        "group": _("There is no group “%(value)s”."),
        "list": _("Write a list here."),
        "mapping": _("Write names with values here."),
        "measure": _("There is no measure “%(value)s”."),
        "missing": _("This is missing."),
        "months": _("Write more than %(before)s months and at most %(most)s."),
        "most": _("Write %(most)s at most."),
        "name": _("There is no field “%(value)s” here."),
        "negative": _("Write 0 or more."),
        "none": _("At least one measure must count."),
        "number": _("Write a number."),
        "one_way": _("Write the four numbers in one direction, from worst to best."),
        "positive": _("Write more than 0."),
        "share": _("Write a share from 0 to 1, such as 0.5."),
        "steps": _("Write %(most)s steps at most."),
        "three": _(
            "Write three numbers of days: fresh for, then half every, and the end."
        ),
        "twice": _("“%(value)s” stands here twice. Leave one of them out."),
        "upwards": _(
            "More of this is better: write the numbers rising from worst to best."
        ),
        "weightless": _(
            "At least one measure must weigh more than 0, and its group too."
        ),
    }


def place_words(path: Path, config: Any) -> str:
    """This will name the field of a problem: measures[3].anchors[1] (nps)."""
    text = path_text(path) or _("the whole")
    key = ""
    if isinstance(config, dict) and len(path) > 1 and isinstance(path[1], int):
        rows = config.get(path[0])
        row = rows[path[1]] if isinstance(rows, list) else None
        key = str(row.get("key", ""))[:60] if isinstance(row, dict) else ""
    return f"{text} ({key})" if key else text
