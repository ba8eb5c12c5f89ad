"""Values against sums written out by hand."""

import numpy as np
import pytest

from health.calculations import clv
from health.calculations.forecast import Economics, Money, Rates, forecast
from health.calculations.queue import is_at_risk, urgency


def one(value: float) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([value])


def test_three_months_of_survival_are_the_published_probability() -> None:
    alive = clv.survival(np.array([0.2, 0.0, 1.0]), np.array([0.05, 0.01, 0.1]), 12)
    np.testing.assert_allclose(1 - alive[:, 2], [0.2, 0.0, 1.0])
    assert alive[0, 5] == pytest.approx(0.8 * 0.95**3)


def test_discounts_are_yearly_rates_by_the_month() -> None:
    got = clv.discounts(0.1, 24)
    assert got[11] == pytest.approx(1 / 1.1)
    assert got[23] == pytest.approx(1 / 1.21)


def test_discounts_of_an_amount_that_grows() -> None:
    got = clv.discounts(0.0, 3, growth=float(np.log(1.01)))
    np.testing.assert_allclose(got, [1.01, 1.01**2, 1.01**3])


def test_future_value_without_loss_or_discount_is_margin_times_months() -> None:
    alive = clv.survival(one(0.0), one(0.0), 60)
    got = clv.future_value(one(80.0), alive, clv.discounts(0.0, 60))
    assert got[0] == pytest.approx(4800)


def test_value_at_risk_by_hand() -> None:
    """p = 0.5, nobody leaves later, no discount, 6 months: 0.5 · 100 · 3 months."""
    alive = clv.survival(one(0.5), one(0.0), 6)
    got = clv.value_at_risk(one(100.0), one(0.5), alive, clv.discounts(0.0, 6))
    assert got[0] == pytest.approx(150)


def test_value_at_risk_of_a_certain_departure_is_not_a_number_less() -> None:
    alive = clv.survival(one(1.0), one(0.1), 6)
    got = clv.value_at_risk(one(100.0), one(1.0), alive, clv.discounts(0.0, 6))
    assert got[0] == 0.0


def test_lifetime_quantiles_by_hand() -> None:
    """Constant survival 0.9 a month: 90 % reach month 1, half reach 6.58 months."""
    alive = np.power(0.9, np.arange(1, 61))[None, :]
    flat = clv.discounts(0.0, 60)
    p10 = clv.lifetime_quantile(one(1.0), alive, flat, 0.9)
    p50 = clv.lifetime_quantile(one(1.0), alive, flat, 0.5)
    assert p10[0] == pytest.approx(1.0)
    # Between month 6 (0.531441) and 7 (0.4782969) on a straight line.
    assert p50[0] == pytest.approx(6 + (0.531441 - 0.5) / (0.531441 - 0.4782969))


def test_a_customer_that_never_leaves_earns_the_whole_horizon() -> None:
    alive = np.ones((1, 60))
    got = clv.lifetime_quantile(one(1.0), alive, clv.discounts(0.0, 60), 0.1)
    assert got[0] == pytest.approx(60)


def test_textbook_value() -> None:
    """100 a month for 24 months is 2,400; minus 400 to win the customer."""
    got = clv.textbook_value(one(100.0), one(1 / 24), one(400.0))
    assert got[0] == pytest.approx(2000)


def test_textbook_value_over_years() -> None:
    """(Yearly revenue × years) − acquisition cost: 1,200 × 3 − 500; at 80 % 2,380."""
    got = clv.textbook_over_years(one(1200.0), one(3.0), one(500.0))
    assert got[0] == pytest.approx(3100)
    got = clv.textbook_over_years(one(1200.0), one(3.0), one(500.0), margin=0.8)
    assert got[0] == pytest.approx(2380)


def test_urgency_rises_from_180_to_30_days() -> None:
    got = urgency(np.array([400.0, 180.0, 105.0, 30.0, 0.0, np.nan]))
    np.testing.assert_allclose(got, [1, 1, 1.5, 2, 2, 1])


def test_at_risk_by_band_or_by_twice_the_base_rate() -> None:
    got = is_at_risk(
        np.array([1, 2, 3, 0], np.int16), np.array([0.0, 0.1, 0.09, 0.2]), 0.05
    )
    assert got.tolist() == [True, True, False, True]


def test_forecast_adds_past_and_future() -> None:
    economics = Economics(
        margin=0.5, support_cost=25, discount_rate=0.0, horizon_months=6, base_rate=0.1
    )
    sure = Rates(one(0.0), one(0.0), one(0.0))
    money = Money(
        mrr=one(100), earned=one(1000), tickets=one(2), acquisition_cost=one(50)
    )
    got = forecast(
        churn=sure,
        hazard=Rates(one(0.01), one(0.0), one(0.02)),
        money=money,
        band=np.array([3], np.int16),
        days_to_renewal=one(np.nan),
        economics=economics,
    )
    past = 1000 * 0.5 - 2 * 25 - 50
    assert got.clv[0] == pytest.approx(past + 50 * (3 + 0.99 + 0.99**2 + 0.99**3))
    assert got.clv_p90[0] == pytest.approx(past + 300)
    assert got.clv_p10[0] <= got.clv_p50[0] <= got.clv_p90[0]
    assert got.value_at_risk[0] == 0.0
    assert got.queue_value[0] == 0.0
    assert got.at_risk.tolist() == [False]
