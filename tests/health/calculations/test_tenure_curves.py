"""Curves by plan and term: their tables by hand, their limits, and what they fall back to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health.calculations.bdw import BDW
from health.calculations.landmarks import STAYED
from health.calculations.life_table import LifeTable
from health.calculations.sbg import SBG
from health.calculations.tenure_curves import (
    TenureCurves,
    UnlikenessPrior,
    _fitted,
    _tables,
)
from tests.health.calculations.lifetime_rows import history, rows


@given(logit=st.floats(-5, 5), log_kappa=st.floats(-4, 8), spread=st.floats(0.2, 3))
@settings(max_examples=50, deadline=None)
def test_the_prior_tells_its_own_slope(
    logit: float, log_kappa: float, spread: float
) -> None:
    prior = UnlikenessPrior(0.7, spread, phi=0.2, phi_spread=0.9)
    place, step = np.array([logit, log_kappa, 0.3]), 1e-5
    found = prior.slope(place)[1]
    for number in range(3):
        move = np.eye(3)[number] * step
        rise = prior.slope(place + move)[0] - prior.slope(place - move)[0]
        assert found[number] == pytest.approx(rise / (2 * step), abs=1e-4, rel=1e-4)


def test_the_prior_is_highest_where_unlikeness_and_share_are_its_own() -> None:
    """φ = 0.2 and v = 0.5 mean κ = 0.8 / (0.2 · 0.5) − 1 = 7."""
    prior = UnlikenessPrior(0.5, 0.3, phi=0.2, phi_spread=0.5)
    value, slope = prior.slope(np.array([np.log(0.25), np.log(7.0)]))
    assert value == pytest.approx(0.0, abs=1e-12)
    assert slope == pytest.approx([0.0, 0.0], abs=1e-12)


def test_customers_are_counted_once_and_from_when_they_were_seen() -> None:
    """Monthly customer 1: seen with 2 renewals behind it, watched for 3 more months, stays.

    Customer 2: seen new on two days, leaves in the second month after the second day.
    """
    got = _tables(
        rows(
            customer=[1, 1, 2, 2],
            day=[0, 61, 0, 61],
            tenure=[76, 137, 15, 76],
            left_after=[STAYED, STAYED, 106, 45],
            observed=[92 + 61, 92, 92 + 61, 92],
        ),
        None,
    )
    table = got[1, 1]
    # Customer 1 faces renewals 3 to 7 and makes all; customer 2 makes 1 to 3, not 4.
    assert table.kept.tolist() == [1, 1, 2, 1, 1, 1, 1, 0]
    assert table.lost.tolist() == [0, 0, 0, 1, 0, 0, 0, 0]


def test_annual_customers_are_counted_by_the_year() -> None:
    """14 months old and watched for a year: one renewal made before, one after."""
    got = _tables(rows(interval=[12], tenure=[430], observed=[366]), np.array([2.0]))
    assert got[1, 12].kept.tolist() == [0, 2, 0]
    assert got[1, 12].lost.tolist() == [0, 0, 0]


def test_who_changes_plan_is_counted_on_both_and_leaves_one() -> None:
    got = _tables(
        rows(
            customer=[1, 1],
            day=[0, 61],
            plan=[1, 2],
            tenure=[15, 76],
            left_after=[106, 45],
            observed=[153, 92],
        ),
        None,
    )
    assert (got[1, 1].exposure, got[1, 1].leavers) == (0, 0)
    assert got[2, 1].kept.tolist() == [0, 0, 1, 0]
    assert got[2, 1].lost.tolist() == [0, 0, 0, 1]


def test_constant_churn_is_found_for_both_terms() -> None:
    monthly = TenureCurves.fit(history(leaving=0.05, customers=3000))
    annual = TenureCurves.fit(history(leaving=0.2, customers=3000, interval=12))
    assert monthly.of((1, 1)).retention(1) == pytest.approx(0.95, abs=0.015)
    assert annual.of((1, 12)).retention(1) == pytest.approx(0.8, abs=0.03)
    assert monthly.unlikeness < 0.5


def test_a_weight_of_two_is_a_customer_twice() -> None:
    once = history(customers=80)
    twice = history(customers=80)
    both = rows(
        **{
            name: np.concatenate([getattr(part, name) for part in (once, twice)])
            for name in ("day", "plan", "tenure", "left_after", "observed")
        },
        customer=np.concatenate([once.customer, twice.customer + 1000]),
    )
    weighed = TenureCurves.fit(once, weight=np.full(len(once), 2.0))
    doubled = TenureCurves.fit(both)
    assert weighed.of((1, 1)).retention(3) == pytest.approx(
        doubled.of((1, 1)).retention(3), abs=1e-6
    )
    assert weighed.leavers == doubled.leavers


def test_nobody_lives_for_ever_where_nobody_left() -> None:
    got = TenureCurves.fit(rows(tenure=[15] * 50, observed=[400] * 50))
    end = got.survival(rows(tenure=[420]), 60)[0, -1]
    assert 0.5 < end < 1.0


def test_without_a_renewal_the_churn_is_assumed() -> None:
    """20 % lost in the first year: at the first renewal of a year."""
    got = TenureCurves.fit(rows(observed=[0, 0]))
    assert got == TenureCurves.assumed()
    assert got.leavers == 0
    assert got.of((9, 12)).retention(1) == pytest.approx(0.8)
    assert got.of((9, 1)).retention(1) == pytest.approx(0.8 ** (1 / 12))
    curve = got.of((9, 12))
    assert (1 - curve.phi_) / (curve.phi_ * (curve.kappa_ + 1)) == pytest.approx(0.5)


def test_a_plan_never_seen_has_the_curve_of_its_term() -> None:
    got = TenureCurves.fit(history(leaving=0.05))
    assert got.of((7, 1)) is got.by_term[1]


def test_a_term_never_seen_has_the_churn_of_a_year() -> None:
    got = TenureCurves.fit(history(leaving=0.05, customers=3000))
    assert got.yearly_churn == pytest.approx(1 - np.exp(-0.6), abs=0.05)
    assert got.of((1, 12)).retention(1) == pytest.approx(1 - got.yearly_churn)


def test_leaving_follows_the_renewals() -> None:
    """Annual, 7 months old: renewals 1 and 2 lie in months 5 and 17."""
    curves = TenureCurves.assumed(0.3)
    got = curves.leaving(rows(interval=[12], tenure=[229]), 18)[0]
    curve = curves.of((1, 12))
    assert np.flatnonzero(got).tolist() == [4, 16]
    assert got[[4, 16]] == pytest.approx(1 - curve.retention([1, 2]))
    survival = curves.survival(rows(interval=[12], tenure=[229]), 18)[0]
    assert survival[17] == pytest.approx(curve.survival(2))


def test_a_customer_that_stayed_long_leaves_less() -> None:
    got = TenureCurves.assumed(0.3).leaving(rows(tenure=[15, 1500]), 1)[:, 0]
    assert got[1] < got[0]


def test_a_plan_that_asks_for_it_gets_a_weibull_curve() -> None:
    """High-End, 7 years (Fader & Hardie 2007), times ten: the ratio test is beyond doubt."""
    left = np.array([1000, 869, 743, 653, 593, 551, 517, 491]) * 10.0
    table = LifeTable(left[1:], left[:-1] - left[1:])
    assert isinstance(_fitted(table, 1.0, 0.13), BDW)


def test_a_plan_with_few_renewals_does_not() -> None:
    left = np.array([1000, 869, 743, 653]) * 10.0
    table = LifeTable(left[1:], left[:-1] - left[1:])
    assert isinstance(_fitted(table, 1.0, 0.13), SBG)


def test_a_plan_whose_churn_the_simple_curve_fits_keeps_it() -> None:
    curve = 10_000 * 0.9 ** np.arange(8)
    table = LifeTable(curve[1:], curve[:-1] - curve[1:])
    assert isinstance(_fitted(table, 0.05, 0.1), SBG)


def test_a_textbook_takes_the_mean_rate_of_five_years() -> None:
    """By the month, of new customers: twelve months or a year, the same is left."""
    curves = TenureCurves.assumed(0.2)
    two = rows(plan=[1, 1], interval=[1, 12], tenure=[0, 900])
    monthly, yearly = curves.monthly_rate(two)
    left = np.prod(curves.of((1, 1)).retention(np.arange(1, 61)))
    assert monthly == pytest.approx(1 - left ** (1 / 60))
    left = np.prod(curves.of((1, 12)).retention(np.arange(1, 6)))
    assert yearly == pytest.approx(1 - left ** (1 / 60))
    assert curves.monthly_rate(two.chosen(np.zeros(0, dtype=int))).tolist() == []
