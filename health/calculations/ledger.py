"""Why a score moved: the difference of two days, split to the last digit.

One measure after the other takes on what it was on the later day, and each change of the
score on the way is a line, so the lines telescope to the difference whatever happened:

1. data: a measure with another value, or one read anew, takes its new value and age;
2. freshness: what was not read anew has aged;
3. scorecard: weights, anchors and freshness rules of the later version, per measure;
4. by hand: a score that a person, or the children of a parent, set.

Nothing at all to score counts as 50, where every score starts. Docs: ADR 0018.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from health.calculations.scorecard import ScorecardRules, ScoredMeasure
from health.calculations.scoring import Anchors, freshness, round_to_sum, subscores

DATA, FRESHNESS, SCORECARD = "data", "freshness", "scorecard"
BY_HAND, KNOWN, CHILD = "by_hand", "known", "child"
# Where every score starts: 50 plus the contributions.
START = 50.0
# Less than this is the rounding of floating point.
TINY = 1e-12
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
class Line:
    """A step, the key of its measure (or child), and the points it moved the score by."""

    step: str
    key: str
    change: float


@dataclass(frozen=True, slots=True)
class Ledger:
    """Two scores and the lines between them; None is no score at all, and counts as 50."""

    first: float | None
    last: float | None
    lines: tuple[Line, ...]

    @property
    def difference(self) -> float:
        return _or_start(self.last) - _or_start(self.first)

    def shown(self) -> list[int]:
        """This will return whole points per line: they add up to the shown difference."""
        total = round(_or_start(self.last)) - round(_or_start(self.first))
        moved = [line.change for line in self.lines if line.change]
        whole = iter(round_to_sum(moved, total) if moved else ())
        return [next(whole) if line.change else 0 for line in self.lines]


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a measure puts into the score: its weight times freshness, and its points."""

    mass: float
    points: float


NOTHING = _Cell(0.0, 0.0)


def ledger(first: Side, last: Side) -> Ledger:
    """This will split the difference between two days of a customer into lines.

    Cost: four small evaluations per measure. An unchanged measure has no line.
    """
    keys = [*last.data, *(key for key in first.data if key not in last.data)]
    states = _states(first, last, keys)
    before, after = _score(states[0]), _score(states[-1])
    lines: list[Line] = []
    if before is not None and after is not None:
        lines = _walk(keys, states)
    elif before is not after:
        lines = [Line(KNOWN, "", _or_start(after) - _or_start(before))]
    # The band went or came, whatever the points say: too little, or enough, is known.
    if first.unknown != last.unknown and not any(x.step == KNOWN for x in lines):
        lines.append(Line(KNOWN, "", 0.0))
    given = _given(last, after) - _given(first, before)
    if abs(given) > TINY:
        lines.append(Line(BY_HAND, "", given))
    return Ledger(
        before if first.fixed is None else first.fixed,
        after if last.fixed is None else last.fixed,
        tuple(lines),
    )


def _or_start(score: float | None) -> float:
    return START if score is None else score


def _given(side: Side, computed: float | None) -> float:
    return 0.0 if side.fixed is None else side.fixed - _or_start(computed)


def _walk(keys: Sequence[str], states: Sequence[list[_Cell]]) -> list[Line]:
    """This will replace cell by cell, state by state, and note each change."""
    cells = list(states[0])
    here = _or_start(_score(cells))
    lines = []
    for step, state in zip((DATA, FRESHNESS, SCORECARD), states[1:], strict=True):
        for place, key in enumerate(keys):
            if cells[place] == state[place]:
                continue
            cells[place] = state[place]
            there = _or_start(_score(cells))
            if abs(there - here) > TINY:
                lines.append(Line(step, key, there - here))
            here = there
    return lines


def _score(cells: Sequence[_Cell]) -> float | None:
    total = sum(cell.mass for cell in cells)
    if total <= 0:
        return None
    return sum(cell.mass * cell.points for cell in cells) / total


def _states(first: Side, last: Side, keys: Sequence[str]) -> list[list[_Cell]]:
    """This will return the cells at the start and after data, freshness, scorecard."""
    old = {line.key: line for line in first.rules.measures}
    new = {line.key: line for line in last.rules.measures}
    weight = _weights(old, new)
    months = last.tenure / DAYS_IN_MONTH
    states: list[list[_Cell]] = [[], [], [], []]
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
) -> _Cell:
    """This will score one measure as `health.scoring` does for whole columns."""
    if line is None or datum.age < 0 or datum.age > line.freshness.maximum:
        return NOTHING
    held = np.array([max(datum.age - datum.late, 0)], dtype=np.float64)
    mass = line.weight if weight is None else weight
    mass *= float(freshness(held, line.freshness)[0])
    points = float(subscores(np.array([datum.value]), anchors_at(line, months))[0])
    return _Cell(mass, points) if mass > 0 and not np.isnan(points) else NOTHING


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
