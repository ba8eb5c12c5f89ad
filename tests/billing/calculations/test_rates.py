"""Rates of churn and of revenue."""

import pytest

from billing.calculations.rates import (
    Rate,
    customers_lost,
    kept,
    quick_ratio,
    revenue_lost,
    student,
    wilson,
    within,
)


@pytest.mark.parametrize(
    ("events", "of", "low", "high"),
    # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(events: int, of: int, low: float, high: float) -> None:
    found = wilson(events, of)
    assert found == pytest.approx((low, high), abs=5e-5)


def test_all_lost_ends_at_one() -> None:
    assert wilson(30, 30)[1] == 1.0


def test_few_customers_have_no_share() -> None:
    assert customers_lost(1, 19) is None
    found = customers_lost(1, 20)
    assert found is not None
    assert found.ranged
    assert found.share == 0.05


def test_more_lost_than_there_were_has_no_range() -> None:
    assert customers_lost(21, 20) == Rate(1.05)


def test_revenue_lost_with_the_range_of_the_months() -> None:
    # By hand: r = 60/600 = 0.1; residuals ±5 in four of six months, so
    # s² = 4·25 / (6·5·100²) and t(5) = 2.5706.
    found = revenue_lost([-15, -5, -15, -5, -10, -10], [100] * 6)
    assert found is not None
    assert found.share == pytest.approx(0.1)
    half = 2.5706 * (100 / (30 * 100**2)) ** 0.5
    assert (found.low, found.high) == pytest.approx((0.1 - half, 0.1 + half), abs=1e-4)


@pytest.mark.parametrize(
    ("lost", "opening", "share"),
    [([-10], [100], 0.1), ([0] * 6, [100] * 6, 0.0)],
)
def test_revenue_lost_without_a_range(
    lost: list[float], opening: list[float], share: float
) -> None:
    assert revenue_lost(lost, opening) == Rate(share)


def test_nothing_to_lose_has_no_rate() -> None:
    assert revenue_lost([0, 0], [0, 0]) is None
    assert revenue_lost([], []) is None


def test_a_range_does_not_go_below_nothing() -> None:
    found = revenue_lost([-60, 0, 0, 0, 0, 0], [100] * 6)
    assert found is not None
    assert found.low == 0.0


@pytest.mark.parametrize(
    ("freedom", "published"), [(5, 2.571), (11, 2.201), (23, 2.069)]
)
def test_students_points(freedom: int, published: float) -> None:
    assert student(freedom) == pytest.approx(published, abs=0.01)


def test_a_rate_of_some_months() -> None:
    assert within(Rate(0.1), 3) == Rate(pytest.approx(0.271))
    found = within(Rate(0.1, 0.05, 1.2), 2)
    assert (found.share, found.low, found.high) == pytest.approx((0.19, 0.0975, 1.0))


def test_what_is_kept_of_a_year_ago() -> None:
    assert kept(110, 100) == 1.1
    assert kept(110, 0) is None


def test_quick_ratio() -> None:
    assert quick_ratio(300, -100) == 3.0
    assert quick_ratio(300, 0) is None
