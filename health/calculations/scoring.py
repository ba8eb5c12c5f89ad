"""From a measure's value to a health score.

    H = Σ w·f·s / Σ w·f        score, 0 to 100
    K = Σ w·f / Σ w            coverage, 0 to 1
    c = w·f·(s − 50) / Σ w·f   contribution of a measure, so that H = 50 + Σ c

with s the sub-score (0 to 100), f the freshness (0 to 1) and w the weight. A measure that
does not apply leaves both sums; one that applies but is missing stays in the denominator
of the coverage, so silence can never look like health.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Anchors = tuple[float, float, float, float]

# What a value at each anchor is worth; warn and good are the borders of the bands.
ANCHOR_SCORES = (0.0, 50.0, 70.0, 100.0)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How long a value counts in full, its half-life after that, and its end, in days."""

    full: float
    half_life: float
    maximum: float


@dataclass(frozen=True, slots=True)
class ScoreColumns:
    """Scores of n customers by m measures; NaN where there is none."""

    score: Floats  # (n,) 0..100, NaN without any data
    coverage: Floats  # (n,) 0..1
    contributions: Floats  # (n, m) points, 0 where a measure says nothing


def subscores(values: Floats, anchors: Anchors) -> Floats:
    """This will map values to 0..100 by straight lines between the four anchors.

    The anchors run from worst to best and may rise or fall; NaN stays NaN.
    """
    points = np.asarray(anchors, dtype=np.float64)
    if points[0] > points[-1]:
        points, values = -points, -values
    if np.any(np.diff(points) < 0):
        msg = f"Anchors must run in one direction, not {anchors}."
        raise ValueError(msg)
    return np.interp(values, points, ANCHOR_SCORES)


def freshness(ages: Floats, rule: Freshness) -> Floats:
    """This will return 1 up to the full age, then halve per half-life, 0 past the maximum.

    Ages are in days; NaN (no age known) gives 0.
    """
    over = np.maximum(ages - rule.full, 0.0)
    factor = np.exp2(-over / rule.half_life)
    return np.where(np.isnan(ages) | (ages > rule.maximum), 0.0, factor)


def combine(subscore: Floats, fresh: Floats, weights: Floats) -> ScoreColumns:
    """This will combine sub-scores (n, m), freshness (n, m) and weights (m,).

    NaN in `fresh` marks a measure that does not apply, NaN in `subscore` one that is
    missing. One measure after the other, so that the sums of a customer are the same to
    the last bit alone and among thousands. Cost: two passes over n·m numbers.
    """
    size, width = subscore.shape
    asked, total, points = np.zeros(size), np.zeros(size), np.zeros(size)
    parts = np.zeros((width, size))
    for index, weight in enumerate(weights):
        applies = ~np.isnan(fresh[:, index])
        known = applies & ~np.isnan(subscore[:, index])
        np.multiply(fresh[:, index], weight, out=parts[index], where=known)
        asked += np.where(applies, weight, 0.0)
        total += parts[index]
        points += parts[index] * np.where(known, subscore[:, index], 0.0)
    scored = total > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.where(scored, points / total, np.nan)
        coverage = np.where(asked > 0, total / asked, 0.0)
        for index, part in enumerate(parts):
            share = np.where(scored & (part > 0), part / total, 0.0)
            part[:] = share * np.where(part > 0, subscore[:, index] - 50.0, 0.0)
    return ScoreColumns(score, coverage, parts.T)


def bands(
    score: Floats, coverage: Floats, *, at_risk: float, watch: float, floor: float
) -> NDArray[np.int16]:
    """This will give 1 (at risk), 2 (watch), 3 (healthy), or 0 (unknown) per customer.

    Below the coverage floor the band is unknown whatever the score says.
    """
    known = ~np.isnan(score) & (coverage >= floor)
    band = np.where(score < at_risk, 1, np.where(score < watch, 2, 3))
    return np.where(known, band, 0).astype(np.int16)


def round_to_sum(parts: list[float], total: int) -> list[int]:
    """This will round parts to whole numbers that add up to the total.

    Largest remainder: each part is rounded down, and those that lost most get one back.
    """
    floors = [int(np.floor(part)) for part in parts]
    missing = total - sum(floors)
    order = sorted(range(len(parts)), key=lambda i: (floors[i] - parts[i], i))
    step = 1 if missing > 0 else -1
    if missing < 0:
        order.reverse()
    for turn in range(abs(missing)):
        floors[order[turn % len(order)]] += step
    return floors
