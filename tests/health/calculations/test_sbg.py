"""The shifted-beta-geometric model against its paper and against closed forms."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import betaln

from health.calculations.life_table import (
    LifeTable,
    UnableToFit,
    life_table,
    life_table_from_survivors,
)
from health.calculations.posterior import FLAT, MAX_KAPPA, WEAK
from health.calculations.sbg import (
    SBG,
    conditional_survival,
    log_likelihood,
    survival,
)
from tests.health.calculations.published import survivors
from tests.shared import data_folder

# Segment, years learnt from, then α, β, ln L (Fader & Hardie 2007 print 0.704, 1.182 and
# 0.668, 3.806 for seven years).
FITS = [
    ("Regular", 7, 0.7041, 1.1820, -1680.2652),
    ("High-end", 7, 0.6681, 3.8061, -1611.1581),
    ("Regular", 4, 0.7637, 1.2958, -1401.5594),
    ("High-end", 4, 1.2810, 7.7904, -1225.1349),
]


@pytest.mark.shared_data
@pytest.mark.parametrize(("segment", "years", "alpha", "beta", "fit"), FITS)
def test_published_parameters(
    segment: str, years: int, alpha: float, beta: float, fit: float
) -> None:
    table = life_table_from_survivors(survivors(segment)[: years + 1])
    model = SBG(prior=FLAT).fit(table)
    assert (round(model.alpha_, 4), round(model.beta_, 4)) == (alpha, beta)
    assert round(model.log_likelihood_, 4) == fit
    assert (model.capped_, model.leavers_) == (False, table.leavers)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("segment", "forecast", "real"), [("Regular", 170, 173), ("High-end", 378, 394)]
)
def test_survivors_of_year_12(segment: str, forecast: int, real: int) -> None:
    known = survivors(segment)
    model = SBG(prior=FLAT).fit(life_table_from_survivors(known[:8]))
    assert round(1000 * float(model.survival(12))) == forecast
    assert known[12] == real


@pytest.mark.shared_data
def test_churn_that_does_not_fall_ends_at_the_cap() -> None:
    """Yearly contracts of the Telco data: the likelihood alone runs to infinity."""
    path = data_folder("telco_ibm") / "Telco-Customer-Churn.csv"
    with path.open() as file:
        rows = [r for r in csv.DictReader(file) if r["Contract"] == "One year"]
    left = np.array([row["Churn"] == "Yes" for row in rows])
    tenure = np.array([int(row["tenure"]) for row in rows])
    table = life_table(np.where(left, tenure - 1, tenure), left)
    flat, weak = SBG(prior=FLAT).fit(table), SBG().fit(table)
    assert (flat.capped_, round(flat.kappa_)) == (True, MAX_KAPPA)
    assert (weak.capped_, round(float(weak.survival(24)), 3)) == (False, 0.937)
    lasting = SBG(prior=FLAT, max_kappa=50.0).fit(table)
    assert (lasting.capped_, round(lasting.kappa_, 6)) == (True, 50.0)


def exact(alpha: float, beta: float, *, first: int = 0, last: int = 30) -> LifeTable:
    """This will return the table that a thousand customers give on average."""
    alive = 1000.0 * survival(alpha, beta, np.arange(last + 1))
    table = life_table_from_survivors(alive)
    seen = np.arange(last) >= first
    return LifeTable(table.kept * seen, table.lost * seen)


@pytest.mark.parametrize("first", [0, 3])
def test_what_is_exactly_so_is_found(first: int) -> None:
    """Also where customers are seen only from their fourth renewal on."""
    model = SBG(prior=FLAT).fit(exact(0.7, 3.0, first=first))
    assert (model.alpha_, model.beta_) == pytest.approx((0.7, 3.0), rel=1e-4)
    assert model.phi_ == pytest.approx(0.7 / 3.7, rel=1e-4)


RENEWALS = st.integers(0, 20)
SOME = st.lists(st.tuples(RENEWALS, RENEWALS, st.booleans()), min_size=1, max_size=40)


@given(SOME, st.floats(0.05, 10.0), st.floats(0.05, 10.0))
def test_the_likelihood_is_that_of_single_customers(
    people: list[tuple[int, int, bool]], alpha: float, beta: float
) -> None:
    entered, more, left = (np.array(column) for column in zip(*people, strict=True))
    n = entered + more
    here, after = (betaln(alpha, beta + at) for at in (n, n + 1))
    chance = np.where(left, np.log(-np.expm1(after - here)), 0.0)
    want = (chance + here - betaln(alpha, beta + entered)).sum()
    table = life_table(n, left, entered=entered)
    kappa = alpha + beta
    value, slope = log_likelihood(table, alpha / kappa, kappa)
    assert value == pytest.approx(want, abs=1e-8)
    near = approx_fprime(
        [alpha / kappa, kappa], lambda at: log_likelihood(table, *at)[0], 1e-7
    )
    np.testing.assert_allclose(slope, near, rtol=1e-3, atol=1e-3)


@settings(max_examples=30)
@given(
    SOME, st.sampled_from([FLAT, WEAK]), st.floats(0.01, 0.99), st.floats(1.0, 500.0)
)
def test_no_other_place_fits_better(
    people: list[tuple[int, int, bool]], prior: object, phi: float, kappa: float
) -> None:
    entered, more, left = (np.array(column) for column in zip(*people, strict=True))
    table = life_table(entered + more + 1, left, entered=entered)
    model = SBG(prior=prior).fit(table)  # type: ignore[arg-type]
    thought = -2.0 if prior is WEAK else 0.0

    def height(phi: float, kappa: float) -> float:
        return log_likelihood(table, phi, kappa)[0] + thought * float(np.log(kappa))

    least = 0.5 / (table.exposure + 1.0)
    other = height(float(np.clip(phi, least, 1.0 - least)), kappa)
    assert height(model.phi_, model.kappa_) >= other - 1e-5


@pytest.mark.parametrize("prior", [FLAT, WEAK])
def test_nobody_lives_for_ever(prior: object) -> None:
    """Nobody left at 400 renewals: half a leaver is thought of."""
    model = SBG(prior=prior).fit(  # type: ignore[arg-type]
        life_table_from_survivors([100] * 5)
    )
    assert model.phi_ == pytest.approx(0.5 / 401)
    everybody = SBG(prior=prior).fit(  # type: ignore[arg-type]
        life_table_from_survivors([400, 0])
    )
    assert everybody.phi_ == pytest.approx(400.5 / 401)


def test_nobody_to_learn_from() -> None:
    with pytest.raises(UnableToFit, match="faced a renewal"):
        SBG().fit(life_table_from_survivors([7]))


def test_survival_and_retention_by_hand() -> None:
    """α = 1, β = 2: S(t) = 2/(2+t) and r_t = (1+t)/(2+t)."""
    model = SBG(prior=FLAT).fit(exact(1.0, 2.0))
    t = np.array([0, 1, 2, 6])
    np.testing.assert_allclose(model.survival(t), 2 / (2 + t), rtol=1e-4)
    np.testing.assert_allclose(model.retention(t[1:]), [2 / 3, 3 / 4, 7 / 8], rtol=1e-4)
    residual = model.derl([0, 5], discount=0.1)
    assert residual[0] < residual[1]


@given(st.floats(0.05, 50.0), st.floats(0.05, 50.0), st.integers(0, 50))
def test_those_who_stayed_stay_longer(alpha: float, beta: float, n: int) -> None:
    got = conditional_survival(alpha, beta, np.array([n, n + 1]), 24)
    ahead = np.arange(1, 25)
    want = survival(alpha, beta, n + ahead) / survival(alpha, beta, n)
    np.testing.assert_allclose(got[0], want, rtol=1e-8)
    assert np.all(got[1] > got[0])


def test_a_model_and_the_columns_of_many_say_the_same() -> None:
    model = SBG().fit(exact(0.5, 4.0))
    survived = np.array([0, 3, 40])
    got = model.conditional_survival(survived, 12)
    alpha, beta = np.full(3, model.alpha_), np.full(3, model.beta_)
    np.testing.assert_array_equal(got, conditional_survival(alpha, beta, survived, 12))
    assert got.shape == (3, 12)
