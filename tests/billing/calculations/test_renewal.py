"""Renewals over month ends and leap days, against dateutil."""

import datetime as dt

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from billing.calculations.renewal import months_after, next_renewal, period_of

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("anchor", "months", "after", "renews"),
    [
        ("2027-01-31", 1, "2027-01-31", "2027-02-28"),
        ("2027-01-31", 1, "2027-02-28", "2027-03-31"),
        ("2028-01-31", 1, "2028-01-31", "2028-02-29"),
        ("2028-02-29", 12, "2028-02-29", "2029-02-28"),
        ("2028-02-29", 12, "2031-02-28", "2032-02-29"),
        ("2027-02-28", 1, "2027-02-28", "2027-03-28"),
        ("2026-11-30", 3, "2026-11-30", "2027-02-28"),
        # Before the anchor: the first renewal, and not the start itself.
        ("2027-05-10", 12, "2026-01-01", "2028-05-10"),
    ],
)
def test_renewals_by_hand(anchor: str, months: int, after: str, renews: str) -> None:
    assert next_renewal(day(anchor), months, day(after)) == day(renews)


@given(DAYS, st.integers(1, 48), DAYS)
def test_renewals_are_those_of_dateutil(
    anchor: dt.date, months: int, after: dt.date
) -> None:
    term = 1
    while anchor + relativedelta(months=term * months) <= after:
        term += 1
    expected = anchor + relativedelta(months=term * months)
    assert next_renewal(anchor, months, after) == expected


@given(DAYS, st.integers(1, 48), DAYS)
def test_a_term_holds_its_day_and_the_next_one_begins_where_it_ends(
    anchor: dt.date, months: int, on: dt.date
) -> None:
    first, following = period_of(anchor, months, on)
    inside = max(on, anchor)
    assert first <= inside < following
    assert period_of(anchor, months, following)[0] == following
    assert months_after(anchor, 0) == anchor
