"""The beta-discrete-Weibull model against its paper and against the sBG it contains."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from health.calculations.bdw import (
    BDW,
    likelihood_ratio,
    log_likelihood,
    log_survival,
    needs_bdw,
)
from health.calculations.life_table import (
    LifeTable,
    UnableToFit,
    life_table_from_survivors,
)
from health.calculations.posterior import FLAT
from health.calculations.sbg import SBG, survival
from tests.health.calculations.published import survivors

# Segment, years learnt from, then α, β, c, ln L.
FITS = [
    ("Regular", 4, 0.5230, 0.8943, 1.1964, -1401.3831),
    ("High-end", 4, 0.2593, 1.7226, 1.5844, -1222.7493),
    ("High-end", 7, 0.2143, 1.4266, 1.7236, -1605.3142),
]


@pytest.mark.shared_data
@pytest.mark.parametrize(("segment", "years", "alpha", "beta", "shape", "fit"), FITS)
def test_published_parameters(
    segment: str, years: int, alpha: float, beta: float, shape: float, fit: float
) -> None:
    table = life_table_from_survivors(survivors(segment)[: years + 1])
    model = BDW(prior=FLAT).fit(table)
    got = (model.alpha_, model.beta_, model.shape_)
    assert got == pytest.approx((alpha, beta, shape), abs=2e-4)
    assert round(model.log_likelihood_, 4) == fit
    assert (model.capped_, model.leavers_) == (False, table.leavers)
    assert model.kappa_ == pytest.approx(model.alpha_ + model.beta_)
    assert model.phi_ == pytest.approx(model.alpha_ / model.kappa_)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("segment", "statistic", "p_value", "asked"),
    [("Regular", 0.35, 0.553, False), ("High-end", 4.77, 0.029, True)],
)
def test_only_one_of_the_two_asks_for_it(
    segment: str, statistic: float, p_value: float, asked: bool
) -> None:
    table = life_table_from_survivors(survivors(segment)[:5])
    ratio = likelihood_ratio(table)
    assert round(ratio.statistic, 2) == statistic
    assert round(ratio.p_value, 3) == p_value
    assert needs_bdw(table) is asked
    assert needs_bdw(table, level=0.01) is False


@pytest.mark.shared_data
def test_the_later_years_of_high_end_are_forecast_better() -> None:
    known = survivors("High-end")
    table = life_table_from_survivors(known[:5])
    errors = [
        float(np.mean(np.abs(1000 * model.survival(np.arange(5, 13)) / known[5:] - 1)))
        for model in (BDW(prior=FLAT).fit(table), SBG(prior=FLAT).fit(table))
    ]
    assert [round(100 * error, 1) for error in errors] == [1.7, 13.2]


def exact(alpha: float, beta: float, shape: float) -> LifeTable:
    """This will return the table that a thousand customers give on average."""
    alive = np.exp(log_survival(alpha, beta, shape, np.arange(25)))
    return life_table_from_survivors(1000.0 * alive)


@pytest.mark.parametrize("shape", [0.7, 1.0, 1.6])
def test_what_is_exactly_so_is_found(shape: float) -> None:
    model = BDW(prior=FLAT).fit(exact(0.7, 5.0, shape))
    got = (model.alpha_, model.beta_, model.shape_)
    assert got == pytest.approx((0.7, 5.0, shape), rel=2e-3)


def test_a_shape_of_1_is_the_sbg() -> None:
    t = np.array([0.0, 1.0, 2.5, 30.0])
    got = np.exp(log_survival(0.7, 5.0, 1.0, t))
    np.testing.assert_allclose(got, survival(0.7, 5.0, t), rtol=1e-12)
    assert likelihood_ratio(exact(0.7, 5.0, 1.0)).p_value > 0.99


def test_the_derivatives_are_those_of_the_likelihood() -> None:
    table = life_table_from_survivors([100, 80, 70, 66, 50, 49])
    at = [0.2, 3.0, 1.3]
    near = approx_fprime(at, lambda place: log_likelihood(table, *place)[0], 1e-7)
    np.testing.assert_allclose(log_likelihood(table, *at)[1], near, rtol=1e-4)


def test_curves_of_a_model_fit_together() -> None:
    model = BDW().fit(exact(0.7, 5.0, 1.6))
    t = np.arange(1, 13)
    alive = model.survival(np.arange(13))
    np.testing.assert_allclose(model.retention(t), alive[1:] / alive[:-1])
    got = model.conditional_survival(np.array([2, 0, 2]), 10)
    np.testing.assert_allclose(got[1], alive[1:11])
    np.testing.assert_allclose(got[0], alive[3:] / alive[2])
    np.testing.assert_array_equal(got[0], got[2])


def test_nobody_to_learn_from() -> None:
    with pytest.raises(UnableToFit, match="faced a renewal"):
        likelihood_ratio(life_table_from_survivors([7]))
