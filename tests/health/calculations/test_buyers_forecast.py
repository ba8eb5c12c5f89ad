"""What will become of customers who buy without a subscription."""

import numpy as np
import pytest

from health.calculations.buyers import Bought, Buyers
from health.calculations.buyers_alive import alive_now
from health.calculations.buyers_forecast import (
    BuyersForecast,
    Terms,
    buyers_forecast,
)
from health.calculations.contribution import TicketRates
from health.calculations.landmarks import MONTH_DAYS
from tests.health.calculations.purchases import ALPHA, GAMMA, A, B, P, Q, R, published

TERMS = Terms(
    margin=0.8, ticket_cost=25.0, discount_rate=0.1, months=60, gone_below=0.2
)
# Days of the paper's customer, of others like it, and of those who bought once.
ROWS = Bought(
    x=np.array([2.0, 2.0, 10.0, 10.0, 0.0, 0.0, 0.0]),
    recency=np.array([213.0, 35.0, 266.0, 35.0, 0.0, 0.0, 0.0]),
    age=np.array([272.0, 272.0, 272.0, 272.0, 0.0, 365.0, 730.0]),
    mean=np.array([24.0, 24.0, 50.0, 50.0, 0.0, 0.0, 0.0]),
    tickets=np.zeros(7),
)


def said(buyers: Buyers | None = None, **terms: float) -> BuyersForecast:
    whole = {name: getattr(TERMS, name) for name in Terms.__slots__} | terms
    return buyers_forecast(buyers or published(), ROWS, Terms(**whole))


def test_the_chance_of_being_gone_is_one_with_the_curve() -> None:
    got = said()
    np.testing.assert_array_equal(got.p90, 1.0 - got.survival[:, 2])
    assert np.all(np.diff(got.survival, axis=1) <= 1e-12)
    assert np.all(got.survival[:, 0] <= got.alive)


def test_who_came_back_is_alive_as_the_model_says() -> None:
    model = published().purchases
    got = alive_now(model, ROWS)
    known = model.probability_alive(ROWS.x[:4], ROWS.recency[:4], ROWS.age[:4])
    np.testing.assert_allclose(got[:4], known)


def test_who_bought_once_fades_with_silence() -> None:
    """As likely to come back within a year as a new customer would be, at first."""
    alive = alive_now(published().purchases, ROWS)[4:]
    year = 12 * MONTH_DAYS
    back = [1 - ((ALPHA + t) / (ALPHA + t + year)) ** R for t in (0, 365, 730)]
    np.testing.assert_allclose(alive, np.array(back) / back[0])
    assert alive[0] == 1.0
    assert np.all(np.diff(alive) < 0)


def test_who_is_gone_is_not_said_to_leave() -> None:
    got = said()
    assert got.gone.tolist() == [False, True, False, True, False, False, True]
    assert got.may_leave.tolist() == [False] * 7
    assert np.all(got.at_risk[got.gone] == 0.0)
    assert np.all(got.at_risk[~got.gone] > 0.0)
    never = said(gone_below=0.0)
    assert not never.gone.any()
    # Likelier gone than not, and each had come back; who bought once is not waited for.
    assert never.may_leave.tolist() == [False, True, False, True, False, False, False]


def test_value_is_margin_less_support_for_each_purchase_expected() -> None:
    """By the model's own sums, and by the gamma-gamma mean."""
    rates = TicketRates((0,), (0.3,), 0.3, 1e6)
    buyers = published()
    got = said(Buyers(buyers.purchases, buyers.spend, rates))
    spend = P * (GAMMA + ROWS.x * ROWS.mean) / (P * ROWS.x + Q - 1)
    np.testing.assert_allclose(got.spend, spend)
    np.testing.assert_allclose(got.worth, 0.8 * spend - 25 * 0.3, rtol=1e-4)
    sums = buyers.purchases.discounted_purchases(
        ROWS.x, ROWS.recency, ROWS.age, months=60, yearly_rate=0.1, month=MONTH_DAYS
    )
    np.testing.assert_allclose(got.expected, sums * got.worth, rtol=2e-3)


def test_months_add_up_to_the_purchases_of_the_horizon() -> None:
    buyers = published()
    got = said()
    whole = buyers.purchases.expected_purchases(
        60 * MONTH_DAYS, ROWS.x, ROWS.recency, ROWS.age
    )
    np.testing.assert_allclose(got.purchases.sum(axis=1), whole, rtol=2e-3)
    year = buyers.purchases.expected_purchases(
        12 * MONTH_DAYS, ROWS.x, ROWS.recency, ROWS.age
    )
    np.testing.assert_allclose(got.purchases[:, :12].sum(axis=1), year, rtol=5e-3)


@pytest.mark.parametrize("months", [3, 4, 12, 119, 120])
def test_any_horizon(months: int) -> None:
    """What a longer one says of the first months is the same."""
    got, whole = said(months=months), said(months=120)
    assert got.survival.shape == (7, months)
    np.testing.assert_allclose(got.survival, whole.survival[:, :months], atol=2e-3)


