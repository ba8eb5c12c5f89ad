"""One customer by a draft and by what is in use, line by line."""

from dataclasses import dataclass

import numpy as np

from customers.models import Customer
from health.calculations.scorecard import ScorecardRules, rules_from_config
from health.calculations.scoring import round_to_sum
from health.enums import Basis
from health.models import Preview, Run, Score, ScorecardVersion
from health.readings import Readings, unpack
from health.scoring import ScoredFrame, score_readings
from health.selectors.lineup import lineup_from

MIDDLE = 50


@dataclass(frozen=True, slots=True)
class LineSide:
    """A measure's part in one of the two scores; `points` is None where it is missing."""

    share: float  # of the weight that counted, 0..1
    points: int | None


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A measure of a customer on both sides; a side is None where it is not asked for."""

    key: str
    value: float
    before: float
    live: LineSide | None
    draft: LineSide | None

    @property
    def change(self) -> int:
        """Draft − live, in points; what is missing or not asked for gives none."""
        live, draft = (side.points if side else 0 for side in (self.live, self.draft))
        return (draft or 0) - (live or 0)


@dataclass(frozen=True, slots=True)
class PreviewSide:
    """A customer's score by one of the two. 50 and all points give `total`."""

    version: ScorecardVersion
    score: float
    total: int
    band: int
    coverage: float


@dataclass(frozen=True, slots=True)
class PreviewCustomer:
    """Both scores of a customer, and every line of either."""

    score: Score
    falls: bool  # to the draft's scorecard; else nothing changes
    live: PreviewSide
    draft: PreviewSide
    lines: list[PreviewLine]

    @property
    def change(self) -> int:
        return self.draft.total - self.live.total


def preview_customer(*, preview: Preview, customer: Customer) -> PreviewCustomer | None:
    """This will score a customer's kept readings both ways; None where none are kept.

    `preview.run` and `preview.version` are loaded. Four queries.
    """
    run = preview.run
    rows = Score.objects.filter(customer=customer, as_of=run.as_of, run=run)
    score = rows.first()
    if score is None:
        return None
    plan, segment = preview.result["plan"], np.array([customer.segment_id or 0])
    live, lineup = (lineup_from(plan[name]) for name in ("live", "draft"))
    drafted = int(lineup.versions(lineup.which(segment))[0]) == preview.version_id
    used = int(live.versions(live.which(segment))[0])
    old = ScorecardVersion.objects.select_related("scorecard").get(pk=used)
    new = preview.version if drafted else old
    readings = _readings(score, run)
    sides = [_Scored(readings, version, run) for version in (old, new)]
    return PreviewCustomer(
        score=score,
        falls=drafted,
        live=sides[0].side(score),
        draft=sides[1].side(score),
        lines=_lines(readings, *sides),
    )


class _Scored:
    """Readings of one customer scored by one version."""

    def __init__(self, readings: Readings, version: ScorecardVersion, run: Run) -> None:
        self.version = version
        self.rules: ScorecardRules = rules_from_config(version.config)
        self.frame: ScoredFrame = score_readings(
            readings, self.rules, late=run.parameters.get("late", {})
        )
        self.known = ~np.isnan(self.frame.subscore[0]) & (
            np.nan_to_num(self.frame.freshness[0]) > 0
        )
        computed = self.frame.computed[0]
        self.total = MIDDLE if np.isnan(computed) else round(float(computed))
        places = np.flatnonzero(self.known).tolist()
        pull = self.frame.result.contributions[0]
        parts = round_to_sum([float(pull[i]) for i in places], self.total - MIDDLE)
        self.points = dict(zip(places, parts, strict=True))
        weight = self.rules.weights(readings.layout) * self.known
        self.weight = weight * np.nan_to_num(self.frame.freshness[0])

    def side(self, score: Score) -> PreviewSide:
        band, counts = int(self.frame.band[0]), float(self.frame.score[0])
        if score.basis == Basis.OVERRIDE:
            counts = score.score
            red, amber = counts < self.rules.at_risk, counts < self.rules.watch
            band = 1 if red else 2 if amber else 3
        return PreviewSide(
            self.version, counts, self.total, band, float(self.frame.result.coverage[0])
        )

    def line(self, place: int) -> LineSide | None:
        """This will return a measure's part, None where it is not asked for."""
        if np.isnan(self.frame.freshness[0, place]):
            return None
        whole = float(self.weight.sum())
        share = float(self.weight[place]) / whole if whole else 0.0
        return LineSide(share, self.points.get(place))


def _lines(readings: Readings, live: _Scored, draft: _Scored) -> list[PreviewLine]:
    """This will list what either asks for, the biggest difference first."""
    lines = [
        PreviewLine(
            key,
            float(readings.value[0, place]),
            float(readings.before[0, place]),
            live.line(place),
            draft.line(place),
        )
        for place, key in enumerate(readings.layout)
    ]
    asked = [line for line in lines if line.live or line.draft]
    return sorted(asked, key=lambda line: (-abs(line.change), line.key))


def _readings(score: Score, run: Run) -> Readings:
    return unpack(
        run.parameters["measures"],
        [bytes(score.values)],
        [bytes(score.before)],
        [bytes(score.ages)],
        [score.tenure],
    )
