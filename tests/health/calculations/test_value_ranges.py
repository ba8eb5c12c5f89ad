"""Ranges of the margin to come, against sums written out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health.calculations import clv
from health.calculations.conformal import Widening
from health.calculations.contribution import Contribution, Growth
from health.calculations.value_ranges import CHUNK, lasting, value_ranges
from tests.health.calculations.lives import margin_draws, quantiles

HALVING = np.array([[1.0, 0.8, 0.6, 0.4, 0.2]])


def gross(amount: float, size: int = 1) -> Contribution:
    return Contribution(np.full(size, amount), np.zeros(size), 25.0)


def test_how_long_customers_last_by_hand() -> None:
    """Nine of ten last 1.5 months, half 3.5; a tenth outlasts the five."""
    assert [float(lasting(HALVING, share)[0]) for share in (0.9, 0.5, 0.1)] == (
        pytest.approx([1.5, 3.5, 5.0])
    )
    # 0.9 is reached half-way through the very first month.
    assert lasting(np.array([[0.8, 0.7]]), 0.9) == pytest.approx([0.5])


def test_a_customer_that_never_leaves_earns_the_whole_horizon() -> None:
    """No chance of leaving makes nothing zero, nothing infinite."""
    got = value_ranges(
        np.ones((1, 60)),
        gross(80.0),
        np.zeros(1),
        plan=np.ones(1, dtype=int),
        discount_rate=0.0,
    )
    assert got.values.expected == pytest.approx([4800.0])
    assert got.ranges.low == pytest.approx([4800.0])
    assert got.ranges.mid == pytest.approx([4800.0])
    assert got.ranges.high == pytest.approx([4800.0])
    assert got.values.at_risk.tolist() == [0.0]


def test_values_and_ranges_by_hand() -> None:
    """100 a month, no discount; 3 months expected, 0.6 a month after the third of them.

    What leaving would lose: (0.4 + 0.2) / 0.6 · 100 = 100; of it 40 % by p90.
    """
    got = value_ranges(
        HALVING,
        gross(100.0),
        np.array([0.4]),
        plan=np.ones(1, dtype=int),
        involuntary=np.array([0.1]),
        discount_rate=0.0,
    )
    assert got.values.expected == pytest.approx([300.0])
    assert got.values.staying == pytest.approx([500.0])
    assert got.values.at_risk == pytest.approx([40.0])
    assert got.values.at_risk_voluntary == pytest.approx([30.0])
    assert got.values.at_risk_involuntary == pytest.approx([10.0])
    ends = [got.ranges.low[0], got.ranges.mid[0], got.ranges.high[0]]
    assert ends == pytest.approx([150.0, 350.0, 500.0])


def test_drift_and_tickets_swing_by_the_root_of_their_squares() -> None:
    """Three months for certain: revenue drifts by 0.1·√(3/3), four tickets a month at 5.

    The tenth of customers that lasts longest: 300 · (e^0.128 − 1) = 41.02 and
    1.2816 · √12 · 5 = 22.20 on top of 300 − 60.
    """
    contribution = Contribution(
        np.array([100.0]), np.array([4.0]), 5.0, Growth(0.0, 0.1)
    )
    got = value_ranges(
        np.ones((1, 3)),
        contribution,
        np.zeros(1),
        plan=np.ones(1, dtype=int),
        discount_rate=0.0,
    )
    assert got.ranges.mid == pytest.approx([240.0])
    assert got.ranges.high - 240.0 == pytest.approx([np.hypot(41.02, 22.20)], abs=0.02)
    assert 240.0 - got.ranges.low == pytest.approx([np.hypot(36.09, 22.20)], abs=0.02)


def test_ranges_are_widened_by_plan() -> None:
    """A tenth of the 500 of staying below and above, for plan 2; the rest by 0."""
    got = value_ranges(
        np.repeat(HALVING, 2, axis=0),
        gross(100.0, 2),
        np.full(2, 0.4),
        plan=np.array([1, 2]),
        widening=Widening((2,), (0.1,), 0.0),
        discount_rate=0.0,
    )
    assert got.ranges.low == pytest.approx([150.0, 100.0])
    assert got.ranges.high == pytest.approx([500.0, 550.0])


def test_who_leaves_for_certain_is_worth_nothing_and_risks_nothing() -> None:
    got = value_ranges(
        np.zeros((1, 6)), gross(100.0), np.ones(1), plan=np.ones(1, dtype=int)
    )
    assert got.values.expected.tolist() == [0.0]
    assert got.values.at_risk.tolist() == [0.0]
    assert got.ranges.low[0] <= got.ranges.mid[0] <= got.ranges.high[0]


def test_the_ranges_are_those_of_many_draws() -> None:
    """What 400 simulated fates of a customer say, to some hundredths of its worth."""
    chance = np.array([0.0, 0.02, 0.06, 0.1])
    alive = (1.0 - chance[:, None]) ** np.arange(1, 61)
    contribution = Contribution(
        np.full(4, 100.0), np.full(4, 0.5), 25.0, Growth(0.001, 0.02)
    )
    got = value_ranges(alive, contribution, 1 - alive[:, 2], plan=np.ones(4, dtype=int))
    fates = margin_draws(alive, contribution, discount_rate=0.1, seed=1, draws=400)
    drawn = quantiles(fates)
    for column, ours in enumerate((got.ranges.low, got.ranges.mid, got.ranges.high)):
        apart = np.abs(ours - drawn[:, column]) / got.values.staying
        assert apart.max() < 0.04
    # Their spread too, which sums are told with.
    np.testing.assert_allclose(np.sqrt(got.own), fates.std(axis=1), rtol=0.08)


def test_what_a_sum_rests_on_by_hand() -> None:
    """100 a month, S = 1, 0.8, 0.6, 0.4, 0.2: 100 to 500 with 20 of 100 each.

    The mean is 300, of the squares 110,000. Were every chance of leaving 1 % higher, S
    would be S^1.01.
    """
    got = value_ranges(
        HALVING,
        gross(100.0),
        np.zeros(1),
        plan=np.ones(1, dtype=int),
        discount_rate=0.0,
    )
    assert got.values.expected == pytest.approx([300.0])
    assert got.own == pytest.approx([20_000.0])
    less = 100.0 * (HALVING - HALVING**1.0001).sum()
    assert got.lever == pytest.approx([less / 0.0001], rel=1e-3)


def test_customers_do_not_depend_on_who_is_beside_them() -> None:
    size = CHUNK + 7
    lots = np.random.default_rng(0)
    alive = np.cumprod(1.0 - 0.1 * lots.random((size, 24)), axis=1)
    contribution = Contribution(lots.random(size), lots.random(size), 0.1)
    p90 = 1.0 - alive[:, 2]
    plan = lots.integers(1, 4, size)
    whole = value_ranges(alive, contribution, p90, plan=plan)
    last = np.arange(size - 5, size)
    alone = value_ranges(
        alive[last], contribution.chosen(last), p90[last], plan=plan[last]
    )
    np.testing.assert_allclose(
        alone.values.expected, whole.values.expected[last], rtol=1e-12
    )
    np.testing.assert_allclose(
        alone.values.at_risk, whole.values.at_risk[last], rtol=1e-12
    )
    np.testing.assert_allclose(alone.ranges.low, whole.ranges.low[last], rtol=1e-12)


@given(
    p=st.floats(0.0, 1.0),
    part=st.floats(0.0, 1.0),
    amount=st.floats(0.0, 1e6),
    spread=st.floats(0.0, 0.2),
)
@settings(max_examples=50, deadline=None)
def test_parts_add_up_and_ends_are_in_order(
    p: float, part: float, amount: float, spread: float
) -> None:
    alive = (1.0 - p) ** (np.arange(1, 13)[None, :] / 3.0)
    contribution = Contribution(
        np.array([amount]), np.array([0.1]), 25.0, Growth(0.0, spread)
    )
    got = value_ranges(
        alive,
        contribution,
        np.array([p]),
        plan=np.ones(1, dtype=int),
        involuntary=np.array([p * part]),
    )
    whole = got.values.at_risk_voluntary + got.values.at_risk_involuntary
    assert whole.tolist() == got.values.at_risk.tolist()
    assert got.ranges.low[0] <= got.ranges.mid[0] <= got.ranges.high[0]


def test_values_grow_like_the_revenue() -> None:
    contribution = Contribution(
        np.array([100.0]), np.array([1.0]), 10.0, Growth(float(np.log(1.01)), 0.0)
    )
    got = value_ranges(
        np.ones((1, 3)),
        contribution,
        np.zeros(1),
        plan=np.ones(1, dtype=int),
        discount_rate=0.0,
    )
    assert got.values.expected == pytest.approx([101 + 102.01 + 103.0301 - 30])
    discount = clv.discounts(0.1, 3, growth=float(np.log(1.01)))
    assert discount[0] == pytest.approx(1.01 * 1.1 ** (-1 / 12))
