"""What a new customer is worth: the arithmetic of the schoolbooks, and its limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health.calculations.economics import (
    Change,
    Variables,
    changed,
    outcome,
    retained_more,
)

PLAIN = Variables(revenue=100.0, margin=0.8, support=10.0, acquisition_cost=500.0)


def test_the_value_of_a_new_customer() -> None:
    """Without churn or discount: 24 months of 100·0.8 − 10, less the cost of winning it."""
    got = outcome(np.ones(24), PLAIN, discount_rate=0.0)
    assert got.clv == pytest.approx(24 * 70)
    assert got.profit == pytest.approx(24 * 70 - 500)
    assert (got.retention, got.lifetime) == (1.0, 24.0)


def test_five_points_of_retention() -> None:
    """80 % left after a year become 85 %; half as many months lost at every age."""
    alive = 0.8 ** (np.arange(1, 61) / 12)
    got = outcome(alive, PLAIN, Change(retention=0.05))
    before = outcome(alive, PLAIN)
    assert before.retention == pytest.approx(0.80)
    assert got.retention == pytest.approx(0.85)
    expected = 0.85 ** (np.arange(1, 61) / 12)
    assert got.lifetime == pytest.approx(expected.sum())
    assert got.clv / before.clv == pytest.approx(
        (expected * 1.1 ** (-np.arange(1, 61) / 12)).sum()
        / (alive * 1.1 ** (-np.arange(1, 61) / 12)).sum()
    )


def test_retention_has_its_bounds() -> None:
    alive = 0.98 ** (np.arange(1, 13) / 12)
    assert retained_more(alive, 0.05)[-1] == pytest.approx(0.999)
    assert retained_more(alive, -2.0)[-1] == pytest.approx(1e-6)
    assert retained_more(np.ones(12), 0.05).tolist() == [1.0] * 12
    assert retained_more(np.zeros(12), 0.05).tolist() == [0.0] * 12


def test_a_higher_price_is_all_margin() -> None:
    """110 of which 20 are cost, as before: 90 remain."""
    got = changed(PLAIN, Change(price=0.1))
    assert got.revenue == pytest.approx(110.0)
    assert got.revenue * got.margin == pytest.approx(90.0)


def test_costs_change_by_shares() -> None:
    got = changed(PLAIN, Change(support=-0.5, acquisition_cost=0.2, margin=0.05))
    assert got.support == 5.0
    assert got.acquisition_cost == 600.0
    assert got.margin == pytest.approx(0.85)


def test_without_revenue_there_is_no_margin() -> None:
    free = Variables(revenue=0.0, margin=0.8, support=1.0, acquisition_cost=0.0)
    assert changed(free, Change(price=0.5)).margin == 0.0


@given(points=st.floats(0.0, 0.2), price=st.floats(0.0, 0.5))
@settings(max_examples=30, deadline=None)
def test_better_retention_and_prices_never_lower_the_value(
    points: float, price: float
) -> None:
    alive = 0.7 ** (np.arange(1, 61) / 12)
    got = outcome(alive, PLAIN, Change(retention=points, price=price))
    assert got.clv >= outcome(alive, PLAIN).clv
