"""What customers will bring, and what would be lost by their leaving, after support.

    expected margin = Σ_{t=1..T} S(t) · contribution_t / (1 + r)^(t/12)
    value at risk   = p90 · Σ_{t=4..T} S(t)/S(3) · contribution_t / (1 + r)^(t/12)

contribution_t = margin · MRR_t − cost of a ticket · tickets (`contribution`); MRR_t moves
as the revenue of customers that stay has moved.
"""

from dataclasses import dataclass

import numpy as np

from health.calculations.clv import discounts, future_value, value_at_risk
from health.calculations.contribution import Contribution
from health.calculations.scoring import Floats

YEARLY_DISCOUNT = 0.10


@dataclass(frozen=True, slots=True)
class Values:
    """Per customer, (n,) each, in the company's currency, discounted to the day."""

    expected: Floats
    staying: Floats  # if it stayed to the end of the horizon
    at_risk: Floats
    at_risk_voluntary: Floats
    at_risk_involuntary: Floats


def valued(
    alive: Floats,
    contribution: Contribution,
    p90: Floats,
    *,
    involuntary: Floats | None = None,
    discount_rate: float = YEARLY_DISCOUNT,
) -> Values:
    """This will value n customers by their survival curves, (n, months).

    `involuntary` (n,) is the part of `p90` (n,) that is failed payments, none if missing;
    the two parts of what is at risk add up to the last bit. Cost: two products of a matrix
    with a vector.
    """
    months = alive.shape[1]
    grown = discounts(discount_rate, months, growth=contribution.growth.mean)
    plain = discounts(discount_rate, months)
    gross, support = contribution.gross, contribution.support
    failed = np.zeros_like(p90) if involuntary is None else involuntary
    lost = value_at_risk(gross, np.ones_like(p90), alive, grown) - value_at_risk(
        support, np.ones_like(p90), alive, plain
    )
    by_failure, by_choice = failed * lost, (p90 - failed) * lost
    return Values(
        expected=future_value(gross, alive, grown)
        - future_value(support, alive, plain),
        staying=gross * grown.sum() - support * plain.sum(),
        at_risk=by_choice + by_failure,
        at_risk_voluntary=by_choice,
        at_risk_involuntary=by_failure,
    )
