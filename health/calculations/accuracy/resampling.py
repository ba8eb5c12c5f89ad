"""Ranges around figures: the Bayesian bootstrap by customer.

Each draw gives every customer an exponential weight, and all of its rows the same (Rubin,
The Annals of Statistics 9, 1981): the same customer on several days is one witness. A
figure is a function that turns weights (b, n) into its values (b,), so that whatever can
wait for no weights (sorting, above all) is done once and not once a draw.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.backtest import BLOCK, INTERVAL, Range
from health.calculations.landmarks import Landmarks
from health.calculations.scoring import Floats

Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]
Figure = Callable[[Floats], Floats]
RESAMPLES = 500


@dataclass(frozen=True, slots=True)
class Cases:
    """n customers on days, and what became of them; every column is (n,)."""

    customer: Ints
    day: Ints
    left: Bools
    mrr: Floats

    def __len__(self) -> int:
        return len(self.customer)

    def chosen(self, rows: NDArray[Any]) -> "Cases":
        """This will return some of the cases, by a mask or by places."""
        return Cases(
            self.customer[rows], self.day[rows], self.left[rows], self.mrr[rows]
        )


def cases_of(rows: Landmarks, horizon: int) -> Cases:
    """This will say of landmark rows who left within so many days.

    Raises ValueError where a row's window is not over: its outcome is not known.
    """
    if not rows.known_for(horizon).all():
        msg = f"Rows whose {horizon} days are not over have no outcome yet."
        raise ValueError(msg)
    return Cases(rows.customer, rows.day, rows.left_within(horizon), rows.mrr)


def draws(customer: Ints, *, seed: int, resamples: int) -> Iterator[Floats]:
    """This will yield blocks of weights (b, n), a mean of one, equal within a customer."""
    lots = np.random.default_rng(seed)
    distinct, place = np.unique(customer, return_inverse=True)
    block = max(1, min(resamples, BLOCK // max(1, len(customer))))
    for done in range(0, resamples, block):
        size = (min(block, resamples - done), len(distinct))
        yield lots.standard_exponential(size)[:, place]


def ranges(
    figures: Sequence[Figure],
    customer: Ints,
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> list[Range | None]:
    """This will measure figures and put the middle 95 % of the draws around each.

    None where a figure cannot be measured. Cost: `resamples` times the rows and figures;
    memory is bounded by blocks. Beyond some 100,000 rows, draw a sample of customers first.
    """
    points, drawn = _values(figures, customer, seed=seed, resamples=resamples)
    return [_range(*pair) for pair in zip(points, drawn.T, strict=True)]


def differences(
    base: Figure,
    others: Sequence[Figure],
    customer: Ints,
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> list[Range | None]:
    """This will measure how far `base` lies above each of the others, with ranges.

    All get the same weights in every draw, so what they have in common cancels out.
    """
    figures = (base, *others)
    points, drawn = _values(figures, customer, seed=seed, resamples=resamples)
    return [
        _range(points[0] - point, drawn[:, 0] - column)
        for point, column in zip(points[1:], drawn.T[1:], strict=True)
    ]


def _values(
    figures: Sequence[Figure], customer: Ints, *, seed: int, resamples: int
) -> tuple[Floats, Floats]:
    ones = np.ones((1, len(customer)))
    points = np.array([figure(ones)[0] for figure in figures])
    blocks = [
        np.stack([figure(weights) for figure in figures], axis=1)
        for weights in draws(customer, seed=seed, resamples=resamples)
    ]
    return points, np.concatenate(blocks)


def _range(point: float, drawn: Floats) -> Range | None:
    if np.isnan(point):
        return None
    low, high = np.percentile(drawn, INTERVAL)
    return Range(float(point), float(low), float(high))
