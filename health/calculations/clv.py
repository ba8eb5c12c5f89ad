"""What a customer is worth, and what would be lost if it left.

Survival: S(t) = (1 − p)^(t/3) for the first three months, where p is the published chance
of leaving within 90 days, so that p = 1 − S(3) holds on every page; after that each month
keeps the share (1 − h) of those still there, h being the segment's monthly rate.

    future value   = margin · MRR · Σ_{t=1..T} S(t) / (1 + r)^(t/12)
    value at risk  = p · margin · MRR · Σ_{t=4..T} S(t)/S(3) / (1 + r)^(t/12)
    textbook value = yearly revenue · years − acquisition cost, with years = 1 / (12 h)
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MONTHS_IN_FORECAST = 3


def survival(churn: Floats, hazard: Floats, months: int) -> Floats:
    """This will return S(1..months), shape (n, months), for n customers."""
    t = np.arange(1, months + 1, dtype=np.float64)
    near = np.power(1.0 - churn[:, None], np.minimum(t, MONTHS_IN_FORECAST) / 3.0)
    far = np.power(1.0 - hazard[:, None], np.maximum(t - MONTHS_IN_FORECAST, 0.0))
    return near * far


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


def lifetime_quantile(
    monthly_margin: Floats, alive: Floats, discount: Floats, share: float
) -> Floats:
    """This will return the discounted margin that a share of customers like this exceeds.

    A customer that lasts k months earns the first k discounted months. With share 0.9
    (the P10) k is the last month that 90 % reach, with a straight line between months.
    """
    earned = np.concatenate([[0.0], np.cumsum(discount)])
    reach = np.concatenate([np.ones((len(alive), 1)), alive], axis=1)
    last = (reach >= share).sum(axis=1) - 1
    rows = np.arange(len(alive))
    following = np.minimum(last + 1, reach.shape[1] - 1)
    drop = reach[rows, last] - reach[rows, following]
    part = np.divide(
        reach[rows, last] - share, drop, out=np.zeros(len(alive)), where=drop > 0
    )
    step = part * (earned[following] - earned[last])
    value: Floats = monthly_margin * (earned[last] + step)
    return value


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
