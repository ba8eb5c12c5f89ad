"""What a person with a list finds: the customers at its top, day by day.

A person can call so many customers; of each day the highest scores are taken. Where the
last place is shared by equals, each is taken in part, so no figure depends on how rows
happen to be sorted.
"""

from collections.abc import Callable

import numpy as np

from health.calculations.accuracy.ranking import (
    Places,
    by_day,
    descending,
    quotient,
)
from health.calculations.accuracy.resampling import Bools, Figure, Ints
from health.calculations.scoring import Floats

TOP = 0.1
# Weights (b, n) → amounts found, amounts in all, weight taken; each (b,).
Catching = Callable[[Floats], tuple[Floats, Floats, Floats]]


def lift(score: Floats, left: Bools, day: Ints, share: float = TOP) -> Figure:
    """This will prepare how many times as many leave in the top share as on average."""
    caught = _caught(score, left.astype(np.float64), day, share=share)

    def figure(weights: Floats) -> Floats:
        found, gone, taken = caught(weights)
        return quotient(quotient(found, taken), quotient(gone, weights.sum(axis=1)))

    return figure


def precision(score: Floats, left: Bools, day: Ints, calls: int) -> Figure:
    """This will prepare which share of the `calls` highest of each day leaves."""
    caught = _caught(score, left.astype(np.float64), day, calls=calls)

    def figure(weights: Floats) -> Floats:
        found, _, taken = caught(weights)
        return quotient(found, taken)

    return figure


def recall(score: Floats, left: Bools, day: Ints, calls: int) -> Figure:
    """This will prepare which share of all leavers is among the `calls` of each day."""
    caught = _caught(score, left.astype(np.float64), day, calls=calls)

    def figure(weights: Floats) -> Floats:
        found, gone, _ = caught(weights)
        return quotient(found, gone)

    return figure


def revenue_caught(
    score: Floats, left: Bools, mrr: Floats, day: Ints, calls: int
) -> Figure:
    """This will prepare which share of the revenue that left is among the `calls`."""
    caught = _caught(score, left * mrr, day, calls=calls)

    def figure(weights: Floats) -> Floats:
        found, gone, _ = caught(weights)
        return quotient(found, gone)

    return figure


def median_lead(lead: Floats) -> Figure:
    """This will prepare the median lead time in days; NaN where nobody was warned."""
    order = np.argsort(lead, kind="stable")
    ranked = lead[order]

    def figure(weights: Floats) -> Floats:
        if not len(ranked):
            return np.full(len(weights), np.nan)
        heap = np.cumsum(weights[:, order], axis=1)
        half = heap[:, -1:] / 2
        first = (heap < half).sum(axis=1)
        # Exactly in the middle, as with equal weights, both neighbours count.
        after = np.minimum((heap <= half).sum(axis=1), len(ranked) - 1)
        return np.asarray((ranked[first] + ranked[after]) / 2)

    return figure


def lead_times(
    customer: Ints, day: Ints, left_after: Ints, left: Bools, red: Bools
) -> tuple[Ints, Floats]:
    """This will return who was red on the last day before leaving, and for how many days.

    Counted to the day of leaving from the first of the unbroken row of red days before
    it. Rows in any order; one customer once a day. Cost: one sort.
    """
    order = np.lexsort((day, customer))
    who, when, alarm = customer[order], day[order], red[order]
    begins = np.ones(len(who), dtype=bool)
    begins[1:] = (who[1:] != who[:-1]) | ~alarm[:-1]
    since = when[np.maximum.accumulate(np.where(begins, np.arange(len(who)), 0))]
    last = np.ones(len(who), dtype=bool)
    last[:-1] = who[1:] != who[:-1]
    rows = last & alarm & left[order]
    lead = when[rows] + left_after[order][rows].astype(np.int64) - since[rows]
    return who[rows], lead.astype(np.float64)


def _caught(
    score: Floats,
    amount: Floats,
    day: Ints,
    *,
    share: float = TOP,
    calls: int | None = None,
) -> Catching:
    """This will prepare amounts found, amounts in all and weight taken, each (b,)."""
    parts = []
    for rows in by_day(day, len(score)):
        here = share if calls is None else min(1.0, calls / max(1, len(rows)))
        parts.append(_top(score, amount, rows, here))

    def catch(weights: Floats) -> tuple[Floats, Floats, Floats]:
        found, everything, taken = np.sum([part(weights) for part in parts], axis=0)
        return found, everything, taken

    return catch


def _top(score: Floats, amount: Floats, rows: Places, share: float) -> Catching:
    """This will prepare the same for one day: the share of its weight that ranks highest."""
    order, ends = descending(score[rows])
    ranked = rows[order]

    def catch(weights: Floats) -> tuple[Floats, Floats, Floats]:
        taken, found = _zero(weights, len(ends)), _zero(weights, len(ends))
        mine = weights[:, ranked]
        taken[:, 1:] = np.cumsum(mine, axis=1)[:, ends]
        found[:, 1:] = np.cumsum(mine * amount[ranked], axis=1)[:, ends]
        most = share * taken[:, -1]
        draw = np.arange(len(weights))
        after = np.clip((taken < most[:, None]).sum(axis=1), 1, len(ends))
        low, high = taken[draw, after - 1], taken[draw, after]
        part = (most - low) / (high - low)
        step = found[draw, after] - found[draw, after - 1]
        return found[draw, after - 1] + part * step, found[:, -1], most

    return catch


def _zero(weights: Floats, groups: int) -> Floats:
    return np.zeros((len(weights), groups + 1))
