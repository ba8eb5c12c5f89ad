"""Columns that a regression can take, from landmark rows.

Beside the features stand the facts of the contract: tenure, when it can be left, revenue,
plan, segment and billing interval. What is missing is filled with the median of training
and marked by a column of its own; a customer about whom nothing is known is then average,
and if not knowing tells something by itself, that is learnt too.

All that is learnt here (levels, medians, centres, scales) is learnt from the training rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.landmarks import MONTH_DAYS, Landmarks
from health.calculations.scoring import Floats

CHUNK = 16_384
# A category with fewer rows than this share of all is not told apart from the rest.
RARE, MOST_LEVELS = 0.01, 12
# No feature is further from the average than so many standard deviations: a single wild
# number may not decide.
FURTHEST = 5.0
# Above so many numbers the matrix is kept in single precision, to halve its memory.
LARGE = 20_000_000
CATEGORIES = ("plan", "segment", "interval")
CONTRACT = ("tenure", "renewal", "renewal", "mrr")
# Whether a contract can be left at all is a fact and no guess: held back this much less.
FREE = np.array([1.0, 4.0, 4.0, 1.0])


@dataclass(frozen=True, slots=True)
class Design:
    """k features and c facts of the contract become d columns."""

    horizon: int  # days
    names: tuple[str, ...]  # of the k features
    fill: tuple[float, ...]  # (k,) medians
    marked: tuple[int, ...]  # places of the features whose absence has a column
    levels: tuple[tuple[int, ...], ...]  # told apart, of each of CATEGORIES
    centre: tuple[float, ...]  # (d,)
    scale: tuple[float, ...]  # (d,); 0 for a column that never changes

    @property
    def groups(self) -> tuple[str, ...]:
        """The feature each column belongs to, (d,); its missing-indicator joins it."""
        categories = [
            name
            for name, found in zip(CATEGORIES, self.levels, strict=True)
            for _ in found
        ]
        marks = [self.names[place] for place in self.marked]
        return (*CONTRACT, *categories, *self.names, *marks)

    @property
    def behaviour(self) -> NDArray[np.bool_]:
        """Which columns come from features, and not from the contract, (d,)."""
        places = np.arange(len(self.centre))
        return np.asarray(places >= len(CONTRACT) + sum(map(len, self.levels)))

    def chunks(
        self, rows: Landmarks, size: int = CHUNK
    ) -> Iterator[tuple[slice, Floats]]:
        """This will yield the columns of some rows after others: the rows and (m, d)."""
        centre, scale = np.array(self.centre), np.array(self.scale)
        inverse = np.divide(1.0, scale, out=np.zeros_like(scale), where=scale > 0)
        inverse[: len(FREE)] *= FREE
        facts = int(np.sum(~self.behaviour))
        for start in range(0, len(rows), size):
            part = slice(start, min(start + size, len(rows)))
            columns = (_raw(self, rows, part) - centre) * inverse
            measured = columns[:, facts:]
            np.clip(measured, -FURTHEST, FURTHEST, out=measured)
            yield part, columns

    def matrix(self, rows: Landmarks) -> NDArray[np.floating[Any]]:
        """This will return all columns, (n, d), in single precision where they are many."""
        shape = (len(rows), len(self.centre))
        large = shape[0] * shape[1] > LARGE
        found = np.empty(shape, dtype=np.float32 if large else np.float64)
        for part, columns in self.chunks(rows):
            found[part] = columns
        return found


def learn_design(rows: Landmarks, *, horizon: int) -> Design:
    """This will learn levels, medians, centres and scales from training rows, n > 0.

    Cost: one median per feature and one pass over the rows.
    """
    known = np.isfinite(rows.features)
    some = known.any(axis=0) & ~known.all(axis=0)
    bare = Design(
        horizon,
        rows.names,
        tuple(
            _median(rows.features[known[:, place], place])
            for place in range(len(rows.names))
        ),
        tuple(np.flatnonzero(some).tolist()),
        tuple(_levels(getattr(rows, name)) for name in CATEGORIES),
        (),
        (),
    )
    del known
    centre, scale = _moments(bare, rows)
    return replace(bare, centre=tuple(centre.tolist()), scale=tuple(scale.tolist()))


def _median(values: NDArray[np.float32]) -> float:
    return float(np.median(values)) if len(values) else 0.0


def _levels(values: NDArray[np.integer[Any]]) -> tuple[int, ...]:
    """This will return the values told apart: common ones, but for the most common."""
    found, counts = np.unique(values, return_counts=True)
    order = np.lexsort((found, -counts))[1 : MOST_LEVELS + 1]
    common = order[counts[order] >= RARE * len(values)]
    return tuple(np.sort(found[common]).tolist())


def _moments(bare: Design, rows: Landmarks) -> tuple[Floats, Floats]:
    """This will return mean and standard deviation of every raw column.

    Around the first row's values, so that large numbers do not cancel.
    """
    first = _raw(bare, rows, slice(0, 1))
    total, squares = np.zeros_like(first[0]), np.zeros_like(first[0])
    for start in range(0, len(rows), CHUNK):
        apart = _raw(bare, rows, slice(start, start + CHUNK)) - first
        total, squares = total + apart.sum(axis=0), squares + (apart**2).sum(axis=0)
    mean = total / len(rows)
    spread = np.sqrt(np.maximum(0.0, squares / len(rows) - mean**2))
    # What is left of rounding is no spread.
    tiny = 1e-9 * np.maximum(1.0, np.abs(mean + first[0]))
    return mean + first[0], np.where(spread > tiny, spread, 0.0)


def _raw(design: Design, rows: Landmarks, part: slice) -> Floats:
    features = rows.features[part].astype(np.float64)
    known = np.isfinite(features)
    filled = np.where(known, features, np.array(design.fill))
    return np.concatenate(
        [
            _contract(design, rows, part),
            filled,
            ~known[:, list(design.marked)],
        ],
        axis=1,
    )


def _contract(design: Design, rows: Landmarks, part: slice) -> Floats:
    """This will return tenure, when the contract can be left, revenue, and categories.

    A contract of more than a month that renews within the horizon is up for a decision;
    one that runs on is bound. All others can leave at any time.
    """
    renewal, interval = rows.renewal[part], rows.interval[part]
    soon = (renewal >= 0) & (renewal <= design.horizon) & (interval > 1)
    columns = [
        np.log1p(np.maximum(rows.tenure[part], 0) / MONTH_DAYS),
        soon,
        renewal > design.horizon,
        np.log1p(np.maximum(rows.mrr[part], 0.0)),
    ]
    for name, found in zip(CATEGORIES, design.levels, strict=True):
        columns += [getattr(rows, name)[part] == level for level in found]
    return np.stack(columns, axis=1).astype(np.float64)
