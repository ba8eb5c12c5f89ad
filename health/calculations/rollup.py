"""A parent's score from its children's.

    mean     the mean of their scores
    revenue  Σ revenue · score / Σ revenue; the mean where none of them pays anything
    worst    the lowest

Children whose band is unknown do not count, and a parent without any that count keeps its
own score. The deepest parents come first, so that a child's score is final when its parent
looks at it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.scoring import Floats

OWN, MEAN, REVENUE, WORST = "own", "mean", "revenue", "worst"
UNKNOWN, AT_RISK, WATCH, HEALTHY = 0, 1, 2, 3
DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Family:
    """n customers, sorted by id, with what counts when they are rolled up."""

    ids: NDArray[np.int64]
    parents: NDArray[np.int64]  # the parent's id, 0 for none
    scores: Floats
    bands: NDArray[np.int16]
    revenue: Floats
    fixed: NDArray[np.bool_]  # set by hand: stays
    how: NDArray[np.str_]  # of the scorecard of each
    red: Floats  # border between at risk and watch
    amber: Floats  # border between watch and healthy


def of_children(how: str, scores: Floats, revenue: Floats) -> float:
    """This will roll the scores of children up that are all known, at least one."""
    if how == WORST:
        return float(scores.min())
    if how == REVENUE and revenue.sum() > 0:
        return float((scores * revenue).sum() / revenue.sum())
    return float(scores.mean())


def roll_up(family: Family) -> tuple[Floats, NDArray[np.int16], NDArray[np.bool_]]:
    """This will return final scores and bands, (n,) each, and who was rolled up.

    Parents that are their own ancestors keep their scores. Cost: some passes over n
    numbers per level of the deepest family.
    """
    scores, bands = family.scores.copy(), family.bands.copy()
    rolled = np.zeros(len(scores), dtype=np.bool_)
    place = _places(family)
    depth = _depths(place)
    may = ~family.fixed & (family.how != OWN)
    for level in range(int(depth.max(initial=0)), 0, -1):
        children = np.flatnonzero((depth == level) & (bands != UNKNOWN))
        over = place[children]
        children, over = children[may[over]], over[may[over]]
        parents, which = np.unique(over, return_inverse=True)
        given = _grouped(family, scores[children], children, which, parents)
        scores[parents], rolled[parents] = given, True
        red, amber = family.red[parents], family.amber[parents]
        band = np.where(given < red, AT_RISK, np.where(given < amber, WATCH, HEALTHY))
        bands[parents] = band
    return scores, bands, rolled


def _grouped(
    family: Family,
    scores: Floats,
    children: NDArray[np.intp],
    which: NDArray[np.intp],
    parents: NDArray[np.intp],
) -> Floats:
    size, how = len(parents), family.how[parents]
    lowest = np.full(size, np.inf)
    np.minimum.at(lowest, which, scores)
    mean = np.bincount(which, scores, size) / np.bincount(which, minlength=size)
    paid = np.bincount(which, family.revenue[children], size)
    weighted = np.bincount(which, family.revenue[children] * scores, size)
    by_revenue = np.divide(weighted, paid, out=mean.copy(), where=paid > 0)
    return np.where(how == WORST, lowest, np.where(how == REVENUE, by_revenue, mean))


def _places(family: Family) -> NDArray[np.intp]:
    """This will return where each one's parent stands, −1 for none or one not there."""
    ids, parents = family.ids, family.parents
    if not len(ids):
        return np.zeros(0, dtype=np.intp)
    found = np.minimum(np.searchsorted(ids, parents), len(ids) - 1)
    return np.where((parents > 0) & (ids[found] == parents), found, -1)


def _depths(place: NDArray[np.intp]) -> NDArray[np.intp]:
    """This will count each one's ancestors; −1 where they never end."""
    depth = np.zeros(len(place), dtype=np.intp)
    above = place.copy()
    for _ in range(DEEPEST):
        climbing = above >= 0
        if not climbing.any():
            return depth
        depth[climbing] += 1
        above[climbing] = place[above[climbing]]
    depth[above >= 0] = -1
    return depth
