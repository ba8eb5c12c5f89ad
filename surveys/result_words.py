"""Figures of surveys in words, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from babel import Locale
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from common.formats import locale_of
from common.templatetags import ui
from customers.enums import Stage
from surveys.calculations.estimates import Change, Estimate
from surveys.calculations.periods import Period
from surveys.calculations.scales import HIGH, LOW, MIDDLE

NAMES: Mapping[str, Any] = {
    "nps": gettext_lazy("NPS"),
    "csat": gettext_lazy("Satisfaction"),
    "ces": gettext_lazy("Ease"),
}
# What the figure is, for whoever does not know.
MEANINGS: Mapping[str, Any] = {
    "nps": gettext_lazy("share of promoters minus share of detractors, −100 to +100"),
    "csat": gettext_lazy("share of answers of 4 or 5"),
    "ces": gettext_lazy("mean of the scale from 1 (hard) to 7 (easy)"),
}
GROUP_NAMES: Mapping[str, Mapping[str, Any]] = {
    "nps": {
        LOW: gettext_lazy("Detractors"),
        MIDDLE: gettext_lazy("Passives"),
        HIGH: gettext_lazy("Promoters"),
    },
    "csat": {
        LOW: gettext_lazy("Not satisfied"),
        MIDDLE: gettext_lazy("In between"),
        HIGH: gettext_lazy("Satisfied"),
    },
    "ces": {
        LOW: gettext_lazy("Hard"),
        MIDDLE: gettext_lazy("In between"),
        HIGH: gettext_lazy("Easy"),
    },
}
PERCENT = 100


def value_words(kind: str, value: float) -> str:
    """This will write a figure: +34, 82%, 5.6."""
    if kind == "nps":
        return ui.signed(value)
    return ui.percent(value) if kind == "csat" else ui.number(value, 1)


def range_words(kind: str, low: float, high: float) -> str:
    """This will write an interval: +21 to +46."""
    if kind == "csat":
        return ui.percent_range(low, high)
    ends = {"low": value_words(kind, low), "high": value_words(kind, high)}
    return _("%(low)s to %(high)s") % ends


def answers_words(count: int) -> str:
    """This will write "128 answers"."""
    words = ngettext("%(n)s answer", "%(n)s answers", count)
    return words % {"n": ui.number(count)}


def missing_words(missing: int) -> str:
    """This will say how many answers a figure still needs."""
    words = ngettext(
        "too few: %(n)s more answer is needed",
        "too few: %(n)s more answers are needed",
        missing,
    )
    return words % {"n": ui.number(missing)}


def size_words(kind: str, value: float) -> str:
    """This will write how far a figure moved, without a sign: 12 points."""
    size = abs(value)
    if kind == "ces":
        return ui.number(size, 1)
    if kind == "csat":
        whole = round(PERCENT * size)
        words = ngettext("%(n)s percentage point", "%(n)s percentage points", whole)
    else:
        whole = round(size)
        words = ngettext("%(n)s point", "%(n)s points", whole)
    return words % {"n": ui.number(whole)}


def signed_words(kind: str, value: float) -> str:
    """This will write a difference with its sign and a decimal: +2.1."""
    return ui.signed(PERCENT * value if kind == "csat" else value, 1)


def change_words(
    kind: str,
    *,
    change: Change | None,
    before: Estimate | None,
    period: Period | None,
    now: Estimate | None,
) -> str:
    """This will say how the figure compares with the stretch before, and how sure it is."""
    if period is None:
        return _("There is no time before all answers to compare with.")
    days = {"first": ui.day(period.first), "last": ui.day(period.last)}
    if change is None or before is None:
        if now is not None and now.enough:
            count = before.answers if before else 0
            words = ngettext(
                "Not compared with %(first)s to %(last)s, which had %(n)s answer: 10 are needed.",
                "Not compared with %(first)s to %(last)s, which had %(n)s answers: 10 are needed.",
                count,
            )
            return words % {**days, "n": ui.number(count)}
        return ""
    parts = {
        **days,
        "size": size_words(kind, change.value),
        "before": value_words(kind, before.value),
        "low": signed_words(kind, change.low),
        "high": signed_words(kind, change.high),
    }
    return str(SENTENCES[change.direction]) % parts


SENTENCES: Mapping[int, Any] = {
    1: gettext_lazy(
        "Up %(size)s on %(first)s to %(last)s (%(before)s). Chance alone would hardly do"
        " that: with 95%% certainty the difference lies between %(low)s and %(high)s."
    ),
    -1: gettext_lazy(
        "Down %(size)s on %(first)s to %(last)s (%(before)s). Chance alone would hardly do"
        " that: with 95%% certainty the difference lies between %(low)s and %(high)s."
    ),
    0: gettext_lazy(
        "%(first)s to %(last)s was at %(before)s. Chance alone can make that difference,"
        " so there is no arrow: it lies between %(low)s and %(high)s."
    ),
}


def part_name(dimension: str, name: str) -> str:
    """This will name a part of the answers; "not known" where nothing is."""
    if not name:
        return _("Nobody") if dimension == "owner" else _("not known")
    if dimension == "stage":
        return str(Stage(name).label) if name in Stage.values else name
    if dimension == "version":
        return _("Version %(number)s") % {"number": name}
    return language_name(name) if dimension == "language" else name


def language_name(code: str) -> str:
    """This will name a language in the reader's own: German, Deutsch."""
    reader: Locale = locale_of(get_language() or "en")
    names: Mapping[str, str] = reader.languages
    return names.get(code.partition("-")[0], code)
