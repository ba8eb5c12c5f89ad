"""The gamma-gamma model against its note and its limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from health.calculations.gamma_gamma import (
    GammaGamma,
    _cost,
    frequency_value_correlation,
)
from health.calculations.life_table import UnableToFit
from tests.health.calculations.published import Purchases, cdnow


@pytest.fixture(scope="module")
def people() -> Purchases:
    return cdnow()


@pytest.fixture(scope="module")
def published(people: Purchases) -> GammaGamma:
    return GammaGamma().fit(people.x, people.value)


@pytest.mark.shared_data
def test_published_parameters(published: GammaGamma) -> None:
    """The note prints 6.25, 3.74 and 15.44; CLVTools the likelihood."""
    got = (published.p_, published.q_, published.gamma_)
    assert tuple(round(value, 2) for value in got) == (6.25, 3.74, 15.44)
    assert round(published.log_likelihood_, 4) == -4055.9177
    assert published.customers_ == 946
    assert round(published.mean_value(), 2) == 35.17


@pytest.mark.shared_data
def test_spend_hardly_depends_on_how_often_they_buy(people: Purchases) -> None:
    correlation = frequency_value_correlation(people.x, people.value)
    assert correlation is not None
    assert round(correlation, 2) == 0.11


@pytest.mark.shared_data
def test_the_currency_does_not_matter(published: GammaGamma, people: Purchases) -> None:
    cents = GammaGamma().fit(people.x, 100 * people.value)
    assert (cents.p_, cents.q_) == pytest.approx((published.p_, published.q_), rel=1e-4)
    assert cents.gamma_ == pytest.approx(100 * published.gamma_, rel=1e-4)
    per_customer = 946 * np.log(100.0)
    assert cents.log_likelihood_ == pytest.approx(
        published.log_likelihood_ - per_customer
    )


def known() -> GammaGamma:
    model = GammaGamma()
    model.p_, model.q_, model.gamma_ = 6.0, 4.0, 15.0
    return model


def test_expected_values_by_hand() -> None:
    """p = 6, q = 4, γ = 15: 90/3 = 30 for all; 6 · (15 + 2 · 45) / 15 = 42 after two."""
    model = known()
    got = model.expected_value([0, 2, 0], [0.0, 45.0, np.nan])
    np.testing.assert_allclose(got, [30.0, 42.0, 30.0])
    assert model.mean_value() == 30.0
    many = model.expected_value([1e9], [45.0])
    assert many[0] == pytest.approx(45.0)


CUSTOMERS = st.lists(
    st.tuples(st.integers(1, 20), st.floats(0.1, 10.0)), min_size=1, max_size=9
)
PLACES = st.lists(st.floats(-1.0, 2.0), min_size=3, max_size=3)


@given(CUSTOMERS, PLACES)
def test_the_likelihood_is_the_notes(
    customers: list[tuple[int, float]], place: list[float]
) -> None:
    """Equation 1a; and its derivatives."""
    from scipy.special import beta

    x, z = np.array(customers, dtype=float).T
    p, q, gamma = np.exp(place)
    want = (
        -np.log(beta(p * x, q))
        + q * np.log(gamma)
        + (p * x - 1) * np.log(z)
        + p * x * np.log(x)
        - (p * x + q) * np.log(gamma + x * z)
    ).mean()
    cost, slope = _cost(np.array(place), x, z)
    assert -cost == pytest.approx(want, rel=1e-9, abs=1e-8)
    near = approx_fprime(place, lambda at: _cost(np.array(at), x, z)[0], 1e-6)
    np.testing.assert_allclose(slope, near, rtol=1e-3, atol=1e-3)


def test_few_customers_give_finite_means() -> None:
    for value in ([40.0], [40.0, 40.0], [1.0, 1e6]):
        model = GammaGamma().fit(np.ones(len(value)), value)
        assert model.q_ >= 1.0999
        assert np.isfinite(model.mean_value())
        got = model.expected_value(np.ones(len(value)), value)
        assert np.all(np.isfinite(got) & (got > 0))


def test_rows_without_purchases_teach_nothing() -> None:
    x, z = np.array([1, 2, 5, 3]), np.array([20.0, 35.0, 30.0, 90.0])
    some = GammaGamma().fit(x, z)
    more = GammaGamma().fit(np.append(x, [0, 0]), np.append(z, [0.0, np.nan]))
    assert (more.p_, more.q_, more.gamma_) == (some.p_, some.q_, some.gamma_)
    assert more.customers_ == 4


def test_nobody_bought() -> None:
    with pytest.raises(UnableToFit, match="no spend"):
        GammaGamma().fit([0], [0.0])


@pytest.mark.parametrize(("x", "z"), [(1, 0.0), (2, -5.0), (1, np.nan), (-1, 3.0)])
def test_purchases_that_cannot_be(x: float, z: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        GammaGamma().fit([x], [z])


def test_no_correlation_where_nothing_varies() -> None:
    assert frequency_value_correlation([], []) is None
    assert frequency_value_correlation([2, 2], [3.0, 4.0]) is None
    assert frequency_value_correlation([1, 2], [3.0, 3.0]) is None
    assert frequency_value_correlation([1, 2, 0], [3.0, 5.0, 9.0]) == pytest.approx(1.0)
