"""The scorecards of a run, and who falls to which."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.scorecard import ScorecardRules


@dataclass(frozen=True, slots=True)
class Lineup:
    """Scorecard versions in the order they are looked at; the last is the default.

    `segments` names the segments of each but the last, which takes everybody else.
    """

    version_ids: Sequence[int]
    rules: Sequence[ScorecardRules]
    segments: Sequence[Collection[int]]

    def which(self, segment_id: NDArray[np.int64]) -> NDArray[np.intp]:
        """This will return the place in the lineup of each customer's scorecard, (n,)."""
        last = len(self.rules) - 1
        places = np.full(len(segment_id), last, dtype=np.intp)
        for place in range(last - 1, -1, -1):
            places[np.isin(segment_id, list(self.segments[place]))] = place
        return places

    def versions(self, which: NDArray[np.intp]) -> NDArray[np.int64]:
        """This will return the version of each customer's scorecard, (n,)."""
        return np.array(self.version_ids, dtype=np.int64)[which]

    def as_json(self) -> list[dict[str, Any]]:
        """This will return what a run keeps: versions and segments, no content."""
        return [
            {"version": version, "segments": sorted(segments)}
            for version, segments in zip(self.version_ids, self.segments, strict=True)
        ]