def test_value_at_risk_is_what_would_come_later_from_one_that_stays() -> None:
    got = said(gone_below=0.0)
    discount = 1.1 ** (-np.arange(1, 61) / 12)
    later = (got.purchases * discount)[:, 3:].sum(axis=1) * got.worth
    np.testing.assert_allclose(
        got.at_risk, got.p90 * later / got.survival[:, 2], rtol=1e-9
    )


def test_the_simple_formula_is_next_years_revenue_times_years() -> None:
    got = said()
    years = got.survival.sum(axis=1) / 12
    spent = got.purchases[:, :12].sum(axis=1) * got.spend
    np.testing.assert_allclose(got.textbook, spent * years)


def test_ranges_hold_what_the_model_itself_draws() -> None:
    """Drawn: rate, chance to leave, lifetime, purchases and their amounts."""
    lots, draws = np.random.default_rng(8), 20_000
    row = ROWS.chosen(np.array([0, 2, 4]))
    got = buyers_forecast(published(), row, TERMS)
    shape = (3, draws)
    rate = lots.gamma(R + row.x[:, None], size=shape) / (ALPHA + row.age[:, None])
    leaves = lots.beta(A, B + row.x[:, None], size=shape)
    life, horizon = lots.exponential(size=shape) / (rate * leaves), 60 * MONTH_DAYS
    seen = np.minimum(life, horizon)
    count = lots.poisson(rate * (1 - leaves) * seen) + (life < horizon)
    believed = np.where(row.x > 0, got.alive, 1.0)
    count = count * (lots.random(shape) < believed[:, None])
    nu = lots.gamma(P * row.x[:, None] + Q, size=shape)
    nu /= (GAMMA + row.x * row.mean)[:, None]
    spent = np.where(count > 0, lots.gamma(np.maximum(P * count, 1e-9)) / nu, 0.0)
    factor = got.expected / got.spend / got.purchases.sum(axis=1)
    came = spent * factor[:, None]
    np.testing.assert_allclose(came.mean(axis=1), got.expected, rtol=0.03)
    below = (came < got.low[:, None]).mean(axis=1)
    above = (came > got.high[:, None]).mean(axis=1)
    assert np.all(below <= 0.13)
    assert np.all((above > 0.07) & (above < 0.13))
    assert np.all((got.low <= got.mid) & (got.mid <= got.high))


def test_support_that_costs_more_than_it_brings_turns_the_range_around() -> None:
    rates = TicketRates((0,), (3.0,), 3.0, 1e6)
    buyers = published()
    got = said(Buyers(buyers.purchases, buyers.spend, rates))
    assert np.all(got.expected < 0)
    assert np.all((got.low <= got.mid) & (got.mid <= got.high) & (got.high <= 0))


def test_without_amounts_nothing_is_expected() -> None:
    got = said(published(spend=False))
    assert not got.spend.any()
    assert not got.expected.any()
    assert not got.high.any()


def test_the_interval_is_that_of_the_parameters() -> None:
    plain = said()
    np.testing.assert_array_equal(plain.p90_low, plain.p90)
    np.testing.assert_array_equal(plain.p90_high, plain.p90)
    some, more = said(published(doubt=0.01)), said(published(doubt=0.04))
    for got in (some, more):
        assert np.all((got.p90_low < got.p90) & (got.p90 < got.p90_high))
    odds = [
        np.log(one.p90_high / (1 - one.p90_high)) - np.log(one.p90 / (1 - one.p90))
        for one in (some, more)
    ]
    np.testing.assert_allclose(odds[1], 2 * odds[0], rtol=1e-6)


def test_the_interval_is_that_of_draws() -> None:
    """Parameters drawn from the same covariance move p90 as far."""
    lots, buyers = np.random.default_rng(2), published(doubt=0.01)
    got, model = said(buyers), buyers.purchases
    place = np.log([model.r_, model.alpha_, model.a_, model.b_])
    drawn = []
    for step in 0.1 * lots.standard_normal((400, 4)):
        moved = published()
        one = moved.purchases
        one.r_, one.alpha_, one.a_, one.b_ = np.exp(place + step).tolist()
        drawn.append(said(moved).p90)
    low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
    np.testing.assert_allclose(got.p90_low, low, atol=0.02)
    np.testing.assert_allclose(got.p90_high, high, atol=0.02)


def test_each_is_forecast_as_if_it_were_alone() -> None:
    together = said(published(doubt=0.01))
    for place in range(len(ROWS.x)):
        alone = buyers_forecast(
            published(doubt=0.01), ROWS.chosen(np.array([place])), TERMS
        )
        for name in BuyersForecast.__slots__:
            np.testing.assert_allclose(
                getattr(alone, name)[0], getattr(together, name)[place], rtol=1e-12,
                atol=1e-12, err_msg=name,
            )  # fmt: skip


def test_nobody_is_forecast_as_nobody() -> None:
    got = buyers_forecast(published(doubt=0.01), ROWS.chosen(np.arange(0)), TERMS)
    assert got.p90.shape == (0,)
    assert got.survival.shape == (0, 60)
