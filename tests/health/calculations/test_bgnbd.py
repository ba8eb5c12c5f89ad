"""The BG/NBD model against its paper, its closed forms and its limits."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import hyp2f1

from health.calculations.bgnbd import BGNBD
from health.calculations.bgnbd_likelihood import Histories, cost
from health.calculations.life_table import UnableToFit
from tests.health.calculations.published import Purchases, cdnow


@pytest.fixture(scope="module")
def people() -> Purchases:
    return cdnow()


@pytest.fixture(scope="module")
def published(people: Purchases) -> BGNBD:
    return BGNBD().fit(people.x, people.t_x, people.age)


def known(r: float, alpha: float, a: float, b: float) -> BGNBD:
    model = BGNBD()
    model.r_, model.alpha_, model.a_, model.b_ = r, alpha, a, b
    return model


@pytest.mark.shared_data
def test_published_parameters(published: BGNBD) -> None:
    """The paper prints 0.243, 4.414, 0.793, 2.426 and −9582.4; CLVTools the rest."""
    got = (published.r_, published.alpha_, published.a_, published.b_)
    assert got == pytest.approx((0.2425945, 4.4136019, 0.7929199, 2.4258881), rel=2e-5)
    assert round(published.log_likelihood_, 3) == -9582.429
    assert (published.customers_, published.repeaters_) == (2357, 946)


@pytest.mark.shared_data
def test_the_papers_customer_and_the_second_half(
    published: BGNBD, people: Purchases
) -> None:
    """The paper: 1.226 purchases, and a correlation of 0.626 over all customers."""
    got = published.expected_purchases(39, 2, 30.43, 38.86)
    assert got.shape == (1,)
    assert round(float(got[0]), 3) == 1.226
    forecast = published.expected_purchases(39, people.x, people.t_x, people.age)
    assert round(float(np.corrcoef(forecast, people.later)[0, 1]), 3) == 0.626
    assert (round(forecast.sum()), people.later.sum()) == (1653, 1882)


@pytest.mark.shared_data
def test_the_unit_of_time_does_not_matter(published: BGNBD, people: Purchases) -> None:
    days = BGNBD().fit(people.x, 7 * people.t_x, 7 * people.age)
    assert days.alpha_ == pytest.approx(7 * published.alpha_, rel=1e-4)
    assert (days.r_, days.a_, days.b_) == pytest.approx(
        (published.r_, published.a_, published.b_), rel=1e-4
    )
    per_purchase = np.log(7.0) * people.x.sum()
    assert days.log_likelihood_ == pytest.approx(
        published.log_likelihood_ - per_purchase
    )


def test_equal_rows_are_counted_once_and_count_each_time() -> None:
    x, t_x, age = np.array([[2, 5, 9], [0, 0, 9], [2, 5, 9], [1, 3, 9.0]]).T
    rows = Histories.counted(x, t_x, age)
    np.testing.assert_array_equal(rows.count, [1, 1, 2])
    np.testing.assert_array_equal(rows.x, [0, 1, 2])
    np.testing.assert_array_equal(rows.count_of_x, [1, 1, 2])
    once = cost(Histories.counted(x, t_x, age), np.zeros(4))[0]
    twice = cost(Histories.counted(*np.tile((x, t_x, age), 2)), np.zeros(4))[0]
    assert once == pytest.approx(twice)


PLACES = st.lists(st.floats(-2.0, 2.0), min_size=4, max_size=4)
HISTORIES = st.lists(
    st.tuples(st.integers(0, 9), st.floats(0.1, 1.0), st.floats(0.0, 1.0)),
    min_size=1,
    max_size=9,
)


def columns(
    histories: list[tuple[int, float, float]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    x, last, more = np.array(histories, dtype=float).T
    t_x = np.where(x > 0, last, 0.0)
    return x, t_x, t_x + more


@given(HISTORIES, PLACES)
def test_the_likelihood_is_the_papers(
    histories: list[tuple[int, float, float]], place: list[float]
) -> None:
    """Section 4.3: a sum of two terms for each customer; and its derivatives."""
    from scipy.special import beta, gamma

    x, t_x, age = columns(histories)
    r, alpha, a, b = np.exp(place)
    lives = beta(a, b + x) * gamma(r + x) * alpha**r / (alpha + age) ** (r + x)
    left = np.where(
        x > 0,
        beta(a + 1, np.maximum(b + x - 1, b))
        * gamma(r + x)
        * alpha**r
        / (alpha + t_x) ** (r + x),
        0.0,
    )
    want = np.log((lives + left) / (beta(a, b) * gamma(r))).mean()
    rows = Histories.counted(x, t_x, age)
    value, slope = cost(rows, np.array(place))
    assert -value == pytest.approx(want, rel=1e-9, abs=1e-9)
    near = approx_fprime(place, lambda at: cost(rows, np.array(at))[0], 1e-6)
    np.testing.assert_allclose(slope, near, rtol=1e-3, atol=1e-4)


SHAPES = st.floats(0.1, 4.0)


@given(SHAPES, st.floats(0.5, 20.0), SHAPES, SHAPES, HISTORIES, st.floats(0.1, 5.0))
def test_expectations_are_equation_10(
    r: float,
    alpha: float,
    a: float,
    b: float,
    histories: list[tuple[int, float, float]],
    t: float,
) -> None:
    assume(abs(a - 1) > 0.01)
    assume(abs(a + b - 1) > 0.01)
    x, t_x, age = columns(histories)
    model = known(r, alpha, a, b)
    z, c = t / (alpha + age + t), a + b + x - 1
    gone = np.where(
        x > 0,
        a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + t_x)) ** (r + x),
        0.0,
    )
    ahead = 1 - (1 - z) ** (r + x) * hyp2f1(r + x, b + x, c, z)
    np.testing.assert_allclose(
        model.probability_alive(x, t_x, age), 1 / (1 + gone), rtol=1e-9
    )
    np.testing.assert_allclose(
        model.expected_purchases(t, x, t_x, age),
        c / (a - 1) * ahead / (1 + gone),
        rtol=1e-6,
        atol=1e-9,
    )


def test_new_customers_follow_equation_9_and_have_no_history() -> None:
    model = known(0.243, 4.414, 0.793, 2.426)
    t = np.array([0.0, 4.0, 39.0])
    c, z = 0.793 + 2.426 - 1, t / (4.414 + t)
    ahead = 1 - (4.414 / (4.414 + t)) ** 0.243 * hyp2f1(0.243, 2.426, c, z)
    got = model.expected_purchases_of_new(t)
    np.testing.assert_allclose(got, c / (0.793 - 1) * ahead, rtol=1e-8, atol=1e-12)
    nothing = np.zeros(3)
    np.testing.assert_array_equal(
        got, model.expected_purchases(t, nothing, nothing, nothing)
    )


@pytest.mark.parametrize(("a", "b"), [(1.0, 2.0), (0.4, 0.6)])
def test_where_the_closed_form_has_gaps(a: float, b: float) -> None:
    """At a = 1 and a + b = 1 it is 0 / 0; the values beside agree."""
    here, there = (
        known(0.5, 5.0, first, b).expected_purchases(20, [3, 0], [9, 0], [12, 12])
        for first in (a, a + 1e-7)
    )
    np.testing.assert_allclose(here, there, rtol=1e-6)


def test_who_never_came_back_cannot_have_left() -> None:
    model = known(0.243, 4.414, 0.793, 2.426)
    alive = model.probability_alive([0, 0, 1], [0, 0, 1], [0, 500, 500])
    np.testing.assert_array_equal(alive[:2], [1.0, 1.0])
    assert alive[2] < 0.1


@given(st.integers(1, 10_000), st.floats(0.01, 1000.0), st.floats(0.0, 1000.0))
def test_long_histories_do_not_overflow(x: int, t_x: float, more: float) -> None:
    model = known(0.243, 4.414, 0.793, 2.426)
    got = model.expected_purchases(52, x, t_x, t_x + more)
    most = 52 * (0.243 + x) / (4.414 + t_x + more)
    assert 0.0 <= got[0] <= most


def test_months_ahead_are_discounted_at_their_ends() -> None:
    model = known(0.243, 4.414, 0.793, 2.426)
    x, t_x, age = [2, 0, 2], [30.43, 0, 30.43], [38.86, 38.86, 38.86]
    month = 365.25 / 84
    until = np.array(
        [model.expected_purchases(k * month, x, t_x, age) for k in range(13)]
    )
    want = np.diff(until, axis=0).T @ 1.1 ** (-np.arange(1, 13) / 12)
    got = model.discounted_purchases(
        x, t_x, age, months=12, yearly_rate=0.1, month=month
    )
    np.testing.assert_allclose(got, want, rtol=1e-9)
    plain = model.discounted_purchases(
        x, t_x, age, months=12, yearly_rate=0.0, month=month
    )
    np.testing.assert_allclose(plain, until[-1], rtol=1e-9)
    nobody = model.discounted_purchases(
        [], [], [], months=3, yearly_rate=0.1, month=1.0
    )
    assert nobody.shape == (0,)


def test_one_customer_gives_finite_shapes() -> None:
    model = BGNBD().fit([3], [10.0], [12.0])
    found = np.array([model.r_, model.alpha_ / 12.0, model.a_, model.b_])
    assert np.all((found >= 0.999 * np.exp(-8)) & (found <= 1.001 * np.exp(8)))
    got = model.expected_purchases(12, 3, 10.0, 12.0)
    assert 0.0 < got[0] < 100.0


def test_nobody_came_back() -> None:
    with pytest.raises(UnableToFit, match="second time"):
        BGNBD().fit([0, 0], [0, 0], [5, 0])
    with pytest.raises(UnableToFit, match="second time"):
        BGNBD().fit([], [], [])


@pytest.mark.parametrize(
    ("x", "t_x", "age"), [(-1, 0, 1), (1, 2, 1), (0, 1, 2), (1, 0, 2), (1, np.nan, 2)]
)
def test_histories_that_cannot_be(x: float, t_x: float, age: float) -> None:
    with pytest.raises(ValueError, match="must hold"):
        BGNBD().fit([x], [t_x], [age])
