"""Are those who leave ranked above those who stay?

Scores may be anything that is higher where leaving is likelier. With `day`, only customers
of the same day are compared: that is what a person with a list does, and a model does not
earn anything by knowing that a whole month was bad.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from health.calculations.accuracy.resampling import Bools, Figure, Ints
from health.calculations.scoring import Floats

Places = NDArray[np.intp]
Counting = Callable[[Floats], tuple[Floats, Floats]]


def auc(score: Floats, left: Bools, day: Ints | None = None) -> Figure:
    """This will prepare the area under the ROC curve: how often a leaver ranks higher.

    Of all pairs of a leaver and a stayer (of the same day), the share in which the leaver
    has the higher score; ties count half (Hanley & McNeil, Radiology 143, 1982). NaN where
    there is no pair. Cost: one sort, then a running sum a draw.
    """
    parts = [_pairs(score, left, rows) for rows in by_day(day, len(score))]

    def figure(weights: Floats) -> Floats:
        won, pairs = np.zeros(len(weights)), np.zeros(len(weights))
        for part in parts:
            won_here, pairs_here = part(weights)
            won, pairs = won + won_here, pairs + pairs_here
        return quotient(won, pairs)

    return figure


def average_precision(score: Floats, left: Bools) -> Figure:
    """This will prepare the average precision, Σ (R_k − R_{k−1})·P_k over thresholds k.

    Of equal scores all are taken at once. NaN where nobody left. By chance it is the share
    that leaves (Davis & Goadrich, ICML 2006, on why not to join the points by lines).
    """
    order, ends = descending(score)
    gone = left[order]

    def figure(weights: Floats) -> Floats:
        ranked = weights[:, order]
        found = np.cumsum(ranked * gone, axis=1)[:, ends]
        taken = np.cumsum(ranked, axis=1)[:, ends]
        steps = np.diff(found, axis=1, prepend=0.0)
        return quotient((steps * found / taken).sum(axis=1), found[:, -1])

    return figure


def descending(score: Floats) -> tuple[Places, Places]:
    """This will order rows by falling score, and say where each run of equals ends."""
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    last = np.append(ranked[1:] != ranked[:-1], True)
    return order, np.flatnonzero(last)


def by_day(day: Ints | None, size: int) -> Iterator[Places]:
    """This will yield the rows of one day after the other; all at once without days."""
    if day is None:
        yield np.arange(size)
        return
    order = np.argsort(day, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(day[order])) + 1)


def quotient(above: Floats, below: Floats) -> Floats:
    """This will divide, with NaN where nothing is below the line."""
    undefined = np.full(len(above), np.nan)
    return np.asarray(np.divide(above, below, out=undefined, where=below > 0))


def _pairs(score: Floats, left: Bools, rows: Places) -> Counting:
    """This will prepare counting, in weights, the pairs that are won and all pairs."""
    gone, here = rows[left[rows]], rows[~left[rows]]
    here = here[np.argsort(score[here], kind="stable")]
    first = np.searchsorted(score[here], score[gone], side="left")
    last = np.searchsorted(score[here], score[gone], side="right")

    def count(weights: Floats) -> tuple[Floats, Floats]:
        below = np.zeros((len(weights), len(here) + 1))
        np.cumsum(weights[:, here], axis=1, out=below[:, 1:])
        mine = weights[:, gone]
        won = (mine * (below[:, first] + below[:, last])).sum(axis=1) / 2
        return won, mine.sum(axis=1) * below[:, -1]

    return count
