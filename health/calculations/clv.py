"""What a customer is worth, and what would be lost if it left.

With S(t) the chance of being there after t months, and p90 = 1 − S(3):

    future value   = margin · MRR · Σ_{t=1..T} S(t) / (1 + r)^(t/12)
    value at risk  = p90 · margin · MRR · Σ_{t=4..T} S(t)/S(3) / (1 + r)^(t/12)
    textbook value = yearly revenue · years − acquisition cost, with years = 1 / (12 h)
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MONTHS_IN_FORECAST = 3


def discounts(yearly_rate: float, months: int, *, growth: float = 0.0) -> Floats:
    """This will return the present value of 1 paid at the end of month 1..months.

    With `growth` the amount grows by so much a month, as a logarithm.
    """
    t = np.arange(1, months + 1, dtype=np.float64)
    return np.power(1.0 + yearly_rate, -t / 12.0) * np.exp(growth * t)


def future_value(monthly_margin: Floats, alive: Floats, discount: Floats) -> Floats:
    """This will return the expected discounted margin over the horizon, per customer."""
    return monthly_margin * (alive @ discount)


def value_at_risk(
    monthly_margin: Floats, churn: Floats, alive: Floats, discount: Floats
) -> Floats:
    """This will return what leaving within 90 days would cost, times its probability."""
    after = alive[:, MONTHS_IN_FORECAST:] @ discount[MONTHS_IN_FORECAST:]
    still_there = alive[:, MONTHS_IN_FORECAST - 1]
    rest = np.divide(
        after, still_there, out=np.zeros_like(after), where=still_there > 0
    )
    return churn * monthly_margin * rest


def textbook_value(mrr: Floats, hazard: Floats, acquisition_cost: Floats) -> Floats:
    """This will return (yearly revenue × years) − acquisition cost, as people know it."""
    years = 1.0 / (12.0 * hazard)
    return mrr * 12.0 * years - acquisition_cost


def textbook_over_years(
    yearly_revenue: Floats, years: Floats, acquisition_cost: Floats, margin: float = 1.0
) -> Floats:
    """This will return (yearly revenue · margin × years) − acquisition cost.

    With a margin of 1 it is the sum of the schoolbooks, which counts revenue.
    """
    return yearly_revenue * margin * years - acquisition_cost
