"""Departures in words, and whether anybody had been warned."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.templatetags import ui
from insights.selectors.warned import Departure, Warned

FILTERS = {
    "": gettext_lazy("All"),
    Warned.WARNED.value: gettext_lazy("Warned before"),
    Warned.NOT_WARNED.value: gettext_lazy("Not warned"),
    Warned.NOT_SCORED.value: gettext_lazy("Not scored"),
}


def warned_words(judged: Sequence[Departure], *, more: bool) -> str:
    """This will say of how many departures the score had warned, or would have."""
    if not judged:
        return ""
    shown = [one for one in judged if one.warned is not Warned.NOT_SCORED]
    told = [_shown(one for one in shown if not one.later)]
    told.append(_later(one for one in shown if one.later))
    if not any(told):
        told = [_("None of those who left had a score in the half year before.")]
    elif middle := _middle(shown):
        told.append(
            ngettext(
                "Half of the warnings came at least %(days)s day before.",
                "Half of the warnings came at least %(days)s days before.",
                middle,
            )
            % {"days": ui.number(middle)}
        )
    if more:
        told.append(
            ngettext(
                "Counted over the newest %(number)s departure.",
                "Counted over the newest %(number)s departures.",
                len(judged),
            )
            % {"number": ui.number(len(judged))}
        )
    return " ".join(part for part in told if part)


def _shown(scored: Iterable[Departure]) -> str:
    """This will count the departures whose scores were shown before."""
    found = list(scored)
    return (
        ngettext(
            "The score had warned of %(warned)s of %(scored)s departure with a score.",
            "The score had warned of %(warned)s of %(scored)s departures with a score.",
            len(found),
        )
        % _counts(found)
        if found
        else ""
    )


def _later(scored: Iterable[Departure]) -> str:
    """This will count those whose scores were made only afterwards."""
    found = list(scored)
    return (
        ngettext(
            "It would have warned of %(warned)s of %(scored)s departure from before there were scores.",
            "It would have warned of %(warned)s of %(scored)s departures from before there were scores.",
            len(found),
        )
        % _counts(found)
        if found
        else ""
    )


def _counts(found: Sequence[Departure]) -> dict[str, str]:
    warned = sum(one.warned is Warned.WARNED for one in found)
    return {"warned": ui.number(warned), "scored": ui.number(len(found))}


def _middle(scored: Sequence[Departure]) -> int:
    """This will return the days that half of the warnings reach; 0 without any."""
    days = sorted(one.days for one in scored if one.days is not None)
    return days[(len(days) - 1) // 2] if days else 0


def departure_words(one: Departure) -> str:
    """This will say whether the score had warned of a departure, or would have."""
    if one.warned is Warned.NOT_SCORED:
        return _("Not scored")
    if one.days is None:
        return _("Would not have warned") if one.later else _("Not warned")
    told = {"days": ui.number(one.days)}
    if one.later:
        return (
            ngettext(
                "Would have warned %(days)s day before",
                "Would have warned %(days)s days before",
                one.days,
            )
            % told
        )
    return (
        ngettext("Warned %(days)s day before", "Warned %(days)s days before", one.days)
        % told
    )
