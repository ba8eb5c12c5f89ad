"""When a period ends."""

import datetime as dt

import numpy as np
import pytest

from health.calculations.renewals import days_to_anniversary

EPOCH = dt.date(2000, 1, 1)


@pytest.mark.parametrize(
    ("started", "months", "today", "due"),
    [
        ("2024-09-15", 12, "2026-06-30", "2026-09-15"),
        ("2024-09-15", 12, "2026-09-14", "2026-09-15"),
        # The day itself begins the next period.
        ("2024-09-15", 12, "2026-09-15", "2027-09-15"),
        ("2024-01-31", 3, "2026-04-30", "2026-04-30"),
        ("2024-01-31", 3, "2026-05-01", "2026-07-31"),
        ("2024-02-29", 12, "2026-02-01", "2026-02-28"),
        ("2024-02-29", 12, "2027-12-01", "2028-02-29"),
        ("2026-06-30", 1, "2026-06-30", "2026-07-30"),
        ("1999-11-10", 24, "2026-06-30", "2027-11-10"),
    ],
)
def test_periods_follow_each_other(
    started: str, months: int, today: str, due: str
) -> None:
    day, begin, end = (dt.date.fromisoformat(text) for text in (today, started, due))
    got = days_to_anniversary(
        (day - EPOCH).days,
        np.array([(begin - EPOCH).days], dtype=np.int32),
        np.array([months], dtype=np.int32),
    )
    assert got.tolist() == [(end - day).days]
