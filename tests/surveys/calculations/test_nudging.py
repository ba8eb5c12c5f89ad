"""On which days somebody is reminded."""

import datetime as dt

from surveys.calculations.nudging import reminder_is_due

DUE = dt.date(2026, 7, 20)


def reminded(asked: int, *, until: int = 30, due_on: dt.date = DUE) -> list[int]:
    """Days from the due day on which a reminder goes out, when asked every day twice."""
    last = None
    days = []
    for day in range(asked, until):
        for _ in range(2):
            today = DUE + dt.timedelta(days=day)
            if reminder_is_due(
                today=today,
                due_on=due_on,
                asked_on=DUE + dt.timedelta(days=asked),
                reminded_on=last,
            ):
                last = today
                days.append(day)
    return days


def test_three_days_before_and_weekly_when_overdue() -> None:
    assert reminded(-20) == [-3, 1, 8, 15, 22, 29]


def test_never_on_the_day_of_the_request() -> None:
    assert reminded(-3, until=1) == [-2]
    assert reminded(0, until=3) == [1]
    assert reminded(5, until=15) == [6, 13]


def test_a_day_that_is_moved_counts_anew() -> None:
    later = DUE + dt.timedelta(days=20)
    assert not reminder_is_due(
        today=DUE, due_on=later, asked_on=DUE - dt.timedelta(days=9), reminded_on=None
    )
    assert reminder_is_due(
        today=later - dt.timedelta(days=3),
        due_on=later,
        asked_on=DUE - dt.timedelta(days=9),
        reminded_on=DUE,
    )
