"""How many customers faced each renewal, and how many of them stayed: a life table.

All that the models of contracts (`sbg`, `bdw`) need to know of the customers. In discrete
time the likelihood of censored lifetimes, also of those seen only from a later period on,
depends on nothing else (Kalbfleisch & Prentice, The Statistical Analysis of Failure Time
Data, 2nd edition 2002, section 1.4):

    log L = Σ_t kept_t · ln r_t + lost_t · ln(1 − r_t)

with r_t the share of those who face renewal t and stay. So a million customers are as
quickly fitted as ten.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from health.calculations.scoring import Floats

Ints = NDArray[np.integer[Any]]


def floats(values: ArrayLike) -> Floats:
    """This will return numbers, or rows of them, as an array of floats."""
    return np.asarray(values, dtype=np.float64)


class UnableToFit(ValueError):
    """There is nothing to learn a model from; the message says what is lacking."""


@dataclass(frozen=True, slots=True)
class LifeTable:
    """Customers by the renewal they faced: element t − 1 is of renewal t.

    A customer faces renewal t at the end of its t-th period. Numbers may be weights.
    """

    kept: Floats  # (periods,)
    lost: Floats  # (periods,)

    @property
    def faced(self) -> Floats:
        """How many faced each renewal, shape (periods,)."""
        return self.kept + self.lost

    @property
    def exposure(self) -> float:
        """Customer-periods: renewals faced in all."""
        return float(self.faced.sum())

    @property
    def leavers(self) -> float:
        return float(self.lost.sum())

    def plus(self, other: "LifeTable") -> "LifeTable":
        """This will count the customers of both tables."""
        size = max(len(self.kept), len(other.kept))
        return LifeTable(
            _padded(self.kept, size) + _padded(other.kept, size),
            _padded(self.lost, size) + _padded(other.lost, size),
        )


def life_table_from_survivors(survivors: ArrayLike) -> LifeTable:
    """This will read one cohort: customers won, then those left after each renewal.

    `survivors` has shape (periods + 1,) and never rises. Raises ValueError otherwise.
    Cohorts are added by `plus`.
    """
    left = floats(survivors)
    if left.ndim != 1 or np.any(np.diff(left) > 0) or np.any(left < 0):
        msg = "Survivors are one row of numbers that never rise."
        raise ValueError(msg)
    return LifeTable(left[1:], left[:-1] - left[1:])


def life_table(
    survived: Ints,
    left: NDArray[np.bool_],
    *,
    entered: Ints | None = None,
    weights: Floats | None = None,
) -> LifeTable:
    """This will count n customers, of whom some are still there (censored).

    Columns as in `life_tables`.
    """
    nowhere = np.zeros(len(survived), dtype=np.intp)
    kept, lost = life_tables(
        nowhere, survived, left, segments=1, entered=entered, weights=weights
    )
    return LifeTable(kept[0], lost[0])


def life_tables(
    segment: Ints,
    survived: Ints,
    left: NDArray[np.bool_],
    *,
    segments: int,
    entered: Ints | None = None,
    weights: Floats | None = None,
) -> tuple[Floats, Floats]:
    """This will count n customers by segment; returns kept and lost (segments, periods).

    Each column has shape (n,). `segment` runs from 0 to segments − 1. `survived` is how
    many renewals the customer has made so far; `left` says that it left at the next one
    (so a customer gone at its first renewal has survived 0), otherwise it is still there.
    `entered` is how many renewals it had already made when it was first seen (0 where
    missing): its earlier renewals are not counted, since whoever left then was never
    seen (left truncation). `weights` is how many customers a row stands for.

    Raises ValueError where somebody has survived less than when it entered. Cost: O(n).
    """
    entered = np.zeros_like(survived) if entered is None else entered
    if np.any(entered < 0) or np.any(survived < entered):
        msg = "Nobody enters below 0 or has survived less than when it entered."
        raise ValueError(msg)
    width = int(survived.max(initial=-1)) + 2
    places = segment.astype(np.intp) * width

    def counted(column: Ints, rows: Any = slice(None)) -> Floats:
        where = places[rows] + column[rows]
        amounts = None if weights is None else weights[rows]
        found = np.bincount(where, amounts, minlength=segments * width)
        return found.astype(np.float64).reshape(segments, width)[:, :-1]

    # Renewal t is faced and made by who entered before it and survived at least t.
    flow = counted(entered) - counted(survived)
    return np.maximum(np.cumsum(flow, axis=1), 0.0), counted(survived, left)


def _padded(column: Floats, size: int) -> Floats:
    return np.pad(column, (0, size - len(column)))
