"""How survival is put together: by method, and from the published probability."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from health.calculations.lifetime import Lifetimes, Method, choose_method, joined
from tests.health.calculations.lifetime_rows import history, rows

shares = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("leavers", "months", "method"),
    [
        (29, 60, Method.ASSUMED),
        (30, 6, Method.CURVES),
        (99, 60, Method.CURVES),
        (100, 11, Method.CURVES),
        (100, 12, Method.BLEND),
    ],
)
def test_the_data_choose_the_method(
    leavers: int, months: float, method: Method
) -> None:
    assert choose_method(leavers, months) is method


@given(
    p90=arrays(np.float64, 5, elements=shares),
    leaving=arrays(np.float64, (5, 12), elements=st.floats(0.0, 0.9)),
)
@settings(max_examples=50, deadline=None)
def test_survival_falls_and_holds_the_published_probability(
    p90: np.ndarray,  # type: ignore[type-arg]
    leaving: np.ndarray,  # type: ignore[type-arg]
) -> None:
    got = joined(p90, leaving)
    assert 1.0 - got[:, 2] == pytest.approx(p90, abs=1e-8)
    assert np.all(np.diff(got, axis=1) <= 1e-12)
    assert np.all((got >= 0.0) & (got <= 1.0))


def test_the_published_probability_falls_on_who_can_leave_when() -> None:
    """A renewal in month 2; none at all: evenly; months 1 and 3 alike, not 2."""
    leaving = np.array([[0, 0.1, 0, 0.5], [0, 0, 0, 0], [0.2, 0, 0.2, 0]], dtype=float)
    got = joined(np.array([0.3, 0.271, 0.19]), leaving)
    expected = [[1, 0.7, 0.7, 0.35], [0.9, 0.81, 0.729, 0.729], [0.9, 0.9, 0.81, 0.81]]
    np.testing.assert_allclose(got, expected)


def test_few_leavers_leave_it_at_an_assumption() -> None:
    past = history(customers=30)
    got = Lifetimes(assumed_churn=0.3).fit(past)
    assert got.method_ is Method.ASSUMED
    assert got.hazard_ is None
    alive = got.survival(rows(interval=[12], tenure=[15]), np.array([0.0]), 12)
    assert alive[0, -1] == pytest.approx(0.7)


def test_some_leavers_make_curves() -> None:
    past = history(customers=150)
    got = Lifetimes().fit(past)
    assert got.method_ is Method.CURVES
    assert got.hazard_ is None
    assert 30 <= got.leavers_ < 100
    np.testing.assert_array_equal(got.leaving(past, 6), got.curves_.leaving(past, 6))


def test_many_leavers_are_blended() -> None:
    past = history(customers=600, effect=0.8)
    got = Lifetimes(most_lines=5000).fit(past)
    assert got.method_ is Method.BLEND
    assert got.hazard_ is not None
    assert got.months_ == pytest.approx(17, abs=0.1)
    stay = 1.0 - got.leaving(past, 6)
    hazard, curve = (
        np.log(1.0 - part.leaving(past, 6)) for part in (got.hazard_, got.curves_)
    )
    np.testing.assert_allclose(np.log(stay), (hazard + curve) / 2)


def test_a_method_can_be_asked_for() -> None:
    got = Lifetimes(method=Method.CURVES).fit(history(customers=600))
    assert got.method_ is Method.CURVES
    assert got.leavers_ >= 100


def test_nobody_at_all_is_an_assumption() -> None:
    past = history(customers=30)
    got = Lifetimes().fit(past.chosen(np.zeros(len(past), dtype=bool)))
    assert got.method_ is Method.ASSUMED
    assert got.months_ == 0.0


def test_leaving_only_in_between_renewals_leaves_it_at_curves() -> None:
    """All left in month 2 of a term that ends in month 4, of which 3 months are known."""
    n = 120
    past = rows(
        interval=[12] * n, renewal=[100] * n, left_after=[40] * n, observed=[92] * n
    )
    got = Lifetimes(method=Method.BLEND).fit(past)
    assert got.leavers_ == n
    assert got.method_ is Method.CURVES
    assert got.hazard_ is None


def test_what_a_certain_departure_takes_along_is_not_lost_from_sight() -> None:
    """p90 = 1, nobody leaves later: S(t)/S(3) is 1."""
    got = joined(np.array([1.0]), np.zeros((1, 6)))
    assert got[0, 3:] / got[0, 2] == pytest.approx([1.0, 1.0, 1.0])
    assert got[0, 2] == pytest.approx(0.0, abs=1e-8)
