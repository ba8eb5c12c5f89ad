"""The likelihood of the BG/NBD model (`bgnbd`), counted by different histories."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from health.calculations.scoring import Floats


@dataclass(frozen=True, slots=True)
class Histories:
    """Different (x, t_x, T) with how often each occurs, and the same of x alone."""

    x: Floats
    t_x: Floats
    age: Floats
    count: Floats
    different_x: Floats
    count_of_x: Floats

    @classmethod
    def counted(cls, x: Floats, t_x: Floats, age: Floats) -> Self:
        order = np.lexsort((t_x, age, x))
        rows = np.stack((x, age, t_x))[:, order]
        new = np.append(True, np.any(rows[:, 1:] != rows[:, :-1], axis=0))
        starts = np.flatnonzero(new)
        count = np.diff(np.append(starts, len(x))).astype(np.float64)
        different, count_of_x = np.unique(x, return_counts=True)
        x, age, t_x = rows[:, starts]
        return cls(x, t_x, age, count, different, count_of_x.astype(np.float64))


def cost(rows: Histories, place: Floats) -> tuple[float, Floats]:
    """This will return −ln L per customer and its derivatives by ln r, α, a, b.

    Section 4.3 of the paper, as A1 + A2 + A3 + ln(1 + e^(A4 − A3)) of Hardie's note 004.
    """
    from scipy.special import expit, gammaln, psi  # noqa: PLC0415 - 30 MB everywhere

    r, alpha, a, b = np.exp(place).tolist()
    x, n, kinds = rows.x, rows.count, rows.different_x
    customers = float(n.sum())
    odds = odds_of_leaving(x, rows.t_x, rows.age, r, alpha, a, b)
    gone = n * expit(odds)
    here = n - gone
    log_age, log_t_x = np.log(alpha + rows.age), np.log(alpha + rows.t_x)
    value = (
        customers * (gammaln(a + b) - gammaln(b) - gammaln(r) + r * np.log(alpha))
        + rows.count_of_x
        @ (gammaln(r + kinds) + gammaln(b + kinds) - gammaln(a + b + kinds))
        - n @ ((r + x) * log_age)
        + n @ np.logaddexp(0.0, odds)
    )
    ending = rows.count_of_x @ psi(a + b + kinds) - customers * psi(a + b)
    by_r = (
        customers * (np.log(alpha) - psi(r))
        + rows.count_of_x @ psi(r + kinds)
        - here @ log_age
        - gone @ log_t_x
    )
    by_alpha = customers * r / alpha - (r + x) @ (
        here / (alpha + rows.age) + gone / (alpha + rows.t_x)
    )
    by_a = gone.sum() / a - ending
    by_b = rows.count_of_x @ psi(b + kinds) - customers * psi(b) - ending
    by_b -= gone @ (1.0 / (b + np.maximum(x, 1.0) - 1.0))
    slope = np.array([by_r * r, by_alpha * alpha, by_a * a, by_b * b])
    return -float(value) / customers, -slope / customers


def odds_of_leaving(
    x: Floats, t_x: Floats, age: Floats, r: float, alpha: float, a: float, b: float
) -> Floats:
    """This will return the log odds that a customer left after its last purchase."""
    silence = np.log(alpha + age) - np.log(alpha + t_x)
    odds = np.log(a) - np.log(b + np.maximum(x, 1.0) - 1.0) + (r + x) * silence
    return np.where(x > 0.0, odds, -np.inf)
