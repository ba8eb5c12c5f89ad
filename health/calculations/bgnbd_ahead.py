"""What customers who are alive under the BG/NBD model (`bgnbd`) will do from now on."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from health.calculations.quadrature import beta_points
from health.calculations.scoring import Floats

# How many points a mean over p takes: for about nine digits, and within these bounds.
DIGITS = 18.0
POINTS = (6, 200)
# Where p·t/(α+T) is smaller, the second moment is taken from its series.
SMALL = 1e-5


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the future of n customers who are alive is reckoned from.

    Given its chance p to leave after each purchase, a customer stays for t with
    (1 + p·t/(α+T))^−(r+x) and makes (1 − (1 + p·t/(α+T))^−(r+x)) / p purchases, both on
    average over its rate; and p is Beta(a, b+x) of one that is alive. The closed form of
    equation 10 breaks down where a few customers drive a shape to its edge; this mean does
    not.
    """

    points: Floats  # (k, different x) chances p
    weights: Floats  # (k, different x)
    where: NDArray[np.intp]  # (n,) to the different x
    shape: Floats  # (n,) r + x

    @classmethod
    def prepared(
        cls, a: float, b: Floats, shape: Floats, steep: float, *, digits: float
    ) -> Self:
        """This will prepare for futures as `steep` as that; `b` and `shape` hold x, (n,)."""
        different, where = np.unique(b, return_inverse=True)
        points, weights = beta_points(a, different, _points(steep, digits))
        return cls(points.T, weights.T, where, shape)

    def purchases(self, reach: Floats) -> Floats:
        """This will return purchases by `reach`, t/(α+T), shape (n,)."""
        total = np.zeros(len(reach))
        for point, weight in zip(self.points, self.weights, strict=True):
            p = point[self.where]
            never = np.expm1(-self.shape * np.log1p(p * reach))
            total -= weight[self.where] * never / p
        return total

    def steps(self, reach: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """This will return who stays and purchases by `reach`, and how fast both change.

        Four of shape (n,): S, A, and their derivatives by `reach`.
        """
        stays, bought, leaving, buying = np.zeros((4, len(reach)))
        for point, weight in zip(self.points, self.weights, strict=True):
            p, share = point[self.where], weight[self.where]
            far = np.log1p(p * reach)
            loss = np.expm1(-self.shape * far)
            rate = self.shape * np.exp(-(self.shape + 1.0) * far)
            stays += share * loss
            bought -= share * loss / p
            leaving -= share * p * rate
            buying += share * rate
        return 1.0 + stays, bought, leaving, buying

    def pairs(self, reach: Floats) -> Floats:
        """This will return E N(N − 1) of the purchases N by `reach`, shape (n,).

        Two purchases need the customer to outlive the first: with c = p·t/(α+T) it is
        2(1−p)/p² · (1 − (1+c)^−s (1 + s·c/(1+c))) on average over the rate, s = r + x.
        """
        total = np.zeros(len(reach))
        for point, weight in zip(self.points, self.weights, strict=True):
            p, share = point[self.where], weight[self.where]
            c, s = p * reach, self.shape
            both = 1.0 - (1.0 + c) ** -s * (1.0 + s * c / (1.0 + c))
            few = 0.5 * s * (s + 1.0) * reach**2
            total += share * 2.0 * (1.0 - p) * np.where(c < SMALL, few, both / p**2)
        return total


def steepness(b: Floats, shape: Floats, reach: Floats) -> float:
    """This will say how steep the steepest future is, for t/(α+T) up to `reach`, (n,).

    (1 + p·reach)^−shape falls to nothing by so much faster than Beta(a, b) does.
    """
    steep = reach * np.maximum((shape + 1.0) / (b + 1.0), 1.0)
    return float(steep.max(initial=0.0))


def _points(steep: float, digits: float) -> int:
    """This will say how many points make an error of about 1e-9 or less, at 18 digits.

    As if the nearest singularity to [0, 1] lay at −1/steep (Trefethen, Approximation Theory and
    Approximation Practice, 2013, theorem 19.3).
    """
    far = 1.0 + 2.0 / max(steep, 0.01)
    rho = far + np.sqrt(far * far - 1.0)
    return int(np.clip(np.ceil(digits / np.log(rho)), *POINTS))
