"""How well the score and the model do within a segment, or a plan."""

from dataclasses import dataclass

import numpy as np

from health.calculations.accuracy.looked_at import LookedAt
from health.calculations.accuracy.ranking import auc
from health.calculations.accuracy.report import Verdict, verdict
from health.calculations.accuracy.resampling import Ints, ranges
from health.calculations.backtest import Range
from health.calculations.scoring import Floats


@dataclass(frozen=True, slots=True)
class Area:
    """The area under one curve, and what it allows to be said."""

    auc: Range | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Group:
    """Customers of a segment or a plan, by its id; 0 for none."""

    key: int
    cases: int
    leavers: int
    score: Area
    model: Area | None  # None without a model


def groups(
    looked: LookedAt, score: Floats, group: Ints, *, seed: int, resamples: int
) -> tuple[Group, ...]:
    """This will measure every group apart, the one with the most leavers first.

    `score` (n,) is higher where leaving is likelier, NaN where it is not known.
    """
    found = []
    for key in np.unique(group).tolist():
        mine = looked.chosen(group == key)
        model = None
        if looked.modelled:
            model = area(mine, mine.p, seed=seed, resamples=resamples)
        found.append(
            Group(
                int(key),
                len(mine.p),
                int(mine.cases.left.sum()),
                area(mine, score[group == key], seed=seed, resamples=resamples),
                model,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.leavers, -one.cases, one.key)))


def area(looked: LookedAt, column: Floats, *, seed: int, resamples: int) -> Area:
    """This will measure one column on the rows where it is known; few say nothing."""
    known = ~np.isnan(column)
    cases = looked.cases.chosen(known)
    leavers = int(cases.left.sum())
    if verdict(Range(0.0, 0.0, 0.0), leavers) == Verdict.FEW:
        return Area(None, Verdict.FEW)
    (found,) = ranges(
        [auc(column[known], cases.left, cases.day)],
        cases.customer,
        seed=seed,
        resamples=resamples,
    )
    return Area(found, verdict(found, leavers))
