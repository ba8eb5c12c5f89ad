"""Last year's forecast against what came in, worked by hand."""

from dataclasses import replace

import numpy as np
import pytest

from health.calculations.accuracy import values
from health.calculations.accuracy.values import values_report
from health.calculations.conformal import Ranges

EXPECTED = np.array([100.0, 200.0, 300.0, 400.0])
REALISED = np.array([90.0, 260.0, 0.0, 400.0])
RANGES = Ranges(EXPECTED * 0.8, EXPECTED, EXPECTED * 1.2)
PLAN = np.array([1, 1, 2, 1])
LEFT = np.array([False, False, True, False])


def test_by_hand() -> None:
    """Two of four ranges held; misses of 10, 30, 100 and 0 % have a middle of 20 %."""
    found = values_report(EXPECTED, RANGES, REALISED, PLAN, LEFT, resamples=50)
    assert found
    assert (found.sum_low, found.inside) == (None, None)
    assert found
    assert (found.customers, found.left) == (4, 1)
    assert (found.expected, found.realised) == (1_000, 750)
    assert found.ratio
    assert found.ratio.value == 0.75
    assert found.ratio.low < 0.75 < found.ratio.high
    assert found.median_error == pytest.approx(0.2)
    assert found.held == 0.5
    assert found.low < 0.5 < found.high
    first, second = found.plans
    assert (first.key, first.customers, first.expected, first.realised) == (
        1,
        3,
        700,
        750,
    )
    assert first.held == pytest.approx(2 / 3)
    assert (second.key, second.customers, second.held) == (2, 1, 0)


def test_a_sum_lies_within_its_range_or_not() -> None:
    found = values_report(EXPECTED, RANGES, REALISED, PLAN, LEFT, resamples=5)
    assert found
    assert replace(found, sum_low=750.0, sum_high=800.0).inside is True
    assert replace(found, sum_low=751.0, sum_high=800.0).inside is False


def test_nobody_and_nothing_expected() -> None:
    none = np.empty(0)
    assert values_report(none, Ranges(none, none, none), none, none, none) is None
    nothing = np.zeros(2)
    found = values_report(
        nothing,
        Ranges(nothing, nothing, nothing),
        np.array([5.0, 0.0]),
        PLAN[:2],
        LEFT[:2],
        resamples=5,
    )
    assert found
    assert (found.ratio, found.median_error, found.held) == (None, 0.0, 0.5)


def test_ranges_of_very_many_come_from_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "MOST", 3)
    found = values_report(EXPECTED, RANGES, REALISED, PLAN, LEFT, resamples=20)
    assert found
    assert found.ratio
    assert found.ratio.value == 0.75
