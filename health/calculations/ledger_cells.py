"""The steps of the ledger: what each measure puts into a score, from one day to another.

A day's score is made of cells, one per measure. Between two days lie the states of all
cells after new data, after ageing, and after another scorecard.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from health.calculations.scorecard import ScorecardRules, ScoredMeasure
from health.calculations.scoring import Anchors, freshness, subscores

SAME_WEIGHT = 1e-9
DAYS_IN_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class Datum:
    """What a measure read on a day: NaN where missing, a negative age for no age.

    `late` are the days its source is late.
    """

    value: float
    age: int
    late: int = 0


NOTHING_READ = Datum(float("nan"), -2)


@dataclass(frozen=True, slots=True)
class Side:
    """A customer on a day: what was read, in the layout's order, and by which rules.

    `fixed` is the score that counts instead of the formula's; `unknown` says that the
    day has no band.
    """

    day: int  # ordinal
    tenure: int  # days
    data: Mapping[str, Datum]
    rules: ScorecardRules
    fixed: float | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What a measure puts into the score: its weight times freshness, and its points."""

    mass: float
    points: float


NOTHING = Cell(0.0, 0.0)


def cells_score(cells: Sequence[Cell]) -> float | None:
    """This will return the score of some cells; None where nothing counts."""
    total = sum(cell.mass for cell in cells)
    if total <= 0:
        return None
    return sum(cell.mass * cell.points for cell in cells) / total


def cell_states(first: Side, last: Side, keys: Sequence[str]) -> list[list[Cell]]:
    """This will return the cells at the start and after data, freshness, scorecard."""
    old = {line.key: line for line in first.rules.measures}
    new = {line.key: line for line in last.rules.measures}
    weight = _weights(old, new)
    months = last.tenure / DAYS_IN_MONTH
    states: list[list[Cell]] = [[], [], [], []]
    for key in keys:
        line = old.get(key)
        was = first.data.get(key, NOTHING_READ)
        now = last.data.get(key, NOTHING_READ)
        start = _cell(was, line, first.tenure / DAYS_IN_MONTH)
        aged = _cell(now, line, months)
        read = _read_anew(was, now, last.day - first.day) or _older(line, first, last)
        states[0].append(start)
        states[1].append(aged if read else start)
        states[2].append(aged)
        states[3].append(_cell(now, new.get(key), months, weight.get(key)))
    return states


def _cell(
    datum: Datum, line: ScoredMeasure | None, months: float, weight: float | None = None
) -> Cell:
    """This will score one measure as `health.scoring` does for whole columns."""
    if line is None or datum.age < 0 or datum.age > line.freshness.maximum:
        return NOTHING
    held = np.array([max(datum.age - datum.late, 0)], dtype=np.float64)
    mass = line.weight if weight is None else weight
    mass *= float(freshness(held, line.freshness)[0])
    points = float(subscores(np.array([datum.value]), anchors_at(line, months))[0])
    return Cell(mass, points) if mass > 0 and not np.isnan(points) else NOTHING


def anchors_at(line: ScoredMeasure, months: float) -> Anchors:
    """This will return the anchors for a customer of so many months."""
    steps = (step.anchors for step in line.by_age if months < step.until_months)
    return next(steps, line.anchors)


def _read_anew(was: Datum, now: Datum, days: int) -> bool:
    """This will tell new data from the same data grown old."""
    if was.value != now.value and not (np.isnan(was.value) and np.isnan(now.value)):
        return True
    if (was.age < 0) or (now.age < 0):
        return was.age != now.age
    return now.age < was.age + days


def _older(line: ScoredMeasure | None, first: Side, last: Side) -> bool:
    """This will be true where the customer has passed an age step of the anchors."""
    if line is None:
        return False
    ages = (side.tenure / DAYS_IN_MONTH for side in (first, last))
    before, after = (anchors_at(line, months) for months in ages)
    return before != after


def _weights(
    old: Mapping[str, ScoredMeasure], new: Mapping[str, ScoredMeasure]
) -> dict[str, float]:
    """This will return the new weights on the old scale.

    Scaling all weights changes no score, and one measure more takes a share from every
    other. So the factor that most of the weight has in common is taken out, and what is
    left are the measures that were really weighed anew.
    """
    both = [key for key in old if key in new and old[key].weight and new[key].weight]
    ratios = {key: new[key].weight / old[key].weight for key in both}

    def shared(key: str) -> float:
        return sum(
            old[k].weight
            for k in both
            if abs(ratios[k] / ratios[key] - 1) < SAME_WEIGHT
        )

    scale = ratios[max(both, key=shared)] if both else 1.0
    weights = {key: line.weight / scale for key, line in new.items()}
    for key in both:
        if abs(ratios[key] / scale - 1) < SAME_WEIGHT:
            weights[key] = old[key].weight
    return weights
