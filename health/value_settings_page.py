"""What each setting of the forecasts changes, in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Company
from common.templatetags import ui
from health.calculations.what_if import Assumptions, risk_scaled, worth
from health.selectors.value_days import settings_of
from health.selectors.value_paths import Kept, assumed
from health.what_if_words import gain_money, gain_percent, months_words

POINT, TENTH, YEAR = 0.01, 0.1, 12


@dataclass(frozen=True, slots=True)
class Sums:
    """What the whole company comes to by some settings."""

    expected: float  # margin still to come
    at_risk: float


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of a step: `words` say what the setting would be."""

    words: str
    after: Sums
    expected: str  # the change, with its sign
    expected_share: str
    at_risk: str
    at_risk_share: str


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting, what it says now, and what a step down and a step up would do."""

    name: str
    now: str
    steps: list[Step]


Reckon = Callable[[Assumptions], Sums]


def settings_content(
    kept: Kept, *, company: Company, typed: Assumptions | None
) -> dict[str, Any]:
    """This will reckon with the settings as stored, a step beside, and as typed. One query."""
    now = assumed(company, months=kept.paths.months)
    made = settings_of(kept.as_of) or now

    def reckon(assumptions: Assumptions) -> Sums:
        risks = risk_scaled(kept.at_risk, kept.paths, made, assumptions)
        total = worth(kept.paths, assumptions).whole.total
        return Sums(total, float(risks.sum()))

    was = reckon(now)
    content = {"was": was, "lines": _lines(kept, now, company, reckon)}
    if typed is not None:
        content["will"] = _step("", was, reckon(typed), company.currency)
    return content


def _step(words: str, was: Sums, will: Sums, currency: str) -> Step:
    expected, at_risk = will.expected - was.expected, will.at_risk - was.at_risk
    return Step(
        words,
        will,
        gain_money(expected, currency),
        gain_percent(expected, was.expected),
        gain_money(at_risk, currency),
        gain_percent(at_risk, was.at_risk),
    )


def _lines(
    kept: Kept, now: Assumptions, company: Company, reckon: Reckon
) -> list[SettingLine]:
    was = reckon(now)

    def line(name: str, words: str, field: str, steps: Iterator[Any]) -> SettingLine:
        tried = [
            _step(said, was, reckon(replace(now, **{field: value})), company.currency)
            for value, said in steps
        ]
        return SettingLine(name, words, tried)

    def money(value: float) -> str:
        return ui.money(value, company.currency)

    margin, cost, rate = now.margin, now.ticket_cost, now.discount_rate
    horizon, most = now.horizon, kept.paths.months
    return [
        line(
            _("Gross margin"),
            _share(margin),
            "margin",
            _beside(margin, POINT, (0.0, 1.0), _share),
        ),
        line(
            _("Support cost per ticket"),
            money(cost),
            "ticket_cost",
            _beside(cost, cost * TENTH, (0.0, cost * 2), money),
        ),
        line(
            _("Yearly discount rate"),
            _share(rate),
            "discount_rate",
            _beside(rate, POINT, (0.0, 1.0), _share),
        ),
        line(
            _("Horizon"),
            months_words(company.horizon_months),
            "horizon",
            _beside(horizon, YEAR, (YEAR, most), months_words),
        ),
    ]


def _share(value: float) -> str:
    return ui.percent(value, 1)


def _beside(
    value: Any, step: Any, ends: tuple[Any, Any], write: Callable[[Any], str]
) -> Iterator[tuple[Any, str]]:
    """This will yield a step down and a step up with their words, within the ends."""
    for other in (value - step, value + step):
        if other != value and ends[0] <= other <= ends[1]:
            yield other, write(other)
