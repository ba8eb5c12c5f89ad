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
    monthly = money.mrr * economics.margin
    past = (
        money.earned * economics.margin
        - money.tickets * economics.support_cost
        - money.acquisition_cost
    )
    per_euro = _per_euro(churn, hazard, economics)
    at_risk = monthly * per_euro["at_risk"]
    return Forecast(
        clv=past + monthly * per_euro["future"],
        clv_p10=past + monthly * per_euro["p10"],
        clv_p50=past + monthly * per_euro["p50"],
        clv_p90=past + monthly * per_euro["p90"],
        clv_textbook=clv.textbook_value(money.mrr, hazard.rate, money.acquisition_cost),
        value_at_risk=at_risk,
        queue_value=at_risk * queue.urgency(days_to_renewal),
        at_risk=queue.is_at_risk(band, churn.rate, economics.base_rate),
    )


def _per_euro(churn: Rates, hazard: Rates, economics: Economics) -> dict[str, Floats]:
    """This will value one unit of monthly margin, per customer.

    Everything is linear in the margin, and many customers share their rates (of a band and
    a segment): the months are gone through once per pair of rates.
    """
    months = economics.horizon_months
    discount = clv.discounts(economics.discount_rate, months)
    rates = [
        getattr(r, name) for r in (churn, hazard) for name in ("rate", "low", "high")
    ]
    distinct, where = _distinct(np.stack(rates))
    rate, low, high, leave, leave_low, leave_high = distinct
    one = np.ones(len(rate))
    alive = clv.survival(rate, leave, months)
    fast = clv.survival(high, leave_high, months)
    slow = clv.survival(low, leave_low, months)
    values = {
        "future": clv.future_value(one, alive, discount),
        "p10": clv.lifetime_quantile(one, fast, discount, 0.9),
        "p50": clv.lifetime_quantile(one, alive, discount, 0.5),
        "p90": clv.lifetime_quantile(one, slow, discount, 0.1),
        "at_risk": clv.value_at_risk(one, rate, alive, discount),
    }
    return {name: value[where] for name, value in values.items()}


def _distinct(columns: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """This will return the distinct ones of n columns (k, n), and where each of n is.

    Sorted by their bytes, as one key each: much faster than number by number.
    """
    rows = np.ascontiguousarray(columns.T)
    keys = rows.view(np.dtype((np.void, rows.shape[1] * rows.itemsize))).reshape(-1)
    _, first, where = np.unique(keys, return_index=True, return_inverse=True)
    return rows[first].T, where.reshape(-1)
