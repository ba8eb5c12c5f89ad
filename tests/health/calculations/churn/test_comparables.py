"""Of so many customers scored like this, so many left."""

import numpy as np
import pytest
from scipy.stats import beta

from health.calculations.churn.comparables import comparables


def test_groups_of_at_least_a_hundred() -> None:
    p = np.arange(350) / 350
    left = np.arange(350) % 5 == 0
    found = comparables(p, left)
    assert [one.cases for one in found.groups] == [117, 116, 117]
    assert sum(one.leavers for one in found.groups) == 70
    one = found.groups[0]
    assert (one.leavers, one.share) == (24, pytest.approx(24 / 117))
    assert one.low == pytest.approx(beta.ppf(0.1, 24.5, 93.5))
    assert one.high == pytest.approx(beta.ppf(0.9, 24.5, 93.5))
    assert found.places(np.array([0.0, 0.34, 0.9])).tolist() == [0, 1, 2]
    assert found.places(p).tolist() == [0] * 117 + [1] * 116 + [2] * 117


def test_few_cases_are_one_group_and_many_are_twenty() -> None:
    few = comparables(np.array([0.1, 0.2, 0.2]), np.array([True, False, False]))
    assert (few.borders, len(few.groups), few.groups[0].cases) == ((), 1, 3)
    assert few.places(np.array([0.9])).tolist() == [0]
    many = comparables(np.arange(9_000) / 9_000, np.zeros(9_000, dtype=bool))
    assert [one.cases for one in many.groups] == [450] * 20
    assert many.groups[0].low == pytest.approx(beta.ppf(0.1, 0.5, 450.5))
