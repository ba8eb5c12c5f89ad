"""The conventions of revenue in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.calculations.conventions import PRESETS, Conventions
from insights.revenue_words import preset_name

LABELS = {
    "churn_on": gettext_lazy("When somebody leaves"),
    "same_month": gettext_lazy("Who comes and goes in one month"),
    "reactivation_days": gettext_lazy("Who comes back"),
    "discounts": gettext_lazy("Discounts"),
    "paused": gettext_lazy("A pause"),
    "past_due_days": gettext_lazy("An unpaid invoice"),
    "group_minutes": gettext_lazy("Changes close together"),
}
POSITIONS = {
    "churn_on": {
        "period_end": gettext_lazy("counts on the day the subscription ends"),
        "cancellation": gettext_lazy("counts on the day it is cancelled"),
    },
    "same_month": {
        "counted": gettext_lazy("counts as new and as churn"),
        "ignored": gettext_lazy("does not count at all"),
    },
    "discounts": {
        "subtracted": gettext_lazy("are all taken off"),
        "lasting_only": gettext_lazy("are taken off only where they have no end"),
        "ignored": gettext_lazy("are not taken off"),
    },
    "paused": {
        "zero": gettext_lazy("is worth nothing"),
        "unchanged": gettext_lazy("is worth what was paid before"),
    },
}


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch: what it is about, and where it stands under each set of conventions."""

    name: str
    label: str
    words: list[str]
    differs: list[bool]  # from those in force


def switches_beside(now: Conventions, sets: Sequence[Conventions]) -> list[Switch]:
    """This will lay sets of conventions out beside each other."""
    return [
        Switch(
            name,
            str(label),
            [switch_words(name, getattr(one, name)) for one in sets],
            [getattr(one, name) != getattr(now, name) for one in sets],
        )
        for name, label in LABELS.items()
    ]


def switch_words(name: str, value: object) -> str:
    """This will say where a switch stands."""
    if name in POSITIONS:
        return str(POSITIONS[name][str(value)])
    if name == "reactivation_days":
        return _reactivation(value)
    if name == "past_due_days":
        return _past_due(value)
    return _grouped(value)


def _reactivation(value: object) -> str:
    if not isinstance(value, int):
        return _("is always one who came back")
    return ngettext(
        "is new again after more than %(days)s day",
        "is new again after more than %(days)s days",
        value,
    ) % {"days": value}


def _past_due(value: object) -> str:
    if not isinstance(value, int):
        return _("changes nothing")
    return ngettext(
        "takes the revenue out %(days)s day after it was due, until it is paid",
        "takes the revenue out %(days)s days after it was due, until it is paid",
        value,
    ) % {"days": value}


def _grouped(value: object) -> str:
    minutes = value if isinstance(value, int) else 0
    if not minutes:
        return _("are movements of their own unless they fall on one day")
    return ngettext(
        "are one movement within %(minutes)s minute",
        "are one movement within %(minutes)s minutes",
        minutes,
    ) % {"minutes": minutes}


def sets_named(now: Conventions, preset: str) -> list[tuple[str, str, Conventions]]:
    """This will list the sets to compare: those in force first, then the other presets."""
    found = [("live", _("In force: %(name)s") % {"name": preset_name(preset)}, now)]
    return found + [
        (name, preset_name(name), switches)
        for name, switches in PRESETS.items()
        if switches != now
    ]
