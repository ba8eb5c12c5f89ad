"""Means over a beta distribution, as sums over a few points.

Golub & Welsch, Calculation of Gauss Quadrature Rules, Mathematics of Computation 23, 1969,
221–230, with the recurrence of the Jacobi polynomials (DLMF 18.9.2).
"""

import numpy as np

from health.calculations.scoring import Floats

# Rounding may put the first point a hair below 0.
LEAST = 1e-18


def beta_points(a: float, b: Floats, count: int) -> tuple[Floats, Floats]:
    """This will return points and weights, both (k, count), for k distributions Beta(a, b).

    The mean of a polynomial of degree 2 count − 1 is exact: E f(p) = Σ weight · f(point).
    Any a, b above 0 will do, since weights are shares and not areas. Cost: an eigenvalue
    problem of size `count` for each b, 0.1 ms at 20.
    """
    one, other = b[:, None] - 1.0, a - 1.0
    both = one + other
    n = np.arange(1.0, count)
    twice = 2.0 * n + both
    middle = (other**2 - one**2) / (twice * (twice + 2.0))
    first = (other - one) / (both + 2.0)
    # In the first step n + both stands above and twice − 1 below, and both may be 0.
    shares = np.where(n == 1.0, 1.0, (n + both) / np.where(n == 1.0, 1.0, twice - 1.0))
    beside = n * (n + one) * (n + other) * shares / (twice**2 * (twice + 1.0))
    matrix = np.zeros((len(b), count, count))
    at = np.arange(count)
    matrix[:, at, at] = (1.0 + np.concatenate([first, middle], axis=1)) / 2.0
    matrix[:, at[1:], at[:-1]] = np.sqrt(beside)
    points, vectors = np.linalg.eigh(matrix)
    return np.clip(points, LEAST, 1.0), vectors[:, 0, :] ** 2
