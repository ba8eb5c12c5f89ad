"""A scorecard's content as people read it: shares, anchors and freshness in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from health.calculations.scorecard_shares import shares_of
from health.draft_fields import group_weights
from health.measures import MEASURES
from health.scorecard_words import (
    BAND_LABELS,
    GROUP_LABELS,
    anchors_words,
    freshness_words,
    group_label,
    measure_label,
    percent,
    rollup_label,
    step_words,
)


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure of a scorecard, in words. `help` is empty when the code lost it."""

    key: str
    label: str
    help: str
    unit: str
    icon: str
    share: float
    anchors: str
    steps: list[str]
    freshness: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its measures, the heaviest first."""

    key: str
    label: str
    share: float
    measures: list[MeasureView]


@dataclass(frozen=True, slots=True)
class CardView:
    """A whole content."""

    groups: list[GroupView]
    left_out: list[str]  # names of measures that do not count
    at_risk: float
    watch: float
    floor: str
    rollup: str
    priors: list[tuple[str, str]]


def card_view(config: Mapping[str, Any]) -> CardView:
    """This will put a content into words of the active language."""
    lines = {line["key"]: line for line in config["measures"]}
    weights = group_weights(dict(config))
    shares = shares_of(
        weights,
        [(key, _group(line), float(line["weight"])) for key, line in lines.items()],
    )
    groups = [
        GroupView(
            key,
            group_label(key),
            shares.groups.get(key, 0.0),
            sorted(
                (
                    _measure(line, shares.measures[line["key"]])
                    for line in lines.values()
                    if _group(line) == key
                ),
                key=lambda one: (-one.share, one.label),
            ),
        )
        for key in dict.fromkeys([*GROUP_LABELS, *weights])
    ]
    return CardView(
        groups=[group for group in groups if group.measures],
        left_out=[measure_label(key) for key in MEASURES if key not in lines],
        at_risk=config["bands"]["at_risk"],
        watch=config["bands"]["watch"],
        floor=percent(config["floor"]),
        rollup=rollup_label(config.get("rollup", "own")),
        priors=[
            (str(label), percent(config["prior"][band]))
            for band, label in BAND_LABELS.items()
        ],
    )


def _group(line: Mapping[str, Any]) -> str:
    """This will return the group of a line; the first versions named none."""
    measure = MEASURES.get(line["key"])
    return str(line.get("group") or (measure.group if measure else ""))


def _measure(line: Mapping[str, Any], share: float) -> MeasureView:
    measure = MEASURES.get(line["key"])
    return MeasureView(
        key=line["key"],
        label=measure_label(line["key"]),
        help=str(measure.help) if measure else "",
        unit=str(measure.unit) if measure else "",
        icon=measure.icon if measure else "circle-question-mark",
        share=share,
        anchors=anchors_words(line["anchors"]),
        steps=[step_words(step) for step in line.get("by_age") or ()],
        freshness=freshness_words(line["freshness"]),
    )
