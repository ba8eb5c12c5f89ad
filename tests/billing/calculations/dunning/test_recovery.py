"""Rates of recovery with their ranges, against published ones."""

from decimal import Decimal

import pytest

from billing.calculations.dunning.recovery import (
    Amounts,
    converted,
    involuntary,
    rate_by_amount,
    rate_by_count,
    uplift,
)
from billing.calculations.rates import Rate


def amounts(*pairs: tuple[float, float]) -> Amounts:
    """This will sum pairs of what failed and what came back."""
    return Amounts(
        len(pairs),
        sum(f for f, _r in pairs),
        sum(r for _f, r in pairs),
        sum(f * f for f, _r in pairs),
        sum(r * r for _f, r in pairs),
        sum(f * r for f, r in pairs),
    )


def test_by_count() -> None:
    # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I.
    found = rate_by_count(15, 148)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert rate_by_count(3, 9) == Rate(3 / 9)
    assert rate_by_count(0, 0) is None


def test_by_amount() -> None:
    # By hand: r = 600/1000; five cases 40 above, five 40 below 60 % of 100, so
    # s² = 10·40² / (10·9·100²).
    found = rate_by_amount(amounts(*[(100, 100)] * 5, *[(100, 20)] * 5))
    assert found is not None
    reach = 1.959964 * (10 * 40**2 / (90 * 100**2)) ** 0.5
    assert (found.share, found.low, found.high) == pytest.approx(
        (0.6, 0.6 - reach, 0.6 + reach)
    )


def test_a_large_case_widens_the_range_of_amounts() -> None:
    even = rate_by_amount(amounts(*[(100, 100)] * 10, *[(100, 0)] * 10))
    odd = rate_by_amount(amounts(*[(10, 10)] * 9, (910, 910), *[(100, 0)] * 10))
    assert even is not None
    assert odd is not None
    assert even.share == odd.share == 0.5
    assert even.low is not None
    assert odd.low is not None
    assert odd.low < even.low


def test_by_amount_without_a_range() -> None:
    assert rate_by_amount(amounts(*[(100, 50)] * 9)) == Rate(0.5)
    assert rate_by_amount(amounts(*[(100, 100)] * 10)) == Rate(1.0)
    assert rate_by_amount(amounts(*[(100, 0)] * 10)) == Rate(0.0)
    assert rate_by_amount(amounts()) is None


def test_a_range_of_amounts_stays_within_nothing_and_all() -> None:
    low = rate_by_amount(amounts(*[(100, 0)] * 9, (100, 50)))
    high = rate_by_amount(amounts(*[(100, 100)] * 9, (100, 50)))
    assert low is not None
    assert high is not None
    assert low.low == 0.0
    assert high.high == 1.0


@pytest.mark.parametrize(
    ("counts", "difference", "low", "high"),
    # Newcombe, "Interval estimation for the difference between independent proportions"
    # (1998), table II, method 10.
    [
        ((56, 70, 48, 80), 0.2, 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.6, 0.1705, 0.8090),
        ((5, 56, 0, 29), 0.0893, -0.0381, 0.1926),
        ((0, 10, 0, 20), 0.0, -0.1611, 0.2775),
        ((0, 10, 0, 10), 0.0, -0.2775, 0.2775),
        ((10, 10, 0, 20), 1.0, 0.6791, 1.0),
        ((10, 10, 0, 10), 1.0, 0.6075, 1.0),
    ],
)
def test_uplift(
    counts: tuple[int, int, int, int], difference: float, low: float, high: float
) -> None:
    found = uplift(*counts)
    assert found is not None
    assert (found.difference, found.low, found.high) == pytest.approx(
        (difference, low, high), abs=6e-5
    )
    assert found.sure == (low > 0)


def test_uplift_the_other_way() -> None:
    found = uplift(3, 10, 9, 10)
    assert found is not None
    assert found.sure
    assert found.high < 0


def test_too_few_to_compare() -> None:
    assert uplift(5, 9, 3, 40) is None
    assert uplift(30, 40, 3, 9) is None


def test_involuntary_churn() -> None:
    found = involuntary(15, 148)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert involuntary(1, 9) == Rate(1 / 9)
    assert involuntary(12, 10) == Rate(1.2)
    assert involuntary(1, 0) is None


def test_amounts_in_the_companys_currency() -> None:
    assert converted(Decimal("10.00"), Decimal("0.91255")) == Decimal("9.13")
    assert converted(Decimal(10), None) is None
