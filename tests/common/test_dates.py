"""Days in a zone."""

import datetime as dt
from zoneinfo import ZoneInfo

from common.dates import day_end, local_day, months_before

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_local_day_ends_at_local_midnight_also_when_clocks_change() -> None:
    spring = day_end(dt.date(2026, 3, 29), BERLIN)
    assert spring.astimezone(dt.UTC) == dt.datetime(2026, 3, 29, 22, tzinfo=dt.UTC)
    assert (spring - day_end(dt.date(2026, 3, 28), BERLIN)) == dt.timedelta(days=1)
    autumn = day_end(dt.date(2026, 10, 25), BERLIN)
    assert autumn.astimezone(dt.UTC) == dt.datetime(2026, 10, 25, 23, tzinfo=dt.UTC)


def test_the_local_day_of_a_moment() -> None:
    late = dt.datetime(2026, 6, 30, 22, 30, tzinfo=dt.UTC)
    assert local_day(late, BERLIN) == dt.date(2026, 7, 1)


def test_a_month_before_is_the_same_day_and_an_end_stays_an_end() -> None:
    mid, end = dt.date(2026, 1, 15), dt.date(2026, 4, 30)
    assert months_before(mid, 1) == dt.date(2025, 12, 15)
    assert [months_before(end, back) for back in (1, 2, 14)] == [
        dt.date(2026, 3, 31),
        dt.date(2026, 2, 28),
        dt.date(2025, 2, 28),
    ]
    assert months_before(dt.date(2026, 3, 30), 1) == dt.date(2026, 2, 28)
