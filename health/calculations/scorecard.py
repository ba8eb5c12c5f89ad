"""A scorecard version's content as numbers.

The JSON of a version:

    {"groups": [{"key": "usage", "weight": 44}, …],
     "measures": [{"key": "nps", "group": "survey", "weight": 14,
                   "anchors": [2, 6, 8, 10],
                   "by_age": [{"until_months": 6, "anchors": [0, 5, 7, 9]}, …],
                   "freshness": [90, 90, 365]}, …],
     "bands": {"at_risk": 50, "watch": 70}, "floor": 0.5,
     "rollup": "own" | "mean" | "revenue" | "worst",
     "prior": {"unknown": 0.06, "at_risk": 0.15, "watch": 0.06, "healthy": 0.02}}

Weights are any numbers from 0 up: a group has its share of all groups' weights, a measure
its share of its group's. `by_age` gives other anchors to customers younger than so many
months, the youngest first. Without "groups" (versions of before there were any) a group
weighs as much as its measures together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from health.calculations.scoring import Anchors, Floats, Freshness

BAND_NAMES = {0: "unknown", 1: "at_risk", 2: "watch", 3: "healthy"}
ROLLUPS = ("own", "mean", "revenue", "worst")


@dataclass(frozen=True, slots=True)
class AgeAnchors:
    """Anchors for customers younger than so many months."""

    until_months: float
    anchors: Anchors


@dataclass(frozen=True, slots=True)
class ScoredMeasure:
    """One line of a scorecard. `weight` is its share of the whole, 0..1."""

    key: str
    group: str
    weight: float
    anchors: Anchors
    freshness: Freshness
    by_age: tuple[AgeAnchors, ...] = ()


@dataclass(frozen=True, slots=True)
class ScorecardRules:
    """Everything that turns readings into a band."""

    measures: tuple[ScoredMeasure, ...]
    at_risk: float
    watch: float
    floor: float
    prior: dict[
        int, float
    ]  # share leaving within 90 days, per band, before any history
    rollup: str = "own"

    @property
    def keys(self) -> list[str]:
        return [measure.key for measure in self.measures]

    def weights(self, layout: Sequence[str]) -> Floats:
        """This will return the weights in a layout's order, 0 for what is not scored."""
        weight = {line.key: line.weight for line in self.measures}
        return np.array([weight.get(key, 0.0) for key in layout])

    def line(self, key: str) -> ScoredMeasure | None:
        """This will return the line of a measure, None where it is not scored."""
        return next((line for line in self.measures if line.key == key), None)


def rules_from_config(config: dict[str, Any]) -> ScorecardRules:
    """This will read the JSON of a scorecard version."""
    return ScorecardRules(
        measures=_measures(config),
        at_risk=float(config["bands"]["at_risk"]),
        watch=float(config["bands"]["watch"]),
        floor=float(config["floor"]),
        prior={band: float(config["prior"][name]) for band, name in BAND_NAMES.items()},
        rollup=config.get("rollup", "own"),
    )


def _measures(config: dict[str, Any]) -> tuple[ScoredMeasure, ...]:
    lines = config["measures"]
    inside: dict[str, float] = {}
    for line in lines:
        group = line.get("group", "")
        inside[group] = inside.get(group, 0.0) + float(line["weight"])
    groups = {g["key"]: float(g["weight"]) for g in config.get("groups", [])} or inside
    whole = sum(groups.get(group, 0.0) for group, w in inside.items() if w > 0)
    return tuple(
        ScoredMeasure(
            key=line["key"],
            group=line.get("group", ""),
            weight=_share(line, groups, inside, whole),
            anchors=_four(line["anchors"]),
            freshness=Freshness(*line["freshness"]),
            by_age=tuple(
                AgeAnchors(float(step["until_months"]), _four(step["anchors"]))
                for step in sorted(
                    line.get("by_age", ()), key=lambda step: step["until_months"]
                )
            ),
        )
        for line in lines
    )


def _share(
    line: dict[str, Any],
    groups: dict[str, float],
    inside: dict[str, float],
    whole: float,
) -> float:
    group = line.get("group", "")
    if not inside[group] or not whole:
        return 0.0
    return groups.get(group, 0.0) / whole * float(line["weight"]) / inside[group]


def _four(anchors: Sequence[float]) -> Anchors:
    worst, warn, good, best = (float(anchor) for anchor in anchors)
    return worst, warn, good, best
