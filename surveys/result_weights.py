"""Other ways to count votes, and who does not answer, as a results page shows them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags import ui
from surveys.calculations.bias import (
    RateTest,
    Reweighted,
    Stratum,
    rates_differ,
    reweighted_nps,
)
from surveys.calculations.figures import groups
from surveys.calculations.satisfaction import Tally
from surveys.calculations.weighting import Weighted, votes, weighted_nps
from surveys.result_rows import Line, line
from surveys.result_words import part_name
from surveys.selectors.results import Part
from surveys.selectors.results_asked import Asked


@dataclass(frozen=True, slots=True)
class Weighing:
    """One way of counting votes, and what it rests on."""

    line: Line
    base: str


def weighed(
    by_customer: Mapping[int, Tally], revenue: Mapping[int, Any]
) -> tuple[Weighing, Weighing]:
    """This will weigh by customers and by what they pay a month."""
    ids = list(by_customer)
    found = [groups("nps", by_customer[customer]) for customer in ids]
    means = votes(
        high=np.array([one.high for one in found], dtype=float),
        answers=np.array([one.answers for one in found], dtype=float),
        low=np.array([one.low for one in found], dtype=float),
    )
    paid = np.array([float(revenue.get(customer, 0)) for customer in ids], dtype=float)
    return (
        _weighing(_("One vote per customer"), weighted_nps(means, np.ones(len(ids)))),
        _weighing(_("Weighed by monthly revenue"), weighted_nps(means, paid)),
    )


def _weighing(name: str, found: Weighted | None) -> Weighing:
    voters = found.voters if found else 0
    estimate = found.estimate if found else None
    words = ngettext("%(n)s customer", "%(n)s customers", voters)
    base = words % {"n": ui.number(voters)}
    if estimate and estimate.answers < voters:
        words = ngettext(
            "%(base)s, worth %(n)s equal vote",
            "%(base)s, worth %(n)s equal votes",
            estimate.answers,
        )
        base = words % {"base": base, "n": ui.number(estimate.answers)}
    return Weighing(line("nps", name, estimate, answers=voters), base)


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a segment answers."""

    name: str
    delivered: int
    confirmed: int
    line: Line


@dataclass(frozen=True, slots=True)
class Bias:
    """Who answers, whether that differs by more than chance, and what it would change."""

    rates: Sequence[Rate]
    test: RateTest | None
    reweighted: Reweighted | None
    joined: Collection[str]

    @property
    def verdict(self) -> str:
        """Whether the segments answer equally often, in words."""
        if self.test is None:
            return _("There is too little to compare the segments.")
        p = ui.number(max(self.test.p, 0.001), 3)
        words = {"p": f"< {p}" if self.test.p < 0.001 else f"= {p}"}
        if self.test.differ:
            return _("The segments do not answer equally often (p %(p)s).") % words
        return _("The differences are no larger than chance makes (p %(p)s).") % words


def bias(asked: Asked, parts: Sequence[Part]) -> Bias:
    """This will compare the segments' response rates, and weigh the score to who was asked."""
    spread = {part.key: groups("nps", part.tally) for part in parts}
    names = {one.key: part_name("segment", one.name) for one in asked.segments}
    strata = [
        Stratum(
            one.key,
            one.delivered,
            one.confirmed,
            high=spread[one.key].high if one.key in spread else 0,
            middle=spread[one.key].middle if one.key in spread else 0,
            low=spread[one.key].low if one.key in spread else 0,
        )
        for one in asked.segments
        if one.delivered
    ]
    found = reweighted_nps(strata)
    return Bias(
        rates=[
            Rate(
                names[part.key],
                part.delivered,
                part.answered,
                line("csat", names[part.key], part.rate, answers=part.delivered),
            )
            for part in sorted(strata, key=lambda part: -part.delivered)
        ],
        test=rates_differ(strata),
        reweighted=found,
        joined=[names[key] for key in found.joined] if found else (),
    )


def reweighted_line(found: Reweighted) -> Weighing:
    """This will write the re-weighted score like the others beside the raw one."""
    worth = found.estimate.answers
    words = ngettext("worth %(n)s equal answer", "worth %(n)s equal answers", worth)
    one = line(
        "nps", _("Weighed to those who were asked"), found.estimate, answers=worth
    )
    return Weighing(one, words % {"n": ui.number(worth)})
