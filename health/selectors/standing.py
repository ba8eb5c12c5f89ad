"""One customer's score, explained."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from health.calculations.scorecard import ScorecardRules, rules_from_config
from health.calculations.scoring import combine, round_to_sum
from health.models import Run, Score, ScorecardVersion


@dataclass(frozen=True, slots=True)
class Part:
    """A measure's part in a score. `points` is None where it is missing."""

    key: str
    value: float
    before: float
    subscore: float | None
    freshness: float
    share: float  # of the weight that counted, 0..1
    points: int | None  # rounded so that the parts add up
    applies: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score and all its parts, strongest drag first."""

    as_of: dt.date
    score: float
    coverage: float
    band: int
    parts: list[Part]


def latest_run() -> Run | None:
    """This will return the newest finished run that the pages show. One query."""
    return (
        Run.objects.exclude(kind="backfill")
        .filter(state="done")
        .select_related("scorecard_version__scorecard")
        .order_by("-started_at", "-id")
        .first()
    )


def explanation(*, customer_id: int, as_of: dt.date) -> Explanation | None:
    """This will explain the score of a day: 50 plus the points gives the score.

    The shown points are rounded by largest remainder. Costs two queries.
    """
    score = Score.objects.filter(customer_id=customer_id, as_of=as_of).first()
    if score is None:
        return None
    version = ScorecardVersion.objects.get(pk=score.scorecard_version_id)
    return explain(score, rules_from_config(version.config))


def explain(score: Score, rules: ScorecardRules) -> Explanation:
    """This will derive the parts of a stored score from its arrays."""
    sub = np.array([score.subscores], dtype=np.float64)
    fresh = np.array([score.freshness], dtype=np.float64)
    result = combine(sub, fresh, rules.weights)
    pull = result.contributions[0]
    known = ~np.isnan(sub[0]) & (np.nan_to_num(fresh[0]) > 0)
    total = round(float(score.score)) - 50 if known.any() else 0
    rounded = round_to_sum([float(pull[i]) for i in np.flatnonzero(known)], total)
    points = dict(zip(np.flatnonzero(known).tolist(), rounded, strict=True))
    weight = rules.weights * np.nan_to_num(fresh[0]) * known
    parts = [
        Part(
            key=line.key,
            value=score.values[index],
            before=score.before[index],
            subscore=None if np.isnan(sub[0, index]) else float(sub[0, index]),
            freshness=float(np.nan_to_num(fresh[0, index])),
            share=float(weight[index] / weight.sum()) if weight.sum() else 0.0,
            points=points.get(index),
            applies=not np.isnan(fresh[0, index]),
        )
        for index, line in enumerate(rules.measures)
    ]
    parts.sort(key=lambda part: (part.points is None, part.points or 0, part.key))
    return Explanation(score.as_of, score.score, score.coverage, score.band, parts)
