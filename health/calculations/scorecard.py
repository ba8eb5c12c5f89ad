"""A scorecard version's content as numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from health.calculations.scoring import Floats, Freshness

BAND_NAMES = {0: "unknown", 1: "at_risk", 2: "watch", 3: "healthy"}


@dataclass(frozen=True, slots=True)
class ScoredMeasure:
    """One line of a scorecard."""

    key: str
    weight: float
    anchors: tuple[float, float, float, float]
    freshness: Freshness


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

    @property
    def weights(self) -> Floats:
        """The weights in the order of the measures."""
        return np.array([measure.weight for measure in self.measures])

    @property
    def keys(self) -> list[str]:
        return [measure.key for measure in self.measures]


def rules_from_config(config: dict[str, Any]) -> ScorecardRules:
    """This will read the JSON of a scorecard version."""
    return ScorecardRules(
        measures=tuple(
            ScoredMeasure(
                key=line["key"],
                weight=float(line["weight"]),
                anchors=tuple(line["anchors"]),
                freshness=Freshness(*line["freshness"]),
            )
            for line in config["measures"]
        ),
        at_risk=float(config["bands"]["at_risk"]),
        watch=float(config["bands"]["watch"]),
        floor=float(config["floor"]),
        prior={band: float(config["prior"][name]) for band, name in BAND_NAMES.items()},
    )
