"""What a customer's purchases are worth on average: the gamma-gamma model of spend.

Fader & Hardie, The Gamma-Gamma Model of Monetary Value, note 025, 2013; first in Fader,
Hardie & Lee, RFM and CLV, Journal of Marketing Research 42(4), 2005, 415–430. The value of
a purchase is Gamma(p, ν), where ν differs between customers as Gamma(q, γ). It supposes
that how much customers spend has nothing to do with how often they buy
(`frequency_value_correlation`).

    E(M | z̄, x) = p (γ + x z̄) / (p x + q − 1)
    E(M)         = p γ / (q − 1)

with z̄ the mean of x purchases: the fewer of them, the nearer to the mean of everybody.
"""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from health.calculations.life_table import UnableToFit, floats
from health.calculations.scoring import Floats

# ln of the largest shape: too few customers cannot drive it to infinity.
EDGE = 8.0
# With q of 1 or less the mean of everybody would be infinite.
LEAST_Q = 1.1


class GammaGamma:
    """The gamma-gamma model of one group of customers. It has no settings.

    After `fit`: `p_`, `q_`, `gamma_` (in money), `log_likelihood_`, `customers_`, those
    with a purchase to learn from.
    """

    p_: float
    q_: float
    gamma_: float
    log_likelihood_: float
    customers_: int

    def fit(self, frequency: ArrayLike, value: ArrayLike) -> Self:
        """This will learn the three parameters by maximum likelihood.

        `frequency` (x, purchases) and `value` (z̄, their mean) have shape (n,); rows
        without purchases teach nothing. Use the same purchases for both; the paper leaves
        out the first one. q is kept at 1.1 or more, so that the mean exists. Raises
        ValueError where a value is not above 0, UnableToFit without any purchase. Cost:
        5 ms for 1,000 customers.
        """
        from scipy.optimize import minimize  # noqa: PLC0415 - 30 MB in every process

        x, z = _with_purchases(frequency, value)
        if len(x) == 0:
            msg = "Nobody has bought yet, so there is no spend to learn."
            raise UnableToFit(msg)
        unit = float(z.mean())
        found = minimize(
            _cost,
            np.array([1.0, 1.0, 0.0]),
            args=(x, z / unit),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-EDGE, EDGE), (np.log(LEAST_Q), EDGE), (-EDGE, 2.0 * EDGE)],
            options={"ftol": 1e-15, "gtol": 1e-9},
        )
        self.p_, self.q_, gamma = np.exp(found.x).tolist()
        self.gamma_ = gamma * unit
        self.customers_ = len(x)
        self.log_likelihood_ = float(-(found.fun + np.log(unit)) * len(x))
        return self

    def expected_value(self, frequency: ArrayLike, value: ArrayLike) -> Floats:
        """This will return the mean value to expect of each customer's purchases, (n,).

        Equation 5 of the note. Without purchases it is the mean of everybody, whatever
        stands in `value`.
        """
        x, z = floats(frequency), floats(value)
        spent = np.where(x > 0.0, x * z, 0.0)
        mean: Floats = self.p_ * (self.gamma_ + spent) / (self.p_ * x + self.q_ - 1.0)
        return mean

    def mean_value(self) -> float:
        """This will return the mean value over all customers, E(M)."""
        return self.p_ * self.gamma_ / (self.q_ - 1.0)


def frequency_value_correlation(frequency: ArrayLike, value: ArrayLike) -> float | None:
    """This will return Pearson's correlation of how often and how much customers buy.

    Of those with purchases; the model supposes about 0 (the paper finds 0.11 at CDNOW and
    calls it nothing). None where one of the two is the same for all.
    """
    x, z = _with_purchases(frequency, value)
    if len(x) == 0 or np.ptp(x) == 0.0 or np.ptp(z) == 0.0:
        return None
    return float(np.corrcoef(x, z)[0, 1])


def _with_purchases(frequency: ArrayLike, value: ArrayLike) -> tuple[Floats, Floats]:
    x, z = floats(frequency), floats(value)
    bought = x > 0.0
    if np.any(x < 0.0) or not np.all(z[bought] > 0.0):
        msg = "Frequencies are 0 or more, and the mean value of purchases is above 0."
        raise ValueError(msg)
    return x[bought], z[bought]


def _cost(place: Floats, x: Floats, z: Floats) -> tuple[float, Floats]:
    """This will return −ln L per customer and its derivatives by ln p, q, γ.

    Equation 1a of the note.
    """
    from scipy.special import gammaln, psi  # noqa: PLC0415 - 30 MB in every process

    p, q, gamma = np.exp(place).tolist()
    kinds, where = np.unique(x, return_inverse=True)
    at, total = p * kinds, p * x + q
    spent = np.log(gamma + x * z)
    value = (
        (gammaln(at + q) - gammaln(at))[where]
        - gammaln(q)
        + q * np.log(gamma)
        - np.log(z)
        + p * x * np.log(x * z)
        - total * spent
    )
    rising = psi(at + q)[where]
    by_p = x * (rising - psi(at)[where] + np.log(x * z) - spent)
    by_q = rising - psi(q) + np.log(gamma) - spent
    by_gamma = q / gamma - total / (gamma + x * z)
    slope = np.array([by_p.mean() * p, by_q.mean() * q, by_gamma.mean() * gamma])
    return -float(value.mean()), -slope
