"""What differs between two contents of a scorecard, in words."""

from typing import Any

from django.utils.translation import gettext as _

from health.calculations.scorecard_changes import Change
from health.scorecard_words import (
    BAND_LABELS,
    anchors_words,
    figure,
    freshness_words,
    group_label,
    measure_label,
    percent,
    rollup_label,
    step_words,
)


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
