"""What is foreseen of customers that buy without a subscription."""

import numpy as np
from numpy.typing import NDArray

from health.calculations.buyers import Bought, Buyers
from health.calculations.buyers_forecast import BuyersForecast, Terms, buyers_forecast
from health.calculations.churn.explaining import REASONS
from health.calculations.conformal import Ranges
from health.calculations.contribution import earned_so_far
from health.calculations.forecast import (
    NO_REASON,
    Economics,
    Forecast,
    Foreseen,
    Money,
)
from health.calculations.scoring import Floats
from health.calculations.value_paths import PathSums

AT_RISK = 1  # the band


def foresee_buyers(
    bought: Bought,
    *,
    segment: NDArray[np.int64],
    money: Money,
    band: NDArray[np.int16],
    buyers: Buyers,
    economics: Economics,
) -> Foreseen:
    """This will forecast n buyers. Cost: that of `buyers_forecast`.

    They have no renewal that would make anything urgent. Who is gone already is not at
    risk any more.
    """
    found = buyers_forecast(buyers, bought, _terms(economics))
    ranges = ranges_of(found, buyers)
    past = earned_so_far(
        money.earned,
        money.tickets,
        money.acquisition_cost,
        margin=economics.margin,
        ticket_cost=economics.support_cost,
    )
    size = len(past)
    at_risk = np.maximum(found.at_risk, 0.0)
    forecast = Forecast(
        churn=found.p90,
        churn_low=found.p90_low,
        churn_high=found.p90_high,
        churn_involuntary=np.zeros(size),
        churn_reasons=np.full((size, REASONS), NO_REASON, dtype=np.int16),
        churn_points=np.zeros((size, REASONS)),
        comparable=np.full(size, -1, dtype=np.int16),
        alive=found.alive,
        stays=np.full(size, np.nan),
        earned=past,
        clv=past + found.expected,
        clv_p10=past + ranges.low,
        clv_p50=past + ranges.mid,
        clv_p90=past + ranges.high,
        clv_textbook=found.textbook - money.acquisition_cost,
        value_at_risk=at_risk,
        queue_value=at_risk,
        at_risk=~found.gone & ((band == AT_RISK) | found.may_leave),
        gone=found.gone,
    )
    return Foreseen(forecast, _paths(found, bought, segment, buyers, at_risk))


def ranges_of(found: BuyersForecast, buyers: Buyers) -> Ranges:
    """This will move ranges by what those of a year ago missed.

    Nobody brings less than nothing by buying nothing, so P10 stays at 0 at the least.
    """
    everyone = np.zeros(len(found.mid), dtype=np.int64)
    raw = Ranges(found.low, found.mid, found.high)
    moved = buyers.widening.applied(raw, found.staying, everyone)
    low = np.maximum(moved.low, np.minimum(raw.low, 0.0))
    return Ranges(low, moved.mid, moved.high)


def _terms(economics: Economics) -> Terms:
    return Terms(
        margin=economics.margin,
        ticket_cost=economics.support_cost,
        discount_rate=economics.discount_rate,
        months=economics.horizon_months,
        gone_below=economics.gone_below,
    )


def _paths(
    found: BuyersForecast,
    bought: Bought,
    segment: NDArray[np.int64],
    buyers: Buyers,
    at_risk: Floats,
) -> PathSums:
    size = len(segment)
    nothing = np.zeros(size, dtype=np.int64)
    tickets = buyers.tickets.of(bought.tickets, bought.x + 1.0, nothing)
    return PathSums.summed(
        [
            PathSums(
                segment=segment,
                plan=nothing,
                customers=np.ones(size, dtype=np.int64),
                mrr=np.zeros(size),
                churn=found.p90,
                at_risk=at_risk,
                expected=found.expected,
                own=found.variance,
                doubt=buyers.miss * np.maximum(found.expected, 0.0),
                alive=found.survival,
                revenue=found.spend[:, None] * found.purchases,
                tickets=tickets[:, None] * found.purchases,
            )
        ]
    )
