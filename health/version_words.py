"""Versions of the forecasts in words: how they compare, and how far learning is."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.templatetags import ui
from health.enums import TrainingState, Verdict
from health.models import ForecastVersion, Training
from health.services.training.comparing import OTHER_FEATURES, TOO_FEW
from health.services.training.concluding import COMPARING, MEASURING
from health.services.training.learning import LEAVERS, LIFETIMES, YEAR_AGO

STAGES = {
    LEAVERS: gettext_lazy("Learning who leaves."),
    LIFETIMES: gettext_lazy("Learning how long customers stay and what they bring."),
    YEAR_AGO: gettext_lazy("Holding last year’s forecast against what came in."),
    COMPARING: gettext_lazy("Comparing with the version before."),
    MEASURING: gettext_lazy("Measuring how right the forecasts were."),
}
TONES = {
    Verdict.FIRST: "info",
    Verdict.BETTER: "ok",
    Verdict.LIKE: "unknown",
    Verdict.WORSE: "crit",
}


@dataclass(frozen=True, slots=True)
class VersionTag:
    """How a version compares with the one before it, in a word."""

    tone: str
    words: str


def verdict_tag(version: ForecastVersion) -> VersionTag:
    """This will say in a word how a version compares."""
    verdict = Verdict(version.verdict)
    return VersionTag(TONES[verdict], str(verdict.label))


def verdict_words(version: ForecastVersion) -> str:
    """This will say how a version compares with the one before it, and how that is known."""
    compared = version.summary.get("compared") or {}
    number = {"number": compared.get("number")}
    if version.verdict == Verdict.FIRST:
        return _("It is the first, so there was nothing to compare it with.")
    if compared.get("why") == OTHER_FEATURES:
        return (
            _(
                "Version %(number)s was learnt from other measures than there are today and"
                " can forecast nobody any more."
            )
            % number
        )
    if compared.get("why") == TOO_FEW:
        return (
            _(
                "Too few customers have left since version %(number)s was learnt to tell"
                " the two apart, so it counts as no worse."
            )
            % number
        )
    return " ".join([_sentence(version.verdict) % number, _tried(compared)])


def _sentence(verdict: str) -> str:
    return {
        Verdict.BETTER: _("It is better than version %(number)s."),
        Verdict.LIKE: _(
            "It is as good as version %(number)s: what sets them apart may be luck."
        ),
        Verdict.WORSE: _(
            "It is worse than version %(number)s, so it was not put in use by itself."
        ),
    }[Verdict(verdict)]


def _tried(compared: dict[str, Any]) -> str:
    """This will say on whom both were tried, and what came out."""
    tried = ngettext(
        "Both were tried on %(cases)s case that neither had learnt from; %(left)s left.",
        "Both were tried on %(cases)s cases that neither had learnt from; %(left)s left.",
        compared["cases"],
    ) % {"cases": ui.number(compared["cases"]), "left": ui.number(compared["leavers"])}
    area = compared.get("auc")
    if not area:
        return tried
    words = {name: ui.signed(area[name] * 100, 1) for name in ("value", "low", "high")}
    order = _(
        "Pairs of a leaver and a stayer in the right order, of 100: %(value)s against the"
        " one before (%(low)s to %(high)s)."
    )
    return f"{tried} {order % words}"


def pairs_words(area: list[float] | None) -> str:
    """This will say what an area under the curve means; "" where there is none."""
    if not area:
        return ""
    value, low, high = (ui.number(round(one * 100)) for one in area)
    return _(
        "Of a leaver and a stayer it names the right one in %(value)s of 100 cases"
        " (%(low)s to %(high)s)."
    ) % {"value": value, "low": low, "high": high}


def stage_words(training: Training) -> str:
    """This will say what a training is doing."""
    if training.state == TrainingState.COLLECTING:
        return _("The past is being read, day by day.")
    stage = training.parameters.get("stage", "")
    return str(STAGES[stage]) if stage in STAGES else _("Learning begins.")


def rests_words(summary: dict[str, Any]) -> str:
    """This will say how many customers, and how many leavers, a version rests on."""
    text = ngettext(
        "%(left)s of %(known)s customer whose next 90 days are over has left.",
        "%(left)s of %(known)s customers whose next 90 days are over have left.",
        summary["known"],
    )
    return text % {
        "left": ui.number(summary["leavers"]),
        "known": ui.number(summary["known"]),
    }
