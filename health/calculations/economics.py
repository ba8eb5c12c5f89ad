"""What a new customer is worth, and what would change that."""

from dataclasses import dataclass, replace

import numpy as np

from health.calculations.clv import discounts
from health.calculations.lifetime_value import YEARLY_DISCOUNT
from health.calculations.scoring import Floats

MOST_RETENTION = 0.999
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Variables:
    """What the formula of the value is made of. Shares are 0 to 1, amounts per customer."""

    revenue: float  # a month
    margin: float
    support: float  # a month
    acquisition_cost: float


@dataclass(frozen=True, slots=True)
class Change:
    """What if: all are differences, `price` and the costs as shares of what they were."""

    retention: float = 0.0  # of the customers left after a year, 0.05 for five points
    price: float = 0.0
    margin: float = 0.0
    support: float = 0.0
    acquisition_cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a customer brings, what it leaves after the cost of winning it, and how."""

    clv: float
    profit: float
    retention: float  # after a year
    lifetime: float  # expected months within the horizon


def changed(variables: Variables, change: Change) -> Variables:
    """This will apply a change. A dearer product costs no more to deliver.

    So of a higher price all is margin: revenue·margin grows by revenue·price.
    """
    revenue = variables.revenue * (1.0 + change.price)
    gross = variables.revenue * (variables.margin + change.margin + change.price)
    return replace(
        variables,
        revenue=revenue,
        margin=gross / revenue if revenue > 0.0 else 0.0,
        support=variables.support * (1.0 + change.support),
        acquisition_cost=variables.acquisition_cost * (1.0 + change.acquisition_cost),
    )


def retained_more(alive: Floats, points: float) -> Floats:
    """This will lift a survival curve (months,) so that so much more is left after a year.

    Every month's chance of leaving is cut in the same proportion: ln S is scaled by one
    factor. A retention of 0 stays 0, and none passes 99.9 %.
    """
    year = float(alive[min(MONTHS, len(alive)) - 1])
    if not 0.0 < year < 1.0:
        return alive
    wanted = min(max(year + points, 1e-6), MOST_RETENTION)
    return np.asarray(np.power(alive, np.log(wanted) / np.log(year)))


def outcome(
    alive: Floats,
    variables: Variables,
    change: Change | None = None,
    *,
    discount_rate: float = YEARLY_DISCOUNT,
) -> Outcome:
    """This will value a new customer with survival S(1..months), shape (months,).

    Its first month is paid at the end of month 1 if it is still there then.
    """
    change = change or Change()
    now = changed(variables, change)
    there = retained_more(alive, change.retention)
    worth = float(there @ discounts(discount_rate, len(there)))
    clv = (now.revenue * now.margin - now.support) * worth
    return Outcome(
        clv=clv,
        profit=clv - now.acquisition_cost,
        retention=float(there[min(MONTHS, len(there)) - 1]),
        lifetime=float(there.sum()),
    )
