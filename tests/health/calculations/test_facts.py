"""Reading columns of facts."""

import numpy as np

from health.calculations.facts import missing, ratio


def test_a_mark_becomes_nan_and_nothing_else() -> None:
    got = missing(np.array([-1, 0, 7], dtype=np.int32))
    np.testing.assert_array_equal(got, [np.nan, 0, 7])
    np.testing.assert_array_equal(missing(np.array([0.0, 5]), mark=0), [np.nan, 5])


def test_a_ratio_of_nothing_is_told_apart() -> None:
    now = np.array([6.0, 0, 4, 0, 3])
    before = np.array([4.0, 8, 0, 0, 2])
    used = np.array([True, True, True, True, False])
    np.testing.assert_array_equal(ratio(now, before, used), [1.5, 0, 1, 0, np.nan])
