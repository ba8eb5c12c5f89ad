"""One customer's score, explained."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from health.calculations.scorecard import ScorecardRules, rules_from_config
from health.calculations.scoring import round_to_sum
from health.models import Run, Score
from health.readings import Readings, unpack
from health.scoring import ScoredFrame, score_readings


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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A kept score with everything it was computed from; its frame has one row."""

    score: Score
    readings: Readings
    rules: ScorecardRules
    late: dict[str, int]
    frame: ScoredFrame


def snapshot(*, customer_id: int, as_of: dt.date) -> Snapshot | None:
    """This will return the score of a day with what is behind it. One query."""
    rows = Score.objects.filter(customer_id=customer_id, as_of=as_of)
    score = rows.select_related("run", "scorecard_version__scorecard").first()
    return None if score is None else snapshot_of(score)


def snapshot_of(score: Score) -> Snapshot:
    """This will score a row's kept readings again: the same numbers come out."""
    readings = unpack(
        score.run.parameters["measures"],
        [bytes(score.values)],
        [bytes(score.before)],
        [bytes(score.ages)],
        [score.tenure],
    )
    rules = rules_from_config(score.scorecard_version.config)
    late = score.run.parameters.get("late", {})
    return Snapshot(
        score, readings, rules, late, score_readings(readings, rules, late=late)
    )


def explanation(*, customer_id: int, as_of: dt.date) -> Explanation | None:
    """This will explain the score of a day: 50 plus the points gives what was computed.

    The shown points are rounded by largest remainder. Costs one query.
    """
    found = snapshot(customer_id=customer_id, as_of=as_of)
    return None if found is None else explain(found)


def explain(found: Snapshot) -> Explanation:
    """This will put the parts of a score in order."""
    frame, score = found.frame, found.score
    sub, fresh = frame.subscore[0], frame.freshness[0]
    pull = frame.result.contributions[0]
    known = ~np.isnan(sub) & (np.nan_to_num(fresh) > 0)
    total = round(float(score.computed)) - 50 if known.any() else 0
    rounded = round_to_sum([float(pull[i]) for i in np.flatnonzero(known)], total)
    points = dict(zip(np.flatnonzero(known).tolist(), rounded, strict=True))
    weight = found.rules.weights(found.readings.layout) * np.nan_to_num(fresh) * known
    parts = [
        Part(
            key=key,
            value=float(found.readings.value[0, index]),
            before=float(found.readings.before[0, index]),
            subscore=None if np.isnan(sub[index]) else float(sub[index]),
            freshness=float(np.nan_to_num(fresh[index])),
            share=float(weight[index] / weight.sum()) if weight.sum() else 0.0,
            points=points.get(index),
            applies=not np.isnan(fresh[index]),
        )
        for index, key in enumerate(found.readings.layout)
        if found.rules.line(key)
    ]
    parts.sort(key=lambda part: (part.points is None, part.points or 0, part.key))
    return Explanation(score.as_of, score.score, score.coverage, score.band, parts)
