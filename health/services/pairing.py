"""A draft and what is in use, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.differences import Scored
from health.calculations.scorecard import ScorecardRules, rules_from_config
from health.calculations.scoring import Floats
from health.enums import Basis
from health.lineup import Lineup
from health.models import Preview
from health.readings import Readings
from health.scoring import ScoredFrame, fix_scores, score_lineup, score_readings
from health.selectors.lineup import lineup_from


@dataclass(frozen=True, slots=True)
class Pair:
    """The lineup in use, and the one in which the draft stands at `place`."""

    live: Lineup
    lineup: Lineup
    place: int
    rules: ScorecardRules  # the draft's

    @property
    def drafted(self) -> list[ScorecardRules]:
        """The content of the lineup with the draft in it."""
        rules = list(self.lineup.rules)
        rules[self.place] = self.rules
        return rules

    def falls(self, segment: NDArray[np.int64]) -> NDArray[np.bool_]:
        """This will mark the customers that the draft would score, (n,)."""
        return np.asarray(self.lineup.which(segment) == self.place)

    def score(
        self,
        readings: Readings,
        segment: NDArray[np.int64],
        *,
        late: dict[str, int],
        fixed: Floats | None = None,
    ) -> tuple[Scored, Scored]:
        """This will score readings by what is in use, and with the draft in it.

        Only those who fall to the draft are scored twice: for all others nothing changes.
        `fixed` are scores set by hand, NaN where there is none.
        """
        which, falls = self.live.which(segment), self.falls(segment)
        live = score_lineup(readings, which, self.live.rules, late=late)
        draft = score_readings(readings.of(falls), self.rules, late=late)
        if fixed is not None:
            live = _by_hand(live, fixed, self.live.rules, which)
            alone = np.zeros(int(falls.sum()), dtype=np.intp)
            draft = _by_hand(draft, fixed[falls], [self.rules], alone)
        score, band = live.score.copy(), live.band.copy()
        score[falls], band[falls] = draft.score, draft.band
        return Scored(live.score, live.band), Scored(score, band)


def pair_of(preview: Preview) -> Pair:
    """This will read the plan of a preview whose `version` is loaded. Two queries."""
    plan = preview.result["plan"]
    versions = [row["version"] for row in plan["draft"]]
    return Pair(
        lineup_from(plan["live"]),
        lineup_from(plan["draft"]),
        versions.index(preview.version_id),
        # As it was read together with its revision.
        rules_from_config(preview.version.config),
    )


def _by_hand(
    frame: ScoredFrame,
    fixed: Floats,
    rules: Sequence[ScorecardRules],
    which: NDArray[np.intp],
) -> ScoredFrame:
    return fix_scores(frame, fixed, basis=Basis.OVERRIDE, lineup=rules, which=which)
