"""Ranges of sums, by hand and by simulation."""

import numpy as np
import pytest

from health.calculations.landmarks import STAYED
from health.calculations.sum_ranges import (
    Spread,
    SumDoubt,
    ends,
    factor_of,
    learn_doubt,
    share_of,
)
from tests.health.calculations.lifetime_rows import rows


def test_departures_tell_how_well_a_plan_is_known() -> None:
    """Of plan 1 three have left, of plan 2 nobody; a customer counts once."""
    past = rows(
        customer=np.array([1, 1, 2, 3, 4]),
        day=np.array([0, 30, 0, 0, 0]),
        plan=np.array([2, 1, 1, 1, 2]),
        left_after=np.array([50, 20, 30, 10, STAYED]),
        observed=np.array([90, 60, 90, 90, 90]),
    )
    found = learn_doubt(past)
    assert found == SumDoubt((1, 2), (0.5, 1.0), 1.0)
    assert found.of(np.array([2, 1, 7])).tolist() == [1.0, 0.5, 1.0]


def test_own_fates_cancel_out_and_shared_doubts_do_not() -> None:
    """Variances 9 + 16 of two; the levers of plan 1 are 30 · 0.1, that of plan 2 is 4."""
    doubt = SumDoubt((1, 2), (0.1, 0.5), 1.0, factor=2.0)
    spread = Spread(
        plan=np.array([1, 1, 2]),
        own=np.array([9.0, 16.0, 0.0]),
        lever=np.array([10.0, 20.0, 8.0]),
        doubt=doubt,
    )
    assert spread.common == pytest.approx(5.0)
    assert spread.deviation == pytest.approx(2.0 * np.sqrt(25 + 25))
    assert spread.chosen(np.array([True, False, False])).deviation == pytest.approx(
        2.0 * np.sqrt(9 + 1)
    )
    low, high = ends(100.0, 10.0)
    assert (low, high) == pytest.approx((87.184, 112.816), abs=1e-3)


@pytest.mark.parametrize(
    ("missed", "factor"),
    [
        ([0.0, 0.0], 1.0),  # never less
        ([20.0, -20.0], 1.4142),  # (4 + 4 + 4) / 6 = 2
        ([900.0, 0.0], 3.0),  # never more
    ],
)
def test_sums_are_widened_by_how_far_last_years_were_off(
    missed: list[float], factor: float
) -> None:
    found = factor_of(np.array(missed), np.array([10.0, 10.0]))
    assert found == pytest.approx(factor, abs=1e-4)


def test_a_sum_that_nothing_may_move_says_nothing() -> None:
    assert factor_of(np.array([5.0]), np.array([0.0])) == 1.0


def test_groups_of_a_plan_are_off_together() -> None:
    """Two segments of plan 1, off by 3 and by 1, and plan 2 by 3: √(16 + 9 + 11) of 60."""
    found = share_of(
        expected=np.array([10.0, 20.0, 30.0]),
        own=np.array([4.0, 3.0, 4.0]),
        doubt=np.array([3.0, 1.0, 3.0]),
        plan=np.array([1, 1, 2]),
    )
    assert found == pytest.approx(0.1)
    nothing = np.zeros(1)
    one = np.ones(1)
    assert share_of(one, nothing, one, np.ones(1, dtype=int)) is None
    assert share_of(nothing, one, one, np.ones(1, dtype=int)) is None


def test_what_each_customer_adds_to_the_doubt_of_a_sum() -> None:
    doubt = SumDoubt(groups=(1,), doubts=(0.1,), rest=0.3, factor=2.0)
    own, shared = doubt.parts(
        np.array([1, 9]), np.array([100.0, 400.0]), np.array([50.0, 10.0])
    )
    assert own.tolist() == [400.0, 1_600.0]
    assert shared.tolist() == [10.0, 6.0]
