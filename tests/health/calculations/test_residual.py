"""Residual lifetimes against the paper's table and against plain sums."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import hyp2f1

from health.calculations.residual import (
    discounted_lifetime,
    hypergeometric,
    residual_after_renewal,
    residual_before_renewal,
)

# Fader & Hardie 2010, table 3, at 10 %: just before renewals 1 to 5.
TABLE_3 = [
    (3.80, 15.20, [3.31, 3.45, 3.59, 3.72, 3.84]),
    (1 / 15, 4 / 15, [7.68, 9.46, 9.86, 10.06, 10.19]),
]


@pytest.mark.parametrize(("alpha", "beta", "published"), TABLE_3)
def test_table_3(alpha: float, beta: float, published: list[float]) -> None:
    got = residual_before_renewal(alpha, beta, renewal=np.arange(1, 6), discount=0.1)
    np.testing.assert_array_equal(np.round(got, 2), published)


def test_both_cases_lose_a_fifth_in_the_first_year_and_look_alike() -> None:
    """A retention rate of 0.8 held constant gives Σ 0.8^t / 1.1^(t−1) = 2.93 for both."""
    naive = 0.8 * 1.1 / (1.1 - 0.8)
    assert round(naive, 2) == 2.93
    for alpha, beta, published in TABLE_3:
        assert alpha / (alpha + beta) == pytest.approx(0.2)
        assert naive < published[0]


POSITIVE = st.floats(0.01, 50.0)
DISCOUNTS = st.floats(0.05, 2.0)


@given(POSITIVE, POSITIVE, DISCOUNTS)
def test_a_lifetime_is_the_sum_of_what_is_paid(
    alpha: float, beta: float, discount: float
) -> None:
    t = np.arange(1000)
    alive = np.cumprod(np.append(1.0, (beta + t[:-1]) / (alpha + beta + t[:-1])))
    paid = alive @ (1.0 + discount) ** -t.astype(float)
    assert discounted_lifetime(alpha, beta, discount=discount) == pytest.approx(
        paid, rel=1e-9
    )


@given(POSITIVE, POSITIVE, DISCOUNTS, st.integers(1, 20))
def test_before_a_renewal_is_staying_times_paying_and_what_follows(
    alpha: float, beta: float, discount: float, n: int
) -> None:
    stays = (beta + n - 1) / (alpha + beta + n - 1)
    before = residual_before_renewal(alpha, beta, renewal=n, discount=discount)
    after = residual_after_renewal(alpha, beta, renewals=n, discount=discount)
    assert before == pytest.approx(stays * (1.0 + after))
    following = residual_before_renewal(alpha, beta, renewal=n + 1, discount=discount)
    assert after == pytest.approx(following / (1.0 + discount))


def test_a_new_customer_pays_today_and_then_has_a_residual() -> None:
    whole = discounted_lifetime(0.704, 1.182, discount=0.1)
    rest = residual_after_renewal(0.704, 1.182, renewals=0, discount=0.1)
    assert whole == pytest.approx(1.0 + rest)
    assert round(float(whole), 3) == 3.695


def test_the_function_where_it_is_known_and_where_scipy_has_no_answer() -> None:
    b, c = np.array([0.5, 2.0, 30.0, 0.6]), np.array([1.2, 2.5, 31.0, 1.0])
    np.testing.assert_allclose(
        hypergeometric(b, c, 0.9), hyp2f1(1.0, b, c, 0.9), rtol=1e-10
    )
    # As κ grows it is that of constant churn, 1 / (1 − z (1 − φ)).
    high = hypergeometric(np.array([0.99e9]), np.array([1e9]), 0.9)
    assert high[0] == pytest.approx(1.0 / (1.0 - 0.9 * 0.99), rel=1e-6)


@pytest.mark.parametrize("discount", [0.0, -0.1, np.nan])
def test_without_a_discount_there_may_be_no_end(discount: float) -> None:
    with pytest.raises(ValueError, match="discount above 0"):
        discounted_lifetime(1.0, 1.0, discount=discount)
