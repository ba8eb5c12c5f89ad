"""Days and moments in the company's zone."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from common.dates import POSTGRES_EPOCH
from health.selectors.facts.moment import EPOCH, NEVER, Moment, Window
from tests.world import NOW, TODAY

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/Sao_Paulo",  # days that begin at one o'clock
    "Pacific/Apia",  # a year without 30 December
    "Asia/Kathmandu",
]


def window(zone: str = "UTC", **late: int) -> Window:
    return Window(Moment(TODAY, NOW, zone, "EUR"), late)


@given(
    zone=st.sampled_from(ZONES),
    moment=st.datetimes(
        dt.datetime(1971, 1, 1), dt.datetime(2099, 1, 1), timezones=st.just(dt.UTC)
    ),
)
@example(zone="Pacific/Apia", moment=dt.datetime(2011, 12, 30, 10, tzinfo=dt.UTC))
@example(zone="Pacific/Apia", moment=dt.datetime(2011, 12, 30, 9, tzinfo=dt.UTC))
@example(zone="America/Sao_Paulo", moment=dt.datetime(2018, 11, 4, 3, tzinfo=dt.UTC))
@example(zone="America/Sao_Paulo", moment=dt.datetime(2018, 2, 18, 2, tzinfo=dt.UTC))
@example(zone="Europe/Berlin", moment=dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC))
def test_the_local_day_of_a_moment(zone: str, moment: dt.datetime) -> None:
    micros = (moment - EPOCH) // dt.timedelta(microseconds=1)
    got = window(zone).local_days(np.array([micros], dtype=np.int64))
    day = moment.astimezone(ZoneInfo(zone)).date()
    assert got.tolist() == [(day - POSTGRES_EPOCH).days]


def test_never_is_no_number_of_days() -> None:
    noon = (NOW - EPOCH) // dt.timedelta(microseconds=1)
    moments = np.array([NEVER, noon, noon - 86_400_000_000], dtype=np.int64)
    assert window("Europe/Berlin").days_since(moments).tolist() == [-1, 0, 1]


def test_a_late_source_has_windows_of_its_own() -> None:
    late = window("Europe/Berlin", usage=7)
    assert late.last_day("usage") == TODAY - dt.timedelta(days=7)
    assert late.last_day("tickets", 2) == TODAY - dt.timedelta(days=2)
    assert late.day - late.source_day("usage") == 7
    # The first moment of 30 June in Berlin, and of the day seven days before.
    first = dt.datetime(2026, 6, 29, 22, tzinfo=dt.UTC)
    assert late.begin("tickets", 1) == first
    assert late.begin("usage", 1) == first - dt.timedelta(days=7)
    assert late.micros("tickets", 1) == (first - EPOCH) // dt.timedelta(microseconds=1)
