"""The landmark hazard: its lines by hand, and what it must learn from simulated rows."""

from dataclasses import replace

import numpy as np
import pytest

from health.calculations.hazard import LandmarkHazard, stacked
from health.calculations.landmarks import STAYED
from health.calculations.life_table import UnableToFit
from health.calculations.tenure_curves import TenureCurves
from tests.health.calculations.lifetime_rows import history, rows


def fitted(past, **settings):  # type: ignore[no-untyped-def]
    return LandmarkHazard(TenureCurves.fit(past), **settings).fit(past)


def test_lines_are_the_months_at_risk() -> None:
    """One leaves in month 2, one is watched for 3 months, an annual one for 5: month 4."""
    got = stacked(
        rows(
            interval=[1, 1, 12],
            renewal=[-1, -1, 100],
            left_after=[40, STAYED, STAYED],
            observed=[200, 92, 153],
        ),
        60,
    )
    assert got.row.tolist() == [0, 0, 1, 1, 1, 2]
    assert got.month.tolist() == [1, 2, 1, 2, 3, 4]
    assert got.left.tolist() == [False, True, False, False, False, False]


def test_a_departure_after_what_is_observed_is_no_line() -> None:
    """It left in month 2, is counted at its renewal in month 4, and 3 months are known."""
    got = stacked(
        rows(interval=[12], renewal=[100], left_after=[40], observed=[92]), 60
    )
    assert len(got.row) == 0


def test_what_a_customer_does_tells_when_it_leaves() -> None:
    got = fitted(history(effect=1.0, customers=1500), prior_variance=1.0)
    calm, restless = got.leaving(rows(tenure=[200, 200], features=[[-1.0], [1.0]]), 12)
    odds = [np.log(p / (1 - p)) for p in (calm, restless)]
    # One standard deviation stays with a customer and multiplies the odds by e.
    assert (odds[1] - odds[0])[[0, 11]] == pytest.approx([2.0, 2.0], abs=0.4)
    assert got.survival(rows(tenure=[200]), 12)[0] == pytest.approx(
        np.cumprod(1 - got.leaving(rows(tenure=[200]), 12)[0])
    )


def test_behaviour_without_effect_changes_little() -> None:
    got = fitted(history(customers=1500))
    calm, restless = got.leaving(rows(tenure=[200, 200], features=[[-1.0], [1.0]]), 6)
    assert restless / calm == pytest.approx(np.ones(6), abs=0.15)


def test_the_level_is_that_of_the_customers() -> None:
    past = history(leaving=0.05, customers=1500)
    got = fitted(past)
    assert got.leaving(past, 6).mean() == pytest.approx(0.05, abs=0.008)
    lines = stacked(past, 60)
    assert got.lines_ == len(lines.row)
    assert got.events_ == len(np.unique(past.customer[lines.row[lines.left]]))


def test_annual_customers_leave_at_their_renewals_only() -> None:
    got = fitted(history(leaving=0.2, interval=12, months=30))
    leaving = got.leaving(rows(interval=[12], tenure=[229]), 18)[0]
    assert np.flatnonzero(leaving).tolist() == [4, 16]
    assert leaving[4] == pytest.approx(0.2, abs=0.05)


def test_what_is_not_known_lies_at_the_mean() -> None:
    past = history(effect=1.0)
    got = fitted(past)
    middle = float(np.mean(past.features))
    unknown, mean = got.leaving(
        rows(tenure=[200, 200], features=[[np.nan], [middle]]), 6
    )
    assert unknown == pytest.approx(mean)


def test_a_feature_that_is_always_the_same_does_not_matter() -> None:
    past = history()
    flat = replace(past, features=np.full_like(past.features, 7.0))
    got = fitted(flat).leaving(rows(tenure=[200, 200], features=[[7.0], [7.0]]), 6)
    assert got[0] == pytest.approx(got[1])
    assert np.isfinite(got).all()


def test_some_customers_suffice() -> None:
    past = history(customers=1000)
    few = fitted(past, most_lines=4000, seed=1)
    again = fitted(past, most_lines=4000, seed=1)
    assert few.lines_ == again.lines_
    assert 3000 < few.lines_ < 5000
    assert few.coef_ == pytest.approx(again.coef_, abs=0)


def test_a_weight_goes_by_customer() -> None:
    past = history(effect=1.0)
    one = LandmarkHazard(TenureCurves.fit(past)).fit(past)
    zero = np.where(past.customer < 300, 1.0, 0.0)
    half = LandmarkHazard(TenureCurves.fit(past)).fit(past, weight=zero)
    only = past.chosen(past.customer < 300)
    assert half.intercept_ != pytest.approx(one.intercept_)
    assert half.leaving(only, 3).mean() == pytest.approx(
        LandmarkHazard(TenureCurves.fit(past)).fit(only).leaving(only, 3).mean(),
        rel=0.1,
    )


@pytest.mark.parametrize("left", [STAYED, 10])
def test_it_needs_some_that_left_and_some_that_stayed(left: int) -> None:
    past = rows(left_after=[left] * 5, observed=[31] * 5)
    with pytest.raises(UnableToFit, match="left and some that stayed"):
        LandmarkHazard(TenureCurves.assumed()).fit(past)
