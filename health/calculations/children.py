"""Why a score moved that is rolled up from children: child by child."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from health.calculations.ledger import CHILD, SCORECARD, TINY, Ledger, Line


@dataclass(frozen=True, slots=True)
class Child:
    """A child of a rolled-up parent on a day: its score and what it weighs."""

    score: float
    weight: float = 1.0


# What rolls children up: health.calculations.rollup.
RollUp = Callable[[Sequence[Child]], float]


def roll_up_ledger(
    first: Mapping[int, Child],
    last: Mapping[int, Child],
    *,
    before: RollUp,
    after: RollUp,
) -> Ledger:
    """This will split a rolled-up parent's difference into lines of its children.

    In the order of their ids each child takes on its later score and weight; a child that
    came or went has a line too. `before` and `after` are the ways of rolling up on either
    day; another way is a line of the scorecard. Both days need a child.
    """
    present = dict(first)
    here = before(list(first.values()))
    start, lines = here, []
    # Those who stay or come are taken in before any leaves: somebody is always there.
    for key in [*sorted(last), *sorted(set(first) - set(last))]:
        if key in last:
            present[key] = last[key]
        else:
            del present[key]
        there = before([present[k] for k in sorted(present)])
        if abs(there - here) > TINY:
            lines.append(Line(CHILD, str(key), there - here))
        here = there
    there = after([last[k] for k in sorted(last)])
    if abs(there - here) > TINY:
        lines.append(Line(SCORECARD, "", there - here))
    return Ledger(start, there, tuple(lines))
