"""Whether it pays to let a customer who pays by the month pay by the year.

Reckoned per unit of monthly revenue, with v = (1 + r)^(−1/12) and monthly hazard h:

    monthly  M(h) = Σ_{t=0}^{12Y−1} ((1 − h)·v)^t
    yearly   A(q) = Σ_{k=0}^{Y−1} price_k · ((1 − q)·v¹²)^k

Payments come at the beginning of their month or year. Who pays by the year stays at least
to the year's end, and leaves there with chance q. A discount holds for every year, free
months for the first one. Unless something changes, the customers whom a monthly contract
loses within the year leave at its end: q = 1 − (1 − h)¹². So the gain is what is paid in
advance, less what is given away; nobody's mind has to change for it. The break-even is the
q at which both are worth the same: below it the offer pays. (Annuities with survival, as
for life insurance: Bowers et al., Actuarial Mathematics, 1997, chapter 5.)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
YEAR = 12
HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Terms:
    """What is given for paying by the year: a share of the price, or months for free."""

    discount: float = 0.0
    free_months: int = 0

    def prices(self, years: int) -> Floats:
        """This will return each year's price in months, (years,)."""
        prices = np.full(years, YEAR * (1.0 - self.discount))
        prices[0] -= self.free_months
        return prices


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the company reckons with: shares of 1, and so many years ahead."""

    margin: float
    discount_rate: float
    years: int = 3


def hazard(churn: Floats) -> Floats:
    """This will return the monthly chance of leaving behind one of 90 days, (n,)."""
    return np.asarray(1.0 - np.power(1.0 - churn, 1.0 / 3.0))


def leaving_in_a_year(churn: Floats) -> Floats:
    """This will return the chance of leaving within a year behind one of 90 days, (n,)."""
    return np.asarray(1.0 - np.power(1.0 - churn, 4.0))


def monthly_value(churn: Floats, assumed: Assumptions) -> Floats:
    """This will return M, per unit of monthly revenue, (n,)."""
    step = (1.0 - hazard(churn)) * _month(assumed)
    powers = np.power.outer(step, np.arange(YEAR * assumed.years))
    return np.asarray(powers.sum(axis=-1))


def yearly_value(leaving: Floats, terms: Terms, assumed: Assumptions) -> Floats:
    """This will return A for a chance of leaving at each year's end, (n,)."""
    step = (1.0 - leaving) * _month(assumed) ** YEAR
    powers = np.power.outer(step, np.arange(assumed.years))
    return np.asarray(powers @ terms.prices(assumed.years))


def gain(mrr: Floats, churn: Floats, terms: Terms, assumed: Assumptions) -> Floats:
    """This will return by how much customers are worth more paying by the year, (n,).

    In the currency of `mrr`, margin taken; negative where the offer costs more than it
    brings.
    """
    yearly = yearly_value(leaving_in_a_year(churn), terms, assumed)
    return np.asarray(assumed.margin * mrr * (yearly - monthly_value(churn, assumed)))


def break_even(churn: Floats, terms: Terms, assumed: Assumptions) -> Floats:
    """This will return the highest chance of leaving at a year's end that pays, (n,).

    1 where the first year alone pays for itself, NaN where even a customer for ever would
    not. By halving: A falls with q.
    """
    wanted = monthly_value(churn, assumed)
    low, high = np.zeros_like(wanted), np.ones_like(wanted)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        pays = yearly_value(middle, terms, assumed) >= wanted
        low, high = np.where(pays, middle, low), np.where(pays, high, middle)
    never = yearly_value(np.zeros_like(wanted), terms, assumed) < wanted
    always = yearly_value(np.ones_like(wanted), terms, assumed) >= wanted
    return np.where(never, np.nan, np.where(always, 1.0, low))


def _month(assumed: Assumptions) -> float:
    return float((1.0 + assumed.discount_rate) ** (-1.0 / YEAR))
