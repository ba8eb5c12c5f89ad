"""Stored days as an even line."""

import datetime as dt
import math

from health.calculations.series import day_series

FIRST = dt.date(2026, 6, 1)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def series(points: list[tuple[int, float | None]], last: int) -> list[float | None]:
    found = day_series(
        [(day(n), value) for n, value in points], first=FIRST, last=day(last)
    )
    return [None if math.isnan(value) else value for value in found]


def test_a_week_is_joined_by_a_straight_line() -> None:
    assert series([(0, 60.0), (4, 80.0), (5, 50.0)], 6) == [
        60,
        65,
        70,
        75,
        80,
        50,
        None,
    ]


def test_an_unknown_day_breaks_the_line() -> None:
    assert series([(0, 60.0), (2, None), (4, 80.0)], 4) == [60, None, None, None, 80]


def test_what_lies_outside_only_leads_in() -> None:
    assert series([(-2, 60.0), (2, 80.0), (9, 1.0)], 3)[:3] == [70, 75, 80]


def test_far_apart_days_are_not_joined() -> None:
    found = series([(0, 60.0), (32, 80.0)], 32)
    assert [found[0], found[1], found[32]] == [60, None, 80]


def test_two_points_of_one_day_join_nothing() -> None:
    assert series([(1, 60.0), (1, 70.0)], 2) == [None, 70, None]
