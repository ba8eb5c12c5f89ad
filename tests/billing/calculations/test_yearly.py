"""Paying by the year against paying by the month."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.calculations.yearly import (
    Assumptions,
    Terms,
    break_even,
    gain,
    hazard,
    leaving_in_a_year,
    monthly_value,
    yearly_value,
)

FLAT = Assumptions(margin=1.0, discount_rate=0.0, years=1)


def test_who_never_leaves_only_costs_the_discount() -> None:
    nobody = np.array([0.0])
    assert monthly_value(nobody, FLAT) == pytest.approx([12])
    assert yearly_value(nobody, Terms(0.1), FLAT) == pytest.approx([10.8])
    assert gain(np.array([500.0]), nobody, Terms(0.1), FLAT) == pytest.approx([-600])
    assert gain(np.array([500.0]), nobody, Terms(0, 2), FLAT) == pytest.approx([-1000])


def test_who_leaves_at_once_pays_one_month_or_a_year() -> None:
    everybody = np.array([1.0])
    assert monthly_value(everybody, FLAT) == pytest.approx([1])
    assert gain(np.array([100.0]), everybody, Terms(0.1), FLAT) == pytest.approx([980])


def test_a_year_by_hand() -> None:
    # 27.1 % in 90 days are 10 % a month, and 1 − 0.9¹² = 71.757 % a year.
    churn = np.array([1 - 0.9**3])
    assert hazard(churn) == pytest.approx([0.1])
    assert leaving_in_a_year(churn) == pytest.approx([1 - 0.9**12])
    # A geometric series: (1 − 0.9¹²) / 0.1.
    assert monthly_value(churn, FLAT) == pytest.approx([(1 - 0.9**12) / 0.1])
    two = Assumptions(margin=0.5, discount_rate=0.0, years=2)
    monthly = (1 - 0.9**24) / 0.1
    yearly = 10.8 + 10.8 * 0.9**12
    assert gain(np.array([200.0]), churn, Terms(0.1), two) == pytest.approx(
        [0.5 * 200 * (yearly - monthly)]
    )


def test_money_that_comes_later_counts_less() -> None:
    assumed = Assumptions(margin=1.0, discount_rate=0.21, years=2)
    nobody = np.array([0.0])
    v = 1.21 ** (-1 / 12)
    assert monthly_value(nobody, assumed) == pytest.approx([(1 - v**24) / (1 - v)])
    assert yearly_value(nobody, Terms(), assumed) == pytest.approx([12 + 12 / 1.21])


def test_a_discount_holds_every_year_and_free_months_the_first() -> None:
    assert Terms(0.25).prices(3).tolist() == [9, 9, 9]
    assert Terms(0, 2).prices(3).tolist() == [10, 12, 12]


def test_the_break_even_is_where_both_are_worth_the_same() -> None:
    assumed = Assumptions(margin=0.8, discount_rate=0.1)
    churn = np.array([0.02, 0.05, 0.1])
    for terms in (Terms(0.1), Terms(0, 1)):
        even = break_even(churn, terms, assumed)
        inside = (even > 0) & (even < 1)
        assert inside.any()
        worth = yearly_value(even, terms, assumed)
        assert worth[inside] == pytest.approx(monthly_value(churn, assumed)[inside])


def test_some_offers_always_pay_and_some_never() -> None:
    assumed = Assumptions(margin=1.0, discount_rate=0.0)
    # So few leave that a fifth off for ever is too much; so many that a year is enough.
    never, always = break_even(np.array([0.001, 0.9]), Terms(0.2), assumed)
    assert np.isnan(never)
    assert always == 1.0


@settings(max_examples=40)
@given(
    churn=st.floats(0.0, 0.95),
    discount=st.floats(0.01, 0.3),
    rate=st.floats(0.0, 0.3),
)
def test_more_off_is_worth_less_and_the_gain_has_the_sign_of_the_break_even(
    churn: float, discount: float, rate: float
) -> None:
    assumed = Assumptions(margin=0.8, discount_rate=rate)
    one, mrr = np.array([churn]), np.array([100.0])
    (brings,) = gain(mrr, one, Terms(discount), assumed)
    (less,) = gain(mrr, one, Terms(discount + 0.01), assumed)
    assert less < brings
    (even,) = break_even(one, Terms(discount), assumed)
    (leaves,) = leaving_in_a_year(one)
    if abs(brings) > 1e-6 and not np.isnan(even) and even < 1.0:
        assert (brings > 0) == (even > leaves)
