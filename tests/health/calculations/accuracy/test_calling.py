"""The top of the list, worked by hand."""

import numpy as np
import pytest

from health.calculations.accuracy.calling import (
    lead_times,
    lift,
    median_lead,
    precision,
    recall,
    revenue_caught,
)

# One day, ten customers; three leave: the 1st, the 4th and the 10th of the list.
SCORE = np.arange(10, 0, -1.0)
LEFT = np.isin(np.arange(10), [0, 3, 9])
MRR = np.array([100.0, 1, 1, 300, 1, 1, 1, 1, 1, 600])
DAY = np.zeros(10, dtype=np.int64)
ONE = np.ones((1, 10))


def test_calling_two_and_four_of_ten() -> None:
    assert precision(SCORE, LEFT, DAY, 2)(ONE)[0] == pytest.approx(1 / 2)
    assert recall(SCORE, LEFT, DAY, 2)(ONE)[0] == pytest.approx(1 / 3)
    assert precision(SCORE, LEFT, DAY, 4)(ONE)[0] == pytest.approx(2 / 4)
    assert recall(SCORE, LEFT, DAY, 4)(ONE)[0] == pytest.approx(2 / 3)
    assert revenue_caught(SCORE, LEFT, MRR, DAY, 4)(ONE)[0] == pytest.approx(0.4)


def test_whoever_can_call_everybody_finds_everybody() -> None:
    assert recall(SCORE, LEFT, DAY, 25)(ONE)[0] == pytest.approx(1)
    assert precision(SCORE, LEFT, DAY, 25)(ONE)[0] == pytest.approx(0.3)


def test_lift_of_the_top_tenth() -> None:
    """The first of ten leaves; three of ten do on average."""
    assert lift(SCORE, LEFT, DAY)(ONE)[0] == pytest.approx(1 / 0.3)
    assert lift(-SCORE, LEFT, DAY)(ONE)[0] == pytest.approx(1 / 0.3)
    assert lift(SCORE, LEFT, DAY, 0.5)(ONE)[0] == pytest.approx(0.4 / 0.3)


def test_equals_at_the_border_are_taken_in_part() -> None:
    """Everybody alike: whom one calls is chance, so the lift is 1."""
    same = np.zeros(10)
    assert lift(same, LEFT, DAY)(ONE)[0] == pytest.approx(1)
    assert precision(same, LEFT, DAY, 3)(ONE)[0] == pytest.approx(0.3)


def test_each_day_has_its_own_list() -> None:
    """Two days of five: the first two places of each; found are the 1st and the 4th + 10th.

    Day 0 lists 0 1 2 3 4, day 1 lists 5 6 7 8 9: two calls a day find customer 0 alone.
    """
    day = np.repeat([0, 1], 5)
    assert recall(SCORE, LEFT, day, 2)(ONE)[0] == pytest.approx(1 / 3)
    assert precision(SCORE, LEFT, day, 2)(ONE)[0] == pytest.approx(1 / 4)
    turned = np.where(day == 1, -SCORE, SCORE)
    assert recall(turned, LEFT, day, 2)(ONE)[0] == pytest.approx(2 / 3)


def test_weights_move_the_border() -> None:
    """With the first customer weighing 5 of 14, two tenths are less than it."""
    heavy = ONE.copy()
    heavy[0, 0] = 5
    assert precision(SCORE, LEFT, DAY, 2)(heavy)[0] == pytest.approx(1)
    assert recall(SCORE, LEFT, DAY, 2)(heavy)[0] == pytest.approx(0.2 * 14 / 7)


def test_nobody_left_and_nothing_is_found() -> None:
    nobody = np.zeros(10, dtype=bool)
    assert np.isnan(recall(SCORE, nobody, DAY, 2)(ONE)[0])
    assert np.isnan(lift(SCORE, nobody, DAY)(ONE)[0])
    assert np.isnan(revenue_caught(SCORE, nobody, MRR, DAY, 2)(ONE)[0])
    assert precision(SCORE, nobody, DAY, 2)(ONE)[0] == 0


def test_lead_runs_from_the_first_of_the_unbroken_red_days() -> None:
    """A: red, calm, red, red, leaves 20 days after day 130: since 100, 50 days.
    B: calm on its last day: not warned. C: red once. D: red, and stays."""
    rows = [
        ("A", 40, True),
        ("A", 70, False),
        ("A", 100, True),
        ("A", 130, True),
        ("B", 100, True),
        ("B", 130, False),
        ("C", 130, True),
        ("D", 130, True),
    ]
    lots = np.random.default_rng(1).permutation(len(rows))
    customer, day, red = map(np.array, zip(*(rows[i] for i in lots), strict=True))
    numbers = np.array(["ABCD".index(name) for name in customer])
    leaves = np.array([150, 160, 190, 9_999])[numbers]
    left = (numbers < 3) & (leaves - day <= 90)
    who, days = lead_times(numbers, day, leaves - day, left, red)
    assert (who.tolist(), days.tolist()) == ([0, 2], [50.0, 60.0])


def test_the_median_lead() -> None:
    days = np.array([30.0, 10.0, 20.0])
    assert median_lead(days)(np.ones((2, 3))).tolist() == [20.0, 20.0]
    assert median_lead(days[:2])(np.ones((1, 2)))[0] == 20.0
    assert median_lead(days)(np.array([[5.0, 1.0, 1.0]]))[0] == 30.0
    assert np.isnan(median_lead(days[:0])(np.ones((1, 0)))[0])
    assert median_lead(days[:1])(np.ones((1, 1)))[0] == 30.0
