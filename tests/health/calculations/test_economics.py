"""Which customers are worth winning: the arithmetic of the schoolbooks, and its limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health.calculations.economics import (
    Acquisition,
    Change,
    Variables,
    acquisition,
    changed,
    outcome,
    payback_months,
    retained_more,
)

PLAIN = Variables(revenue=100.0, margin=0.8, support=10.0, acquisition_cost=500.0)


def weighed(group, brings, spend, months=24, **settings):  # type: ignore[no-untyped-def]
    """This will weigh customers that bring the same in every draw, evenly by the month."""
    brings = np.asarray(brings, dtype=float)
    return acquisition(
        np.asarray(group),
        np.tile(brings[:, None], (1, 50)),
        spend=spend,
        paths=np.tile(brings[:, None] / months, (1, months)),
        seed=1,
        **settings,
    )


def test_a_customer_of_100_a_month_for_24_months() -> None:
    """Is worth 2,400; with 1,200 spent it doubles the money, back after 12 months."""
    got = weighed([7, 7], [2400, 2400], {7: 2400.0})
    assert got.group.tolist() == [7]
    assert got.customers.tolist() == [2]
    assert got.clv.tolist() == [2400.0]
    assert got.cac.tolist() == [1200.0]
    assert got.gain.tolist() == [1200.0]
    assert got.ratio.tolist() == [2.0]
    assert got.payback == pytest.approx([12.0])
    assert got.most.tolist() == [2400.0]
    assert got.profit.tolist() == [2400.0]
    assert got.clv_range.low == pytest.approx([2400.0])


@pytest.mark.parametrize(
    ("brings", "gain", "loss"), [(40.0, -10.0, True), (60.0, 10.0, False)]
)
def test_50_spent_on_a_customer_of_40_is_a_loss_and_of_60_a_gain(
    brings: float, gain: float, *, loss: bool
) -> None:
    got = weighed([1] * 10, [brings] * 10, {1: 500.0})
    assert got.gain.tolist() == [gain]
    assert got.profit.tolist() == [10 * gain]
    assert got.sure_loss.tolist() == [loss]
    assert got.most.tolist() == [brings]


def test_groups_are_ranked_by_gain_and_equals_by_number() -> None:
    got = weighed([3, 1, 2, 4], [10, 30, 10, 90], {4: 100.0})
    assert isinstance(got, Acquisition)
    assert got.group[got.ranked].tolist() == [1, 2, 3, 4]


def test_what_costs_nothing_has_no_end_to_its_ratio() -> None:
    got = weighed([1, 2], [10, 0], {})
    assert got.ratio[0] == np.inf
    assert np.isnan(got.ratio[1])
    assert got.payback.tolist() == [0.0, 0.0]


def test_what_may_be_spent_follows_the_ratio_that_is_wanted() -> None:
    got = weighed([1, 2], [900, -5], {}, wanted_ratio=3.0)
    assert got.most.tolist() == [300.0, 0.0]


def test_ranges_hold_that_other_customers_might_have_come() -> None:
    """100 customers of 0 or 200: the mean is 100, its standard error 10."""
    got = weighed([1] * 100, [0, 200] * 50, {})
    drawn = acquisition(
        np.ones(100, dtype=int),
        np.tile(np.tile([0.0, 200.0], 50)[:, None], (1, 4000)),
        spend={},
        paths=np.zeros((100, 1)),
        seed=2,
    )
    assert got.clv.tolist() == [100.0]
    assert drawn.clv_range.mid == pytest.approx([100.0], abs=1.0)
    assert drawn.clv_range.high - drawn.clv_range.low == pytest.approx([25.6], rel=0.06)
    assert drawn.gain_range.low == drawn.clv_range.low


def test_payback_lies_between_months() -> None:
    """10 a month: 25 after 2.5; nothing after 0; 31 not within 3 months."""
    paths = np.full((4, 3), 10.0)
    got = payback_months(paths, np.array([25.0, 0.0, 31.0, 30.0]))
    assert got[[0, 1, 3]].tolist() == [2.5, 0.0, 3.0]
    assert np.isnan(got[2])


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
