"""Widening learnt a year before, by hand and by simulation."""

import numpy as np
import pytest

from health.calculations.conformal import (
    NONE,
    Ranges,
    Widening,
    coverage,
    learn_widening,
)


def ranges(low: float, mid: float, high: float, n: int) -> Ranges:
    return Ranges(np.full(n, low), np.full(n, mid), np.full(n, high))


def test_coverage_is_counted_by_plan() -> None:
    got = coverage(
        ranges(0.0, 5.0, 10.0, 4),
        np.array([0.0, 10.0, 11.0, 5.0]),
        np.array([1, 1, 2, 2]),
    )
    assert got.overall == 0.75
    assert (got.groups, got.by_group, got.customers) == ((1, 2), (1.0, 0.5), (2, 2))


def test_the_score_that_80_percent_stay_under() -> None:
    """Nine customers, scores 0.1 to 0.9: of ten with the one to come it is the eighth."""
    realised = 10.0 + 100.0 * np.arange(1, 10) / 10
    got = learn_widening(
        ranges(0.0, 5.0, 10.0, 9),
        realised,
        np.full(9, 100.0),
        np.full(9, 3),
        customers_now=9,
    )
    assert got.groups == (3,)
    assert got.shares == pytest.approx([0.8])
    assert got.rest == pytest.approx(0.8)


def test_less_is_carried_over_by_a_company_that_has_doubled() -> None:
    realised = 10.0 + 100.0 * np.arange(1, 10) / 10
    got = learn_widening(
        ranges(0.0, 5.0, 10.0, 9),
        realised,
        np.full(9, 100.0),
        np.full(9, 3),
        customers_now=18,
    )
    assert got.rest == pytest.approx(0.4)


def test_ranges_that_were_too_wide_become_narrower_but_hold_their_middle() -> None:
    """All lay 20 of 100 inside: the ranges close by 20 on both sides, at most to P50."""
    learnt = learn_widening(
        ranges(0.0, 50.0, 100.0, 50),
        np.full(50, 20.0),
        np.full(50, 100.0),
        np.full(50, 1),
        customers_now=50,
    )
    assert learnt.shares == pytest.approx([-0.2])
    got = learnt.applied(
        Ranges(np.array([0.0, 45.0]), np.array([50.0, 50.0]), np.array([100.0, 52.0])),
        np.array([100.0, 100.0]),
        np.array([1, 1]),
    )
    assert got.low == pytest.approx([20.0, 50.0])
    assert got.mid.tolist() == [50.0, 50.0]
    assert got.high == pytest.approx([80.0, 50.0])


def test_plans_are_widened_by_their_own_share_and_new_ones_by_that_of_all() -> None:
    got = Widening((1, 2), (0.1, 0.2), 0.3).applied(
        ranges(40.0, 50.0, 60.0, 4),
        np.array([100.0, 100.0, 100.0, -5.0]),
        np.array([1, 2, 9, 1]),
    )
    assert got.low.tolist() == [30.0, 20.0, 10.0, 40.0]
    assert got.high.tolist() == [70.0, 80.0, 90.0, 60.0]


def test_small_plans_borrow_from_the_others() -> None:
    """One customer far outside among a hundred well inside is not the rule of its plan."""
    realised = np.append(np.full(100, 50.0), 500.0)
    got = learn_widening(
        ranges(0.0, 50.0, 100.0, 101),
        realised,
        np.full(101, 100.0),
        np.append(np.full(100, 1), 2),
        customers_now=101,
    )
    assert got.groups == (1, 2)
    assert got.shares[1] < 1.0


def test_without_a_year_ago_nothing_is_widened() -> None:
    empty = np.empty(0)
    got = learn_widening(
        Ranges(empty, empty, empty), empty, empty, empty.astype(int), customers_now=5
    )
    assert got is NONE
    same = ranges(1.0, 2.0, 3.0, 2)
    applied = got.applied(same, np.ones(2), np.array([1, 2]))
    assert applied.low.tolist() == [1.0, 1.0]


def test_what_was_learnt_holds_on_other_customers() -> None:
    """Ranges half as wide as they ought to be hold 80 % once widened."""
    lots = np.random.default_rng(4)
    z = 1.2815515655446004 / 2
    truth = 50.0 + 10.0 * lots.standard_normal((2, 4000))
    plan = np.arange(4000) % 3
    narrow = ranges(50 - 10 * z, 50.0, 50 + 10 * z, 4000)
    stay = np.full(4000, 100.0)
    learnt = learn_widening(narrow, truth[0], stay, plan, customers_now=4000)
    before = coverage(narrow, truth[1], plan)
    after = coverage(learnt.applied(narrow, stay, plan), truth[1], plan)
    assert before.overall == pytest.approx(0.48, abs=0.03)
    assert after.overall == pytest.approx(0.80, abs=0.02)
    assert min(after.by_group) > 0.76
