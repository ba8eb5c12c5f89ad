"""The schedule of tries is fixed and ends after about a day."""

import datetime as dt

from mail.calculations.backoff import TRIES, pause_after, retry_after


def minutes(attempts: int) -> float | None:
    wait = retry_after(attempts)
    return None if wait is None else wait.total_seconds() / 60


def test_waits_double_up_to_an_hour_and_end_after_a_day() -> None:
    waits = [minutes(attempts) for attempts in range(1, TRIES + 1)]
    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert waits[-1] is None
    assert set(waits[7:-1]) == {60}
    assert sum(wait or 0 for wait in waits) == 24 * 60 + 3
    assert retry_after(10**6) is None


def test_tests_may_begin_with_a_shorter_wait() -> None:
    first = dt.timedelta(seconds=1)
    waits = [retry_after(n, first=first) for n in range(1, 4)]
    assert waits == [dt.timedelta(seconds=seconds) for seconds in (1, 2, 4)]


def test_the_pause_after_trouble_doubles_from_half_a_minute_to_ten() -> None:
    passed = dt.timedelta()
    pauses = []
    for _ in range(8):
        pause = pause_after(passed)
        pauses.append(pause.total_seconds())
        passed += pause
    assert pauses == [30, 30, 60, 120, 240, 480, 600, 600]
