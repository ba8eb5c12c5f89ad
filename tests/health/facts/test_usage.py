"""Usage by month and by day: corrections, roll-ups, borders of months, key features."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.partitions import month_partitions_ensure
from customers.models import Customer, UsageDaily
from tests import world
from tests.health.facts.frames import row, row_alone
from tests.world import TODAY, days_ago

pytestmark = pytest.mark.django_db


def use_on(customer: Customer, day: dt.date, **fields: Any) -> None:
    month_partitions_ensure(table="customers_usagedaily", first=day, last=day)
    fields.setdefault("recorded_on", day)
    fields.setdefault("events", 10)
    UsageDaily.objects.create(customer=customer, day=day, **fields)


def test_days_of_a_fortnight_and_of_four_weeks() -> None:
    customer = world.make_customer()
    for back in (0, 13, 14, 27, 28):
        use_on(customer, days_ago(back), events=0, active_users=1)
    use_on(customer, days_ago(5), events=0)  # known, and not used
    got = row(customer)
    assert (got["active_days_14"], got["active_days"]) == (2, 4)
    assert (got["usage_days"], got["unused_days"]) == (6, 0)


def test_a_roll_up_covers_at_most_the_window() -> None:
    customer = world.make_customer()
    use_on(customer, days_ago(20), period_days=7)
    got = row(customer)
    assert (got["active_days_14"], got["active_days"]) == (0, 7)
    use_on(customer, days_ago(0), period_days=20)
    got = row(customer)
    assert (got["active_days_14"], got["active_days"]) == (14, 27)
    assert got["rolled_up"] is True


def test_months_of_any_length_join_at_their_borders() -> None:
    """The days around 28 February, 31 March and both ends of the windows."""
    customer = world.make_customer()
    day = dt.date(2026, 3, 31)
    for month, number in ((2, 27), (2, 28), (3, 1), (3, 31)):
        use_on(customer, dt.date(2026, month, number), active_users=number, features=1)
    got = row(customer, as_of=day)
    # 28 days before 31 March begin on 4 March; 31 days on 1 March.
    assert (got["active_days"], got["active_days_14"]) == (1, 1)
    assert (got["users_recent"], got["users_peak"]) == (16, 31)
    assert got["users_earlier"] == 27.5
    assert row(customer, as_of=dt.date(2026, 3, 30))["unused_days"] == 29
    assert row(customer, as_of=dt.date(2026, 2, 28))["unused_days"] == 0


def test_the_year_ends_with_its_first_day() -> None:
    customer = world.make_customer()
    for back in (365, 366):
        use_on(customer, days_ago(back))
    assert (row(customer)["usage_days"], row(customer)["unused_days"]) == (1, 365)
    assert row(customer, as_of=days_ago(1))["usage_days"] == 2


def test_key_features_are_known_where_somebody_counts_them() -> None:
    counted, silent, never = (world.make_customer() for _ in range(3))
    world.use(counted, first=40, last=0, key=0)
    UsageDaily.objects.filter(day=days_ago(12)).update(key_events=3)
    world.use(silent, first=40, last=0)
    world.use(never, first=40, last=0, key=0)
    assert (row(counted)["key_known"], row(counted)["key_days"]) == (True, 12)
    assert (row(silent)["key_known"], row(silent)["key_days"]) == (False, -1)
    assert (row(never)["key_known"], row(never)["key_days"]) == (True, -1)


def test_a_correction_takes_back_the_use_of_a_key_feature() -> None:
    customer = world.make_customer()
    world.use(customer, first=9, last=9, key=2)
    world.use(customer, first=3, last=3, key=5)
    world.use(customer, first=3, last=3, key=-5, recorded_on=days_ago(1))
    assert row(customer)["key_days"] == 9
    assert row(customer, as_of=days_ago(2))["key_days"] == 1


def test_a_correction_of_one_customer_leaves_the_others_alone() -> None:
    corrected, plain = world.make_customer(), world.make_customer()
    for customer in (corrected, plain):
        world.use(customer, first=150, users=8, events=40, features=3, key=1)
    world.use(
        corrected, first=4, last=4, users=5, events=-40, features=1,
        recorded_on=days_ago(0),
    )  # fmt: skip
    one, other = row(corrected), row(plain)
    assert (one["users_peak"], other["users_peak"]) == (13, 8)
    assert (one["features_peak"], other["features_peak"]) == (4, 3)
    assert one["events_recent"] == pytest.approx(40 - 40 / 31)
    assert other["events_recent"] == 40
    assert (one["active_days"], other["active_days"]) == (28, 28)


def test_months_kept_in_another_way_are_read_too() -> None:
    """An operator may keep a year in one partition."""
    customer = world.make_customer()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE old_usage PARTITION OF customers_usagedaily"
            " FOR VALUES FROM ('2025-01-01') TO ('2026-06-01')"
        )
    UsageDaily.objects.create(
        customer=customer, day=days_ago(100), recorded_on=days_ago(100), events=90
    )
    use_on(customer, TODAY, events=31)
    got = row(customer)
    assert (got["events_earlier"], got["events_recent"]) == (1, 1)
    assert got["usage_days"] == 2


DAY = st.tuples(
    st.integers(0, 380),  # days ago
    st.sampled_from([1, 1, 1, 1, 7, 31]),  # period
    st.integers(0, 9),  # users
    st.integers(0, 50),  # events
    st.integers(0, 5),  # features
    st.sampled_from([None, 0, 4]),  # key events
    st.lists(st.tuples(st.integers(1, 20), st.integers(-50, 20)), max_size=2),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(days=st.lists(DAY, max_size=25), back=st.integers(0, 60))
def test_months_and_days_say_the_same(days: list[Any], back: int) -> None:
    """What is added up by month is what the rows say one by one."""
    customer = world.make_customer()
    last: dict[tuple[int, int], bool] = {}
    for ago, period, users, events, features, key, corrections in days:
        if (ago, 0) in last:
            continue
        last[ago, 0] = True
        use_on(
            customer, days_ago(ago), period_days=period, active_users=users,
            events=events, features=features, key_events=key,
        )  # fmt: skip
        for later, change in corrections:
            if (ago, later) not in last and later <= ago:
                last[ago, later] = True
                use_on(
                    customer, days_ago(ago), period_days=period, events=change,
                    active_users=change, features=change, key_events=key and change,
                    recorded_on=days_ago(ago - later),
                )  # fmt: skip
    day = days_ago(back)
    end = dt.datetime.combine(day, dt.time(23, 59), tzinfo=dt.UTC)
    many = row(customer, as_of=day, known=end)
    alone = row_alone(customer, days=back)
    assert many == pytest.approx(alone)
