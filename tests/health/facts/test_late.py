"""The silence of a source is not the silence of customers."""

import pytest

from tests import world
from tests.health.facts.frames import end_of, facts, row
from tests.world import days_ago

pytestmark = pytest.mark.django_db
LATE = {"usage": 10, "tickets": 20, "invoices": 30, "payments": 30}
# What is not of a window: how long ago, from the day itself.
AGES = ("satisfaction_age",)
WINDOWED = {
    "usage": (
        "usage_days", "unused_days", "active_days", "active_days_14", "users_recent",
        "users_earlier", "users_peak", "events_recent", "events_earlier",
        "features_peak", "features_before", "key_known", "key_days",
    ),
    "tickets": (
        "tickets_recent", "tickets_monthly_before", "tickets_open",
        "tickets_escalated", "tickets_reopened", "tickets_total", "ticket_days",
        "response_hours", "response_ratio", "resolution_hours", "resolution_ratio",
        "satisfaction",
    ),
    "invoices": ("invoices_seen", "overdue_days", "invoices_late", "earned"),
    "payments": ("payments_seen", "payments_failed"),
}  # fmt: skip


def silent_since(days: int) -> None:
    """This will make customers of whom no source spoke for so many days."""
    for name in ("one", "two"):
        customer = world.make_customer(name)
        world.subscribe(customer)
        world.use(customer, first=200, last=days, users=9, events=60, features=4, key=1)
        for back in (days, days + 25, days + 28, days + 80, days + 110):
            world.open_ticket(customer, days=back, hours=3, satisfaction=4)
        world.open_ticket(customer, days=days + 60, hours=None, escalated=True)
        owed = world.invoice(customer, days=days + 15, paid_after=None)
        world.invoice(customer, days=days + 170, paid_after=90)
        world.failed_payment(owed, days=days + 5)
        world.failed_payment(owed, days=days + 58)


@pytest.mark.parametrize("source", WINDOWED)
def test_windows_end_with_the_last_day_on_time(source: str) -> None:
    """As if the day were that one, with what is known today."""
    silent_since(LATE[source])
    day = days_ago(LATE[source])
    then = facts(day, end_of(day))
    now = facts(late=LATE)
    for name in WINDOWED[source]:
        assert now[name].tolist() == then[name].tolist(), name
        assert len(now[name]) == 2


def test_without_lateness_the_same_silence_is_the_customers() -> None:
    silent_since(30)
    late, here = facts(late={"usage": 30}), facts()
    assert late["active_days"].tolist() == [28, 28]
    assert here["active_days"].tolist() == [0, 0]
    assert (late["unused_days"].tolist(), here["unused_days"].tolist()) == (
        [0, 0], [30, 30],
    )  # fmt: skip


def test_ages_and_other_sources_go_on() -> None:
    customer = world.healthy_customer("somebody")
    plain, late = row(customer), row(customer, late=LATE)
    rest = set(plain) - {name for names in WINDOWED.values() for name in names}
    assert {name: late[name] for name in rest} == {name: plain[name] for name in rest}
    assert set(AGES) <= rest
    assert plain["satisfaction_age"] == 50


def test_what_came_in_after_all_is_in_no_window() -> None:
    customer = world.make_customer()
    world.use(customer, first=100, last=10, users=5)
    world.use(customer, first=3, last=3, users=99)
    assert row(customer, late={"usage": 7})["users_peak"] == 5
