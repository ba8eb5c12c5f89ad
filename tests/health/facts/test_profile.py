"""Segment, parent and stage as they were known on the day."""

import datetime as dt

import pytest

from customers.models import Segment
from tests import world
from tests.health.facts.frames import end_of, facts, row
from tests.world import days_ago

pytestmark = pytest.mark.django_db


def test_without_a_log_the_customers_own_row_speaks() -> None:
    parent = world.make_customer()
    customer = world.make_customer(parent=parent, stage="onboarding")
    got = row(customer)
    assert got["segment_id"] == customer.segment_id
    assert got["parent_id"] == parent.pk
    assert got["onboarding_days"] == 730
    assert row(parent)["onboarding_days"] == -1


def test_the_log_says_what_was_known_on_each_day() -> None:
    small, big = (Segment.objects.create(key=key, name=key) for key in ("s", "b"))
    parent = world.make_customer()
    customer = world.make_customer()
    # What stands today was learnt today.
    world.profile(customer, days=730, segment=small, stage="adoption")
    world.profile(customer, days=40, segment=big, stage="adoption")
    world.profile(customer, days=10, segment=None, stage="adoption", parent=parent)
    seen = [
        (got["segment_id"], got["parent_id"])
        for day in (days_ago(41), days_ago(40), days_ago(10), days_ago(0))
        for got in [row(customer, as_of=day, known=end_of(day))]
    ]
    assert seen == [
        (small.pk, 0), (big.pk, 0), (0, parent.pk), (0, parent.pk),
    ]  # fmt: skip


def test_a_line_of_the_same_day_counts_from_its_moment() -> None:
    customer = world.make_customer()
    small = Segment.objects.create(key="s", name="s")
    line = world.profile(customer, days=730)
    later = world.profile(customer, days=5, segment=small)
    assert row(customer, known=later.recorded_at)["segment_id"] == 0
    after = later.recorded_at + dt.timedelta(seconds=1)
    assert row(customer, known=after)["segment_id"] == small.pk
    assert line.segment_id is None


def test_onboarding_lasts_from_the_last_time_it_began() -> None:
    customer = world.make_customer()
    world.profile(customer, days=400, stage="onboarding")
    world.profile(customer, days=300, stage="adoption")
    world.profile(customer, days=50, stage="onboarding")
    # Another segment is no new beginning.
    world.profile(customer, days=20, stage="onboarding", segment=customer.segment)
    other = world.make_customer()
    world.profile(other, days=400, stage="onboarding")
    world.profile(other, days=20, stage="mature")

    def days(back: int) -> list[int]:
        day = days_ago(back)
        return facts(day, end_of(day))["onboarding_days"].tolist()  # type: ignore[no-any-return]

    assert days(0) == [50, -1]
    assert days(20) == [30, -1]
    assert days(21) == [29, 379]
    assert days(51) == [-1, 349]
    assert days(301) == [99, 99]


def test_the_stage_on_the_customer_does_not_overrule_its_log() -> None:
    customer = world.make_customer(stage="onboarding")
    world.profile(customer, days=100, stage="mature")
    assert row(customer)["onboarding_days"] == -1
