"""Quiet hours and working days on the customer's clock."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.calculations.dunning.hours import allowed, allowed_at, opening
from tests.billing.calculations.dunning.making import BERLIN, CARD

WEEK = frozenset(range(5))
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
]


def berlin(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        # Within, before and after the hours of a Tuesday.
        (berlin(2026, 6, 2, 8), berlin(2026, 6, 2, 8)),
        (berlin(2026, 6, 2, 19, 59), berlin(2026, 6, 2, 19, 59)),
        (berlin(2026, 6, 2, 7, 59), berlin(2026, 6, 2, 8)),
        (berlin(2026, 6, 2, 20), berlin(2026, 6, 3, 8)),
        # Friday evening and Saturday: Monday morning.
        (berlin(2026, 6, 5, 20), berlin(2026, 6, 8, 8)),
        (berlin(2026, 6, 6, 12), berlin(2026, 6, 8, 8)),
    ],
)
def test_on_working_days(asked: dt.datetime, found: dt.datetime) -> None:
    policy = replace(CARD, working_days=WEEK)
    assert allowed_at(asked, policy, BERLIN) == found


def test_no_working_days_is_every_day() -> None:
    saturday = berlin(2026, 6, 6, 12)
    assert allowed(saturday, CARD, BERLIN)
    assert allowed(saturday, replace(CARD, working_days=frozenset()), BERLIN)


def test_the_hour_that_is_left_out() -> None:
    """On 29 March 2026 Berlin has no 2 o'clock: what opens then opens at 3."""
    early = replace(CARD, from_hour=2)
    before = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC)
    assert allowed_at(before, early, BERLIN) == dt.datetime(
        2026, 3, 29, 1, tzinfo=dt.UTC
    )
    # What is open for that hour alone opens on the next day.
    only = replace(early, until_hour=3)
    assert allowed_at(before, only, BERLIN) == berlin(2026, 3, 30, 2)


def test_the_hour_that_comes_twice() -> None:
    """On 25 October 2026 Berlin has 2 o'clock twice, and both are 2 o'clock."""
    early = replace(CARD, from_hour=2, until_hour=3)
    first = dt.datetime(2026, 10, 25, 0, tzinfo=dt.UTC)
    assert opening(dt.date(2026, 10, 25), early, BERLIN) == first
    for minutes in (0, 59, 60, 119):
        at = first + dt.timedelta(minutes=minutes)
        assert allowed_at(at, early, BERLIN) == at
    assert not allowed(first + dt.timedelta(minutes=120), early, BERLIN)


@given(
    moment=st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2030, 1, 1)),
    zone=st.sampled_from(ZONES),
    hours=st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(
        lambda pair: pair[0] < pair[1]
    ),
    days=st.none() | st.frozensets(st.integers(0, 6)),
)
def test_the_first_allowed_moment(
    moment: dt.datetime,
    zone: str,
    hours: tuple[int, int],
    days: frozenset[int] | None,
) -> None:
    policy = replace(CARD, from_hour=hours[0], until_hour=hours[1], working_days=days)
    asked, here = moment.replace(tzinfo=dt.UTC), ZoneInfo(zone)
    found = allowed_at(asked, policy, here)
    assert found >= asked
    assert allowed(found, policy, here)
    assert allowed_at(found, policy, here) == found
    # Nothing before it was allowed, looked at every half hour.
    step, at = dt.timedelta(minutes=30), asked
    while at < found:
        assert not allowed(at, policy, here)
        at += step
