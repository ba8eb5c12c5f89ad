"""What is foreseen of customers that buy without a subscription."""

import numpy as np
import pytest

from health.calculations.buyers import Bought
from health.calculations.buyers_forecast import Terms, buyers_forecast
from health.calculations.forecast import Economics, Foreseen, Money
from health.calculations.forecast_buyers import foresee_buyers
from tests.health.calculations.purchases import published

ECONOMICS = Economics(
    margin=0.8,
    support_cost=25.0,
    discount_rate=0.1,
    horizon_months=60,
    gone_below=0.2,
)
# Fresh, silent for long, and one that may leave.
BOUGHT = Bought(
    x=np.array([10.0, 10.0, 2.0, 2.0]),
    recency=np.array([266.0, 35.0, 150.0, 150.0]),
    age=np.array([272.0, 272.0, 272.0, 272.0]),
    mean=np.array([50.0, 50.0, 24.0, 24.0]),
    tickets=np.array([0.0, 0.0, 1.0, 1.0]),
)


def said(band: int = 3) -> Foreseen:
    return foresee_buyers(
        BOUGHT,
        segment=np.array([1, 1, 2, 2]),
        money=Money(
            earned=np.array([500.0, 500.0, 48.0, 48.0]),
            tickets=BOUGHT.tickets,
            acquisition_cost=np.full(4, 10.0),
        ),
        band=np.full(4, band, dtype=np.int16),
        buyers=published(),
        economics=ECONOMICS,
    )


def test_a_buyer_is_forecast_by_its_purchases() -> None:
    found = buyers_forecast(
        published(),
        BOUGHT,
        Terms(
            margin=0.8, ticket_cost=25.0, discount_rate=0.1, months=60, gone_below=0.2
        ),
    )
    got = said().forecast
    assert got.churn.tolist() == found.p90.tolist()
    assert got.alive.tolist() == found.alive.tolist()
    assert got.earned.tolist() == pytest.approx([390.0, 390.0, 3.4, 3.4])
    assert got.clv.tolist() == (got.earned + found.expected).tolist()
    assert (got.clv_p10 <= got.clv_p90).all()
    assert got.churn_involuntary.tolist() == [0.0] * 4
    assert got.churn_reasons.tolist() == [[-1, -1]] * 4
    assert got.comparable.tolist() == [-1] * 4
    assert got.queue_value.tolist() == got.value_at_risk.tolist()


def test_who_is_gone_is_not_at_risk_any_more() -> None:
    got = said(band=1).forecast
    assert (got.alive < 0.2).tolist() == [False, True, False, False]
    assert got.at_risk.tolist() == [True, False, True, True]
    assert got.value_at_risk[1] == 0.0


def test_the_sums_hold_what_buyers_will_spend() -> None:
    paths = said().paths
    assert (paths.segment.tolist(), paths.plan.tolist()) == ([1, 2], [0, 0])
    assert paths.customers.tolist() == [2, 2]
    assert paths.mrr.tolist() == [0.0, 0.0]
    assert paths.revenue.shape == (2, 60)
    discount = 1.1 ** (-np.arange(1, 61) / 12)
    margin = (0.8 * paths.revenue - 25.0 * paths.tickets) @ discount
    forecast = said().forecast
    expected = forecast.clv - forecast.earned
    np.testing.assert_allclose(margin, expected.reshape(2, 2).sum(axis=1))
