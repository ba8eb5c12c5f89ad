"""The tables of a results page: the parts of the answers, and the steps to them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.charts import interval_bar
from common.templatetags import ui
from surveys.calculations.estimates import Estimate
from surveys.calculations.figures import SPANS, figure
from surveys.calculations.satisfaction import Tally
from surveys.enums import Drop
from surveys.result_words import part_name, range_words, value_words
from surveys.selectors.results import Part
from surveys.selectors.results_asked import Asked

TITLES: Mapping[str, Any] = {
    "segment": gettext_lazy("Segment"),
    "plan": gettext_lazy("Plan"),
    "owner": gettext_lazy("Owner"),
    "stage": gettext_lazy("Lifecycle stage"),
    "language": gettext_lazy("Language"),
    "version": gettext_lazy("Wording"),
}
BAR_WIDTH = 150
Link = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Line:
    """A figure in words: `value` and `range` are empty where there are too few answers."""

    name: str
    answers: int
    value: str = ""
    range: str = ""
    bar: SafeString | str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The figure of each part, the ones with most answers first."""

    key: str
    title: str
    lines: Sequence[Line]


def line(
    kind: str, name: str, estimate: Estimate | None, *, answers: int, url: str = ""
) -> Line:
    """This will write a figure as a line of a table, if there are enough answers."""
    if estimate is None or not estimate.enough:
        return Line(name, answers, url=url)
    first, last = SPANS[kind]
    bar = interval_bar(
        estimate.value, estimate.low, estimate.high,
        first=first, limit=last, width=BAR_WIDTH,
    )  # fmt: skip
    return Line(
        name,
        answers,
        value_words(kind, estimate.value),
        range_words(kind, estimate.low, estimate.high),
        mark_safe(bar),  # noqa: S308 - numbers only
        url,
    )


def breakdown(
    kind: str, dimension: str, parts: Sequence[Part], link: Link
) -> Breakdown:
    """This will list the figure of each part of the answers."""
    found = [(part, figure(kind, part.tally)) for part in parts]
    ordered = sorted(found, key=lambda pair: -(pair[1].answers if pair[1] else 0))
    return Breakdown(
        dimension,
        str(TITLES[dimension]),
        [
            line(
                kind,
                part_name(dimension, part.name),
                one,
                answers=one.answers if one else 0,
                url=link(by=dimension, value=part.key),
            )
            for part, one in ordered
        ],
    )


def plan_parts(
    by_customer: Mapping[int, Tally], plans: Mapping[int, tuple[str, str]]
) -> list[Part]:
    """This will split the answers by the plan that their customers pay most for."""
    names: dict[str, str] = {"": ""}
    tallies: dict[str, dict[int, int]] = {}
    for customer, tally in by_customer.items():
        key, name = plans.get(customer, ("", ""))
        names[key] = name
        total = tallies.setdefault(key, {})
        for score, count in tally.items():
            total[score] = total.get(score, 0) + count
    return [Part(key, names[key], tallies[key]) for key in sorted(tallies)]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way from a turn to a comment; `share` is of the delivered mails."""

    name: str
    count: int
    share: str
    of: int


def steps(asked: Asked) -> list[Step]:
    """This will list the steps, those after the delivery with their share of it."""
    before = (
        (_("Turn came"), asked.turns),
        (_("Asked"), asked.asked),
        (_("Mail delivered"), asked.delivered),
    )
    after = (
        (_("Page opened"), asked.opened),
        (_("Score chosen in the mail"), asked.scored),
        (_("Answer confirmed"), asked.confirmed),
        (_("With a comment"), asked.commented),
    )
    of = max(asked.turns, 1)
    return [
        *(Step(name, count, "", of) for name, count in before),
        *(
            Step(name, count, _share(count, asked.delivered), of)
            for name, count in after
        ),
    ]


def _share(count: int, whole: int) -> str:
    return ui.percent(count / whole) if whole else ui.NOTHING


def drops(asked: Asked) -> list[tuple[str, int]]:
    """This will say why some were not asked, the commonest reason first."""
    return [(str(Drop(reason).label), count) for reason, count in asked.drops.items()]
