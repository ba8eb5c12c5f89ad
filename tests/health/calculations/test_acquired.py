"""Which customers are worth winning: the arithmetic of the schoolbooks, and its limits."""

from typing import Any

import numpy as np
import pytest

from health.calculations.acquired import (
    Acquisition,
    GroupSums,
    acquisition,
    believed_miss,
    own_spread,
    payback_months,
)


def sums_of(
    group: Any, brings: Any, spend: dict[int, float], *, months: int = 24, **more: Any
) -> GroupSums:
    """This will sum customers that bring evenly by the month, all of it in the past."""
    group, brings = np.asarray(group), np.asarray(brings, dtype=float)
    groups, place, count = np.unique(group, return_inverse=True, return_counts=True)

    def total(column: Any) -> Any:
        return np.bincount(place, column, len(groups))

    values = {
        "group": groups.astype(np.int64),
        "customers": count.astype(float),
        "value": total(brings),
        "squares": total(brings**2),
        "spread": np.zeros(len(groups)),
        "future": np.zeros(len(groups)),
        "spent": np.array([spend.get(one, 0.0) for one in groups.tolist()]),
        "margin": np.tile(total(brings)[:, None] / months, (1, months)),
        "through": np.tile(count[:, None].astype(float), (1, months)),
    }
    return GroupSums(**{**values, **more})


def weighed(
    group: Any, brings: Any, spend: dict[int, float], **more: Any
) -> Acquisition:
    return acquisition(sums_of(group, brings, spend), **more)


def test_a_customer_of_100_a_month_for_24_months() -> None:
    """Is worth 2,400; with 1,200 spent it doubles the money, back after 12 months."""
    got = weighed([7, 7], [2400, 2400], {7: 2400.0})
    assert got.group.tolist() == [7]
    assert got.customers.tolist() == [2]
    assert got.clv.tolist() == [100 * 24]
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
    got = weighed([1] * 20, [brings] * 20, {1: 1000.0})
    assert got.gain.tolist() == [gain]
    assert got.profit.tolist() == [20 * gain]
    assert got.sure_loss.tolist() == [loss]
    assert got.sure_gain.tolist() == [not loss]
    assert got.most.tolist() == [brings]


def test_of_few_customers_nothing_is_said() -> None:
    got = weighed([1] * 19, [40.0] * 19, {1: 950.0})
    assert got.gain.tolist() == [-10.0]
    assert (got.few.tolist(), got.sure_loss.tolist()) == ([True], [False])


def test_groups_are_ranked_by_gain_and_equals_by_number() -> None:
    got = weighed([3, 1, 2, 4], [10, 30, 10, 90], {4: 100.0})
    assert got.group[got.ranked].tolist() == [1, 2, 3, 4]


def test_money_that_brought_nobody_comes_last() -> None:
    sums = sums_of([1, 2, 3], [10, 0, 0], {2: 70.0, 3: 50.0})
    sums.customers[1:] = 0.0
    got = acquisition(sums)
    assert np.isnan(got.clv[1:]).all()
    assert got.profit.tolist() == [10.0, -70.0, -50.0]
    assert got.group[got.ranked].tolist() == [1, 3, 2]
    assert got.sure_loss.tolist() == [False, False, False]


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
    assert got.clv_range.high - got.clv_range.low == pytest.approx([25.6], rel=0.01)
    assert got.gain_range.low.tolist() == got.clv_range.low.tolist()


def test_ranges_are_those_of_the_bayesian_bootstrap() -> None:
    """Against 8,000 draws of weights, and of how each customer's own life goes."""
    lots = np.random.default_rng(5)
    brings, own = lots.gamma(2.0, 50.0, 200), 40.0
    weight = lots.standard_exponential((200, 8000))
    means = brings @ weight / weight.sum(0)
    means += own * lots.standard_normal((200, 8000)).mean(0)
    low, high = np.quantile(means, (0.1, 0.9))
    sums = sums_of([1] * 200, brings, {}, spread=np.array([200 * own**2]))
    got = acquisition(sums).clv_range
    assert got.low == pytest.approx([low], abs=0.4)
    assert got.high == pytest.approx([high], abs=0.4)


def test_a_common_miss_does_not_go_away_with_many_customers() -> None:
    """10,000 of whom 80 of 100 is yet to come, off by 10 %: ± 1.28 · 8."""
    sums = sums_of([1] * 10_000, [100] * 10_000, {}, future=np.array([800_000.0]))
    got = acquisition(sums, miss=0.1).clv_range
    assert got.high - got.mid == pytest.approx([1.28155 * 8], rel=1e-4)


def test_a_range_of_two_halves() -> None:
    """Even halves are a normal one; of uneven ones the variance is that of draws."""
    z = 1.2815515655446004
    assert own_spread(*(np.array([x]) for x in (90.0, 100.0, 110.0))) == pytest.approx(
        [(10 / z) ** 2]
    )
    lots = np.abs(np.random.default_rng(3).standard_normal(400_000))
    halves = np.concatenate([100 - lots[:200_000] * 5, 100 + lots[200_000:] * 20])
    got = own_spread(
        np.array([100 - 5 * z]), np.array([100.0]), np.array([100 + 20 * z])
    )
    assert got == pytest.approx([halves.var()], rel=0.01)


@pytest.mark.parametrize(
    ("expected", "realised", "miss"),
    [
        (0.0, 5.0, 0.10),
        (100.0, 110.0, 0.10),
        (100.0, 100.0, np.sqrt(0.03 / 4)),
        (100.0, 60.0, np.sqrt((0.03 + 0.16) / 4)),
    ],
)
def test_a_year_that_was_checked_counts_as_one_of_four(
    expected: float, realised: float, miss: float
) -> None:
    assert believed_miss(expected, realised) == pytest.approx(miss)


def test_payback_lies_between_months() -> None:
    """10 a month: 25 after 2.5; nothing after 0; 31 not within 3 months."""
    paths = np.full((4, 3), 10.0)
    got = payback_months(paths, np.array([25.0, 0.0, 31.0, 30.0]))
    assert got[[0, 1, 3]].tolist() == [2.5, 0.0, 3.0]
    assert np.isnan(got[2])


def later(*, cost: float, future: float, margin: float = 10.0) -> float:
    """This will pay a cost back by 20 customers of which 4 months were seen so far."""
    through = np.array([[20.0, 20.0, 20.0, 20.0, 19.0, 0.0]])
    sums = sums_of(
        [1] * 20,
        [4 * margin + future] * 20,
        {1: 20 * cost},
        future=np.array([20 * future]),
        margin=margin * through,
        through=through,
    )
    return float(acquisition(sums).payback[0])


def test_what_is_not_paid_back_yet_goes_on_at_a_fading_pace() -> None:
    """40 came in 4 months; of 100 to come the first month brings 10, the next 9 …"""
    assert later(cost=40, future=100) == pytest.approx(4.0)
    assert later(cost=50, future=100) == pytest.approx(5.0)
    assert later(cost=59, future=100) == pytest.approx(6.0)
    assert later(cost=45, future=8) == pytest.approx(4.5)  # it comes in at once


def test_what_costs_more_than_it_brings_is_never_paid_back() -> None:
    assert np.isnan(later(cost=141, future=100))
    assert np.isnan(later(cost=40, future=100, margin=0.0))
