"""Renewals, and the plan a customer is counted under."""

import datetime as dt

import numpy as np

from billing.calculations.revenue.months import months_later
from billing.calculations.revenue.renewals import Contracts, main_plans, renewals
from tests.billing.calculations.revenue.made import JAN, column, log

START = dt.date(2026, 1, 1)


def due(
    *told: tuple[int, int, int, int],
    interval: int = 12,
    renews_on: int | None = None,
    anchored_on: int | None = None,
    until: int = 800,
) -> list[tuple[str, int, int]]:
    size = len(told)
    contracts = Contracts(
        interval=column(size, interval),
        renews_on=column(size, -1 if renews_on is None else JAN + renews_on),
        anchored_on=column(size, -1 if anchored_on is None else JAN + anchored_on),
        plan=column(size, 1),
    )
    found = renewals(log(*told), contracts, until=JAN + until)
    return [
        (str(START + dt.timedelta(days=int(day) - JAN)), int(before), int(after))
        for day, before, after in zip(found.day, found.due, found.kept, strict=True)
    ]


def test_a_yearly_subscription_renews_every_year() -> None:
    assert due((1, 1, 0, 500)) == [("2027-01-01", 500, 500), ("2028-01-01", 500, 500)]


def test_it_does_not_renew_when_it_ends_on_the_day() -> None:
    assert due((1, 1, 0, 500), (1, 1, 365, 0)) == [("2027-01-01", 500, 0)]


def test_it_is_not_due_when_it_ended_before() -> None:
    assert due((1, 1, 0, 500), (1, 1, 300, 0)) == []


def test_a_change_in_between_does_not_move_the_renewal() -> None:
    told = ((1, 1, 0, 500), (1, 1, 100, 700), (1, 1, 365, 650))
    assert due(*told, until=400) == [("2027-01-01", 700, 650)]


def test_terms_may_be_counted_from_another_day() -> None:
    assert due((1, 1, 0, 500), anchored_on=31, until=500) == [("2027-02-01", 500, 500)]


def test_a_monthly_subscription_is_due_only_on_the_day_it_names() -> None:
    assert due((1, 1, 0, 500), interval=1) == []
    assert due((1, 1, 0, 500), interval=1, renews_on=364) == [("2026-12-31", 500, 500)]


def test_a_named_day_is_followed_by_every_interval() -> None:
    assert due((1, 1, 0, 500), interval=6, renews_on=58, until=300) == [
        ("2026-02-28", 500, 500), ("2026-08-28", 500, 500)
    ]  # fmt: skip


def test_month_ends_and_leap_days_stay_where_they_belong() -> None:
    january = np.full(3, JAN + 30)
    found = months_later(january, np.array([1, 2, 25]))
    days = [str(START + dt.timedelta(days=int(day) - JAN)) for day in found]
    assert days == ["2026-02-28", "2026-03-31", "2028-02-29"]


def test_lines_of_a_day_that_another_replaced_do_not_count() -> None:
    assert due((1, 1, 0, 500), (1, 1, 0, 0)) == []
    assert due() == []


def test_of_two_subscriptions_each_looks_at_its_own_log() -> None:
    # The later one has the smaller number: places count, not numbers.
    told = ((1, 9, 0, 500), (1, 9, 365, 0), (2, 3, 0, 100))
    assert due(*told, until=370) == [("2027-01-01", 500, 0), ("2027-01-01", 100, 100)]


def test_the_main_plan_is_the_dearest_of_now_else_the_last_paid() -> None:
    told = log(
        (1, 1, 0, 900), (1, 1, 50, 0),  # dear, but over
        (1, 2, 10, 300), (1, 3, 20, 400),
        (2, 4, 0, 800), (2, 4, 30, 0), (2, 5, 10, 100), (2, 5, 60, 0),
        (3, 6, 0, 0),
        (4, 7, 0, 100), (4, 7, 90, 500),  # the rise is yet to come
        (4, 8, 0, 200),
    )  # fmt: skip
    plans = np.array([1, 1, 2, 3, 4, 4, 5, 5, 6, 7, 7, 8])
    customers, found = main_plans(told, plans, until=JAN + 80)
    assert customers.tolist() == [1, 2, 4]
    assert found.tolist() == [3, 5, 8]
    assert [len(one) for one in main_plans(log(), plans[:0], until=JAN)] == [0, 0]
