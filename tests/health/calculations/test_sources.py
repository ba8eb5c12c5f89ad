"""When a source is late."""

import datetime as dt
from itertools import accumulate

import pytest

from health.calculations.sources import SourceState, late_days, usual_silence


@pytest.mark.parametrize(
    ("age", "rhythm", "late"),
    [(0, 3, 0), (3, 3, 0), (4, 3, 1), (40, 3, 37), (-1, 3, 0), (400, None, 0)],
)
def test_lateness_is_silence_beyond_the_rhythm(
    age: int, rhythm: int | None, late: int
) -> None:
    assert SourceState(age, rhythm).late == late


def test_only_late_sources_are_named() -> None:
    states = {"usage": SourceState(9, 3), "tickets": SourceState(2, 14)}
    assert late_days(states) == {"usage": 6}


def test_payments_are_late_with_the_invoices_they_come_along_with() -> None:
    assert late_days({"invoices": SourceState(50, 45)}) == {
        "invoices": 5,
        "payments": 5,
    }


@pytest.mark.parametrize(
    ("gaps", "days"),
    [
        ([], None),
        ([2] * 11, None),
        ([2] * 12, 2),
        ([2] * 11 + [40], 40),  # Of so few even the longest is usual.
        ([2] * 99 + [40], 2),  # One of a hundred is not.
        ([2] * 98 + [40, 60], 40),
    ],
)
def test_a_silence_is_usual_when_99_of_100_are_no_longer(
    gaps: list[int], days: int | None
) -> None:
    start = dt.date(2026, 1, 1)
    spoken = [start + dt.timedelta(days=n) for n in accumulate(gaps, initial=0)]
    assert usual_silence(spoken) == days


def test_never_heard_of_is_no_silence() -> None:
    assert usual_silence([]) is None
