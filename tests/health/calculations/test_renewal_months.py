"""When customers can leave, counted by hand. A month is 30.4375 days."""

import numpy as np

from health.calculations.landmarks import STAYED
from health.calculations.renewal_months import (
    able_to_leave,
    first_renewal,
    month_gone,
    months_observed,
    renewals_made,
)
from tests.health.calculations.lifetime_rows import rows


def months(able: np.ndarray) -> list[list[int]]:  # type: ignore[type-arg]
    return [(np.flatnonzero(row) + 1).tolist() for row in able]


def test_monthly_customers_and_those_without_bills_can_leave_in_every_month() -> None:
    got = able_to_leave(rows(interval=[1, 0], renewal=[200, -1]), 4)
    assert months(got) == [[1, 2, 3, 4], [1, 2, 3, 4]]


def test_others_can_leave_at_their_renewals() -> None:
    """In 100 days is month 4; a quarter later is 7; today's renewal is in month 1."""
    got = able_to_leave(rows(interval=[12, 3, 3], renewal=[100, 100, 0]), 17)
    assert months(got) == [[4, 16], [4, 7, 10, 13, 16], [1, 4, 7, 10, 13, 16]]


def test_a_renewal_years_ahead_is_the_first() -> None:
    assert months(able_to_leave(rows(interval=[12], renewal=[700]), 40)) == [[23, 35]]


def test_an_unknown_renewal_follows_from_the_tenure() -> None:
    """100 days old: 265.25 days to go, in month 9; 400 days old: 330.5 days, month 11."""
    got = first_renewal(rows(interval=[12, 12], tenure=[100, 400]))
    assert got.tolist() == [9, 11]


def test_renewals_behind_a_customer() -> None:
    """Monthly, 75 days: 2. Annual, 100 days: none, 400 days: one, at 730 days two or so."""
    got = renewals_made(rows(interval=[1, 12, 12, 12], tenure=[75, 100, 400, 731]))
    assert got.tolist() == [2, 0, 1, 2]


def test_the_month_of_leaving() -> None:
    """Day 0, 30 and 31 of a monthly customer: months 1, 1 and 2."""
    got = month_gone(rows(left_after=[0, 30, 31, STAYED]))
    assert got.tolist() == [1, 1, 2, STAYED]


def test_leaving_in_between_counts_at_the_nearest_renewal_ahead() -> None:
    """Renewal in month 4, then 16: a lag after it, an early end, and one before it."""
    got = month_gone(
        rows(interval=[12] * 4, renewal=[100] * 4, left_after=[99, 130, 400, 10])
    )
    assert got.tolist() == [4, 4, 16, 4]


def test_only_whole_months_are_observed() -> None:
    assert months_observed(rows(observed=[30, 31, 61])).tolist() == [0, 1, 2]
