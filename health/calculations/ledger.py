"""Why a score moved: the difference of two days, split to the last digit.

One measure after the other takes on what it was on the later day, and each change of the
score on the way is a line, so the lines telescope to the difference whatever happened:

1. data: a measure with another value, or one read anew, takes its new value and age;
2. freshness: what was not read anew has aged;
3. scorecard: weights, anchors and freshness rules of the later version, per measure;
4. by hand: a score that a person, or the children of a parent, set.

Nothing at all to score counts as 50, where every score starts. Docs: ADR 0018.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from health.calculations.ledger_cells import Cell, Side, cell_states, cells_score
from health.calculations.scoring import round_to_sum

DATA, FRESHNESS, SCORECARD = "data", "freshness", "scorecard"
BY_HAND, KNOWN, CHILD = "by_hand", "known", "child"
# Where every score starts: 50 plus the contributions.
START = 50.0
# Less than this is the rounding of floating point.
TINY = 1e-12


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


def ledger(first: Side, last: Side) -> Ledger:
    """This will split the difference between two days of a customer into lines.

    Cost: four small evaluations per measure. An unchanged measure has no line.
    """
    keys = [*last.data, *(key for key in first.data if key not in last.data)]
    states = cell_states(first, last, keys)
    before, after = cells_score(states[0]), cells_score(states[-1])
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


def _walk(keys: Sequence[str], states: Sequence[list[Cell]]) -> list[Line]:
    """This will replace cell by cell, state by state, and note each change."""
    cells = list(states[0])
    here = _or_start(cells_score(cells))
    lines = []
    for step, state in zip((DATA, FRESHNESS, SCORECARD), states[1:], strict=True):
        for place, key in enumerate(keys):
            if cells[place] == state[place]:
                continue
            cells[place] = state[place]
            there = _or_start(cells_score(cells))
            if abs(there - here) > TINY:
                lines.append(Line(step, key, there - here))
            here = there
    return lines
