"""How good the forecasts were, in words. Terms stand in small print on the page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.templatetags import ui
from health.calculations.accuracy.contenders import IN_USE, MODEL, MRR, RENEWAL
from health.calculations.accuracy.groups import Area
from health.calculations.accuracy.report import Verdict
from health.calculations.accuracy.whole import Report
from health.calculations.backtest import FEW, Range

NAMES = {
    IN_USE: gettext_lazy("Health score"),
    MODEL: gettext_lazy("Forecast"),
    RENEWAL: gettext_lazy("Next renewal first"),
    MRR: gettext_lazy("Highest revenue first"),
}
VERDICTS = {
    Verdict.SIGNAL: ("ok", "circle-check", gettext_lazy("Better than guessing")),
    Verdict.CHANCE: ("crit", "triangle-alert", gettext_lazy("No better than guessing")),
    Verdict.REVERSED: ("crit", "triangle-alert", gettext_lazy("Worse than guessing")),
    Verdict.FEW: ("unknown", "circle-question-mark", gettext_lazy("Too few to tell")),
}
ALARMS = {
    (IN_USE, Verdict.CHANCE): gettext_lazy(
        "The health score has been no better than guessing."
    ),
    (IN_USE, Verdict.REVERSED): gettext_lazy(
        "The health score has pointed the wrong way: those who left had the higher scores."
    ),
    (MODEL, Verdict.CHANCE): gettext_lazy(
        "The forecast of who leaves has been no better than guessing."
    ),
    (MODEL, Verdict.REVERSED): gettext_lazy(
        "The forecast of who leaves has pointed the wrong way."
    ),
}
SHORT_ALARMS = {
    (IN_USE,): gettext_lazy(
        "The health score in use has been no better than guessing on this company’s past."
    ),
    (MODEL,): gettext_lazy(
        "The forecast of who leaves has been no better than guessing on this company’s past."
    ),
    (IN_USE, MODEL): gettext_lazy(
        "The health score and the forecast of who leaves have been no better than guessing"
        " on this company’s past."
    ),
}


def short_alarm(alarms: list[str]) -> str:
    """This will say in a sentence what is not to be trusted; "" where all is well."""
    return str(SHORT_ALARMS.get(tuple(alarms), ""))


def of_100(share: float) -> str:
    """This will write a share of 1 as so many of 100."""
    return ui.number(round(share * 100))


def of_100_range(found: Range) -> str:
    """This will write the ends of a range as so many of 100."""
    ends = {"low": of_100(found.low), "high": of_100(found.high)}
    return _("%(low)s to %(high)s") % ends


def headline(report: Report) -> str:
    """This will say how good what is published is; the forecast, else the score."""
    for key in (MODEL, IN_USE):
        side = report.contender(key)
        if side and side.ranked.auc and side.ranked.verdict != Verdict.FEW:
            return _told(key, side.ranked.auc)
    return too_few(report.leavers)


def second(report: Report) -> str:
    """This will say the same of the score, where the headline is about the forecast."""
    score, model = report.contender(IN_USE), report.contender(MODEL)
    if not score or not model or not score.ranked.auc:
        return ""
    if Verdict.FEW in {score.ranked.verdict, model.ranked.verdict}:
        return ""
    found = score.ranked.auc
    words = {"value": of_100(found.value), "range": of_100_range(found)}
    return _("The health score did so in %(value)s of 100 (%(range)s).") % words


def _told(key: str, found: Range) -> str:
    words = {"value": of_100(found.value), "range": of_100_range(found)}
    if key == MODEL:
        text = _(
            "Of a customer who left and one who stayed, the forecast named the right one in"
            " %(value)s of 100 cases (%(range)s). Guessing gives 50."
        )
    else:
        text = _(
            "Of a customer who left and one who stayed, the health score named the right one"
            " in %(value)s of 100 cases (%(range)s). Guessing gives 50."
        )
    return text % words


def too_few(leavers: int) -> str:
    """This will say that nothing can be said yet."""
    text = ngettext(
        "Too few to tell: %(count)s customer has left on the days looked at, %(few)s are needed.",
        "Too few to tell: %(count)s customers have left on the days looked at, %(few)s are"
        " needed.",
        leavers,
    )
    return text % {"count": ui.number(leavers), "few": FEW}


def alarm_sentences(report: Report) -> list[str]:
    """This will say what is no better than chance; nothing where all is well."""
    found = ((key, report.verdict_of(key)) for key in (IN_USE, MODEL))
    return [
        str(ALARMS[key, verdict])
        for key, verdict in found
        if verdict is not None and (key, verdict) in ALARMS
    ]


def signal_words(report: Report) -> str:
    """This will say whether behaviour tells who leaves; "" where it cannot be told."""
    if report.signal is None:
        return ""
    if report.signal and report.behaviour:
        words = {"points": ui.number(report.behaviour.value * 100)}
        return (
            _(
                "Signal: what customers do adds %(points)s of 100 cases to what the facts of"
                " the contract tell by themselves."
            )
            % words
        )
    if report.verdict_of(MODEL) == Verdict.SIGNAL:
        return _(
            "No signal in what customers do: who leaves is told by the facts of the contract"
            " alone, such as how long somebody has been a customer. The measures add nothing"
            " that could not be luck."
        )
    if report.verdict_of(MODEL) == Verdict.FEW:
        return ""
    return _(
        "No signal: nothing that is known of the customers tells who leaves. What looks"
        " like a pattern may as well be luck."
    )


def verdict_tag(verdict: Verdict) -> dict[str, str]:
    """This will return tone, icon and words of a verdict."""
    tone, icon, words = VERDICTS[verdict]
    return {"tone": tone, "icon": icon, "words": str(words)}


def area_cell(area: Area | None) -> dict[str, str] | None:
    """This will write an area under the curve; that it is too few, or nothing at all."""
    if area is None:
        return None
    if area.auc is None or area.verdict == Verdict.FEW:
        return {"few": str(VERDICTS[Verdict.FEW][2])}
    tone = VERDICTS[area.verdict][0]
    return {
        "value": of_100(area.auc.value),
        "range": of_100_range(area.auc),
        "tone": "crit" if tone == "crit" else "",
    }
