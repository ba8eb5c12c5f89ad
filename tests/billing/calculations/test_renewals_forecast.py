"""What renewals will bring: by hand, and against every outcome there can be."""

import datetime as dt
import itertools

import pytest

from billing.calculations.renewals_forecast import (
    Z80,
    DaySum,
    by_month,
    outlook,
    within,
)

DAY = dt.date(2026, 7, 1)


def renewal(amount: float, chance: float | None, day: dt.date = DAY) -> DaySum:
    if chance is None:
        return DaySum(day, 1, amount, 0, 0, 0, 0, amount, amount**2)
    variance = amount**2 * chance * (1 - chance)
    return DaySum(day, 1, amount, 0, amount, amount * chance, variance)


def over(due: float, won: float, day: dt.date = DAY) -> DaySum:
    return DaySum(day, 1, due, won, 0, 0, 0)


def test_open_ones_count_by_their_chance_and_renewed_ones_by_what_they_came_to() -> (
    None
):
    got = outlook(
        [renewal(100, 0.9), renewal(100, 0.5), renewal(100, 0.2), over(80, 75)]
    )
    # 90 + 50 + 20 + 75; variance 100² · (0.09 + 0.25 + 0.16).
    assert (got.count, got.due, got.won) == (4, 380, 75)
    assert got.expected == pytest.approx(235)
    assert got.high == pytest.approx(235 + Z80 * 5000**0.5)
    assert got.low == pytest.approx(235 - Z80 * 5000**0.5)


def test_mean_and_variance_are_those_of_every_outcome_there_can_be() -> None:
    renewals = [(120.0, 0.9), (60.0, 0.7), (300.0, 0.4), (45.0, 0.99)]
    mean = square = 0.0
    for stays in itertools.product((0, 1), repeat=len(renewals)):
        chance = amount = 1.0
        amount = 0.0
        for stay, (worth, p) in zip(stays, renewals, strict=True):
            chance *= p if stay else 1 - p
            amount += worth * stay
        mean, square = mean + chance * amount, square + chance * amount**2
    sums = [renewal(*one) for one in renewals]
    got = outlook(sums)
    assert got.expected == pytest.approx(mean)
    assert sum(one.variance for one in sums) == pytest.approx(square - mean**2)


def test_the_range_stays_between_what_is_won_and_what_is_due() -> None:
    sure = outlook([renewal(100, 0.999), over(50, 50)])
    assert sure.high == 150
    lost = outlook([renewal(100, 0.01), over(50, 20)])
    assert lost.low == 20
    assert lost.high is not None
    assert lost.high <= 150


def test_more_than_due_is_never_foreseen() -> None:
    # What came on top was written down wrongly; the forecast does not repeat it.
    got = outlook([over(100, 130), renewal(50, 1.0)])
    assert (got.due, got.won, got.expected) == (150, 130, 150)


def test_one_of_which_nothing_is_foreseen_gets_the_mean_chance_of_the_others() -> None:
    got = outlook([renewal(300, 0.8), renewal(100, 0.4), renewal(200, None)])
    # (240 + 40) / 400 = 0.7 of the 200.
    assert got.expected == pytest.approx(280 + 140)
    assert got.blind == 200
    assert got.high is not None
    assert got.low is not None
    spread = Z80 * (300**2 * 0.16 + 100**2 * 0.24 + 200**2 * 0.21) ** 0.5
    assert got.high - got.low == pytest.approx(min(2 * spread, 600 - 420 + spread))


def test_nothing_is_said_where_nothing_is_foreseen() -> None:
    got = outlook([renewal(200, None), over(100, 100)])
    assert (got.due, got.won, got.expected, got.low, got.high) == (
        300, 100, None, None, None,
    )  # fmt: skip
    empty = outlook([])
    assert (empty.count, empty.due, empty.expected, empty.high) == (0, 0, 0, 0)


def test_days_fall_into_their_months_and_windows() -> None:
    days = [dt.date(2026, 11, 30), dt.date(2026, 12, 1), dt.date(2027, 1, 31)]
    sums = [renewal(100 * n, 0.5, day) for n, day in enumerate(days, start=1)]
    months = by_month(sums, dt.date(2026, 11, 15), 3)
    assert [(month, one.due) for month, one in months] == [
        (dt.date(2026, 11, 1), 100),
        (dt.date(2026, 12, 1), 200),
        (dt.date(2027, 1, 1), 300),
    ]
    assert within(sums, days[1], days[1]) == [sums[1]]


def test_a_day_is_kept_as_it_is() -> None:
    one = renewal(100, 0.25)
    assert DaySum.from_json(one.as_json()) == one
