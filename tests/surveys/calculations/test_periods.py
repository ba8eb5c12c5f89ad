"""Stretches of days."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.calculations.periods import Period, last_days, step_of, step_starts

TODAY = dt.date(2026, 6, 30)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


def test_the_last_days_hold_today() -> None:
    assert last_days(30, today=TODAY) == Period(dt.date(2026, 6, 1), TODAY)
    assert last_days(30, today=TODAY).days == 30
    assert last_days(1, today=TODAY) == Period(TODAY, TODAY)


def test_the_stretch_before_is_as_long_and_touches() -> None:
    before = last_days(30, today=TODAY).before()
    assert before == Period(dt.date(2026, 5, 2), dt.date(2026, 5, 31))
    assert before.days == 30


def test_all_has_no_length_and_nothing_before() -> None:
    everything = Period(None, TODAY)
    assert everything.days is None
    assert everything.before() is None
    start, end = everything.moments(ZoneInfo("UTC"))
    assert (start, end) == (None, dt.datetime(2026, 7, 1, tzinfo=dt.UTC))


def test_days_are_local() -> None:
    zone = ZoneInfo("Europe/Bucharest")
    start, end = Period(dt.date(2026, 3, 29), dt.date(2026, 3, 29)).moments(zone)
    assert start is not None
    # The night in which summer time begins: 23 hours.
    assert (
        start.astimezone(dt.UTC).isoformat(),
        end.astimezone(dt.UTC).isoformat(),
    ) == (
        "2026-03-28T22:00:00+00:00",
        "2026-03-29T21:00:00+00:00",
    )


@pytest.mark.parametrize(
    ("answers", "days", "step"),
    [
        (200, 90, "week"),
        (100, 90, "month"),
        (20, 90, "quarter"),
        (5, 3, "quarter"),
        (10, 7, "week"),
        # Weeks of four years would be too many points.
        (100_000, 1460, "month"),
        (100_000, 7300, "quarter"),
    ],
)
def test_the_step_has_enough_answers(answers: int, days: int, step: str) -> None:
    assert step_of(answers, days) == step


@pytest.mark.parametrize(
    ("step", "first", "last", "starts"),
    [
        ("week", (2026, 6, 3), (2026, 6, 15), ["2026-06-01", "2026-06-08", "2026-06-15"]),
        ("month", (2025, 12, 31), (2026, 2, 1), ["2025-12-01", "2026-01-01", "2026-02-01"]),
        ("quarter", (2025, 12, 31), (2026, 4, 1), ["2025-10-01", "2026-01-01", "2026-04-01"]),
    ],
)  # fmt: skip
def test_the_starts_of_steps(
    step: str,
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    starts: list[str],
) -> None:
    found = step_starts(dt.date(*first), dt.date(*last), step)
    assert [day.isoformat() for day in found] == starts


@given(DAYS, st.integers(0, 2_000), st.sampled_from(["week", "month", "quarter"]))
def test_every_day_belongs_to_a_step(first: dt.date, length: int, step: str) -> None:
    last = first + dt.timedelta(days=length)
    starts = step_starts(first, last, step)
    assert starts == sorted(set(starts))
    assert starts[0] <= first
    assert starts[-1] <= last
    longest = {"week": 7, "month": 31, "quarter": 92}[step]
    gaps = [
        (after - before).days
        for before, after in zip(starts, [*starts[1:], last], strict=True)
    ]
    assert max(gaps) <= longest
