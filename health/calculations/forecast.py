"""A customer's chance of leaving and value, from its band, segment and money."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations import clv, queue

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Economics:
    """What the company reckons with. Shares are 0 to 1, amounts in its currency."""

    margin: float
    support_cost: float
    discount_rate: float
    horizon_months: int
    base_rate: float  # of leaving within 90 days


@dataclass(frozen=True, slots=True)
class Rates:
    """Per customer: a rate with its 80 % interval, shape (n,) each."""

    rate: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Money:
    """Per customer, shape (n,) each, in the company's currency."""

    mrr: Floats
    earned: Floats  # paid revenue so far
    tickets: Floats  # support tickets so far
    acquisition_cost: Floats


@dataclass(frozen=True, slots=True)
class Forecast:
    """Per customer, shape (n,) each."""

    clv: Floats
    clv_p10: Floats
    clv_p50: Floats
    clv_p90: Floats
    clv_textbook: Floats
    value_at_risk: Floats
    queue_value: Floats
    at_risk: NDArray[np.bool_]


def forecast(
    *,
    churn: Rates,
    hazard: Rates,
    money: Money,
    band: NDArray[np.int16],
    days_to_renewal: Floats,
    economics: Economics,
) -> Forecast:
    """This will value n customers.

    The range joins two doubts: when a customer like this leaves (the quantiles of its
    lifetime) and how well the rates are known (their 80 % bounds). Amounts are
    discounted to the day; past amounts are not.
    """
    months = economics.horizon_months
    discount = clv.discounts(economics.discount_rate, months)
    monthly = money.mrr * economics.margin
    past = (
        money.earned * economics.margin
        - money.tickets * economics.support_cost
        - money.acquisition_cost
    )
    alive = clv.survival(churn.rate, hazard.rate, months)
    fast = clv.survival(churn.high, hazard.high, months)
    slow = clv.survival(churn.low, hazard.low, months)
    at_risk = clv.value_at_risk(monthly, churn.rate, alive, discount)
    return Forecast(
        clv=past + clv.future_value(monthly, alive, discount),
        clv_p10=past + clv.lifetime_quantile(monthly, fast, discount, 0.9),
        clv_p50=past + clv.lifetime_quantile(monthly, alive, discount, 0.5),
        clv_p90=past + clv.lifetime_quantile(monthly, slow, discount, 0.1),
        clv_textbook=clv.textbook_value(money.mrr, hazard.rate, money.acquisition_cost),
        value_at_risk=at_risk,
        queue_value=at_risk * queue.urgency(days_to_renewal),
        at_risk=queue.is_at_risk(band, churn.rate, economics.base_rate),
    )
