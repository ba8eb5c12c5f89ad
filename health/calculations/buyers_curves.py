"""The months to come of customers who buy without a subscription and are alive.

What is to come depends on (x, T) alone, and many customers share it. It is reckoned at a few
months, with its slopes; between them the curves are cubic.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from health.calculations.bgnbd import BGNBD
from health.calculations.buyers import Bought
from health.calculations.landmarks import MONTH_DAYS
from health.calculations.scoring import Floats

# Points of the mean over p: amounts to about four digits.
DIGITS = 6.0
KNOTS = (0, 1, 2, 3, 4, 6, 9, 13, 18, 25, 34, 46, 62, 84, 120)


@dataclass(frozen=True, slots=True)
class Curves:
    """The future of those alive: u different ones, and which of them each of n is."""

    where: NDArray[np.intp]  # (n,)
    stays: Floats  # (u, months) share that has not left
    bought: Floats  # (u, months) purchases expected in each
    ever: Floats  # (u,) share that buys within the horizon
    mean: Floats  # (u,) purchases in the horizon
    pairs: Floats  # (u,) E N(N − 1) of them

    @classmethod
    def of(cls, model: BGNBD, bought: Bought, months: int) -> Self:
        # As complex numbers pairs are sorted much faster than as rows.
        key, where = np.unique(bought.x + 1j * bought.age, return_inverse=True)
        x, age = key.real, key.imag
        month = MONTH_DAYS / (model.alpha_ + age)
        ahead = model.ahead(x, months * MONTH_DAYS, digits=DIGITS)
        knots = np.array([knot for knot in KNOTS if knot < months] + [months])
        found = np.stack([ahead.steps(knot * month) for knot in knots])  # (knots, 4, u)
        value, slope = _cubic(knots.astype(np.float64), months)
        stays = found[:, 0].T @ value + (found[:, 2] * month).T @ slope
        total = found[:, 1].T @ value + (found[:, 3] * month).T @ slope
        return cls(
            where,
            np.clip(stays, 0.0, 1.0),
            np.maximum(np.diff(total, axis=1, prepend=0.0), 0.0),
            -np.expm1(-(model.r_ + x) * np.log1p(months * month)),
            found[-1, 1],
            ahead.pairs(months * month),
        )


def _cubic(knots: Floats, months: int) -> tuple[Floats, Floats]:
    """This will return matrices, (knots, months) each, that turn values and slopes at the
    knots into values of month 1 to the last: the cubic Hermite interpolant."""
    at = np.arange(1.0, months + 1.0)
    left = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(knots) - 2)
    wide = knots[left + 1] - knots[left]
    t = (at - knots[left]) / wide
    column = np.arange(months)
    value, slope = np.zeros((2, len(knots), months))
    value[left, column] = (1.0 + 2.0 * t) * (1.0 - t) ** 2
    value[left + 1, column] = t**2 * (3.0 - 2.0 * t)
    slope[left, column] = wide * t * (1.0 - t) ** 2
    slope[left + 1, column] = wide * t**2 * (t - 1.0)
    return value, slope
