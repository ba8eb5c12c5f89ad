"""What stands beside each other: scores, the model, and two lists anybody can sort.

All on the same customers and days. Every column is higher where leaving is likelier; what
is not known is NaN, and left out and counted.
"""

from dataclasses import dataclass

import numpy as np

from health.calculations.accuracy.looked_at import LookedAt
from health.calculations.accuracy.report import Ranked, auc_difference, ranked
from health.calculations.backtest import Range
from health.calculations.scoring import Floats

IN_USE, MODEL, MRR, RENEWAL = "in_use", "model", "mrr", "renewal"


@dataclass(frozen=True, slots=True)
class Contender:
    """One way of putting customers in order.

    `key` is one of the names above, or the id of a scorecard version. `apart` is how far
    the model's area under the curve lies above this one's, on the same cases.
    """

    key: str
    ranked: Ranked
    unknown: int  # cases left out
    apart: Range | None


def columns_of(looked: LookedAt) -> dict[str, Floats]:
    """This will return the column of every contender, the score in use first.

    Versions that say the same as another of them are left out.
    """
    frames = looked.frames
    scores = {name: -score for name, score in frames.scores.items()}
    found: dict[str, Floats] = {}
    for name in sorted(scores, key=lambda name: (name != IN_USE, name)):
        alike = (
            np.array_equal(scores[name], o, equal_nan=True) for o in found.values()
        )
        if not any(alike) and not np.isnan(scores[name]).all():
            found[name] = scores[name]
    if looked.modelled:
        found[MODEL] = looked.p
    days = frames.rows.renewal.astype(np.float64)
    # Whose renewal is not known stands at the end of such a list.
    found[RENEWAL] = np.where(days < 0, -np.inf, -days)
    return found | {MRR: frames.rows.mrr}


def contenders(
    looked: LookedAt, *, calls: int, seed: int, resamples: int
) -> tuple[Contender, ...]:
    """This will measure every contender; `looked` holds counted rows alone."""
    found = []
    for key, column in columns_of(looked).items():
        known = ~np.isnan(column)
        cases, score = looked.cases.chosen(known), column[known]
        order = ranked(cases, score, calls=calls, seed=seed, resamples=resamples)
        apart = None
        if looked.modelled and key != MODEL:
            apart = auc_difference(
                cases, looked.p[known], score, seed=seed, resamples=resamples
            )
        found.append(Contender(key, order, int((~known).sum()), apart))
    return tuple(found)
