"""What a forecast of a year ago teaches of customers without a subscription."""

from dataclasses import replace

import numpy as np
import pytest

from health.calculations.acquired import believed_miss
from health.calculations.buyers import Bought
from health.calculations.buyers_check import BoughtSince, bought_since, buyers_checked
from health.calculations.buyers_forecast import Terms, buyers_forecast
from health.calculations.forecast_buyers import ranges_of
from tests.health.calculations.purchases import published

YEAR = Terms(margin=0.8, ticket_cost=25.0, discount_rate=0.1, months=12, gone_below=0.0)
SIZE = 400


def bought() -> Bought:
    """Some come often, some have been silent for long."""
    lots = np.random.default_rng(1)
    x = lots.integers(0, 12, SIZE).astype(float)
    age = lots.integers(60, 400, SIZE).astype(float)
    recency = np.where(x > 0, age * lots.uniform(0.3, 1.0, SIZE), 0.0)
    return Bought(x, recency, age, np.where(x > 0, 40.0, 0.0), np.zeros(SIZE))


def test_what_was_bought_since_stands_beside_everybody() -> None:
    three = Bought(*np.zeros((5, 3)))
    found = bought_since(
        three, np.array([2, 5, 9]), np.array([1, 5]), np.array([7.0, 8.0])
    )
    assert found.amount.tolist() == [0.0, 8.0, 0.0]
    nobody = bought_since(
        three, np.array([2, 5, 9]), np.empty(0, dtype=int), np.empty(0)
    )
    assert nobody.amount.tolist() == [0.0, 0.0, 0.0]


def test_ranges_reach_as_far_as_four_in_five_needed() -> None:
    """Everybody bought three times as much as P90: ranges must reach there."""
    buyers, then = published(), bought()
    buyers.purchases.customers_ = SIZE
    said = buyers_forecast(buyers, then, YEAR)
    each = said.spend / said.worth
    came = 3.0 * said.high * each * 1.1**0.5
    found = buyers_checked(buyers, buyers, BoughtSince(then, came), YEAR)
    moved = ranges_of(said, found)
    realised = came / each * 1.1**-0.5
    held = (moved.low <= realised) & (realised <= moved.high)
    assert held.mean() == pytest.approx(0.8, abs=0.02)
    assert found.miss == believed_miss(said.expected.sum(), realised.sum())
    # Nobody brings less than nothing.
    assert moved.low.min() >= 0.0
    np.testing.assert_array_equal(moved.mid, said.mid)


def test_where_nothing_was_bought_ranges_that_hold_it_stay() -> None:
    buyers, then = published(), bought()
    said = buyers_forecast(buyers, then, YEAR)
    found = buyers_checked(buyers, buyers, BoughtSince(then, np.zeros(SIZE)), YEAR)
    before = ranges_of(said, buyers)
    after = ranges_of(said, replace(found, miss=0.0))
    np.testing.assert_allclose(after.low, before.low)
    assert (after.high >= before.mid).all()
    assert found.miss == believed_miss(1.0, 0.0)
