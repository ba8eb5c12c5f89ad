"""How long it takes, against Freireich's patients, whom everybody has reckoned with.

E. J. Freireich et al., Blood 21 (1963): weeks until relapse, with 6-MP and with placebo.
The estimates are those of D. Collett, "Modelling Survival Data in Medical Research", and of
every statistics program; the ranges those of the log(−log) transformation.
"""

from collections import Counter

import pytest

from billing.calculations.dunning.duration import Median, curve, median, paid_by

RELAPSED = Counter([6, 6, 6, 7, 10, 13, 16, 22, 23])
WELL = Counter([6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
PLACEBO = Counter(
    [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
)


def test_the_share_left() -> None:
    found = curve(RELAPSED, WELL)
    assert [(one.day, one.at_risk, one.paid) for one in found] == [
        (6, 21, 3), (7, 17, 1), (10, 15, 1), (13, 12, 1), (16, 11, 1), (22, 7, 1), (23, 6, 1),
    ]  # fmt: skip
    assert [one.unpaid for one in found] == pytest.approx(
        [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5
    )
    # log(−log S) ± 1.96·√(Σ d/(n(n − d))) / log S, by hand for the first and last.
    assert (found[0].low, found[0].high) == pytest.approx((0.6197, 0.9516), abs=5e-5)
    assert (found[-1].low, found[-1].high) == pytest.approx((0.1881, 0.6801), abs=5e-5)


def test_medians() -> None:
    assert median(curve(RELAPSED, WELL)) == Median(23, 13, None)
    assert median(curve(PLACEBO, {})) == Median(8, 4, 11)


def test_without_anybody_waiting_it_is_the_share_seen() -> None:
    found = curve(PLACEBO, {})
    assert found[-1].unpaid == 0.0
    assert (found[-1].low, found[-1].high) == (0.0, 0.0)
    assert found[5].unpaid == pytest.approx(8 / 21)


def test_half_is_reached_where_exactly_half_paid() -> None:
    assert median(curve({3: 1, 9: 1}, {})).day == 3


def test_nobody_paid() -> None:
    assert curve({}, {4: 7}) == []
    assert median([]) == Median(None, None, None)


def test_how_it_stood_on_a_day() -> None:
    found = curve(RELAPSED, WELL)
    assert paid_by(found, 5) is None
    assert paid_by(found, 9) == found[1]
    assert paid_by(found, 100) == found[-1]
