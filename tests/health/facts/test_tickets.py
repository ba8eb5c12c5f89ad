"""What became of requests for support, measured against the targets of their priority."""

import datetime as dt
from typing import Any

import pytest

from customers.models import Customer, SupportTicket
from health.calculations.targets import TARGETS
from tests import world
from tests.health.facts.frames import end_of, row
from tests.world import days_ago, noon

pytestmark = pytest.mark.django_db


def ticket(
    customer: Customer, *, days: int, answered: float | None = None, **fields: Any
) -> SupportTicket:
    """This will save a ticket with a first response after so many hours."""
    reopened = fields.pop("reopened", None)
    for name, hours in (("first_response", answered), ("reopened", reopened)):
        if hours is not None:
            at = noon(days_ago(days)) + dt.timedelta(hours=hours)
            fields |= {f"{name}_at": at, f"{name}_recorded_at": at}
    return world.open_ticket(customer, days=days, **fields)


def test_nothing_is_known_without_tickets() -> None:
    got = row(world.make_customer())
    names = ("response_hours", "response_ratio", "resolution_ratio", "ticket_days")
    assert [got[name] for name in names] == [-1, -1, -1, -1]
    assert (got["tickets_open"], got["tickets_reopened"]) == (0, 0)


@pytest.mark.parametrize(("priority", "hours"), TARGETS.items())
def test_each_priority_has_its_target(priority: str, hours: tuple[int, int]) -> None:
    customer = world.make_customer()
    ticket(customer, days=9, answered=hours[0], hours=hours[1], priority=priority)
    got = row(customer)
    assert (got["response_hours"], got["response_ratio"]) == (hours[0], 1)
    assert (got["resolution_hours"], got["resolution_ratio"]) == (hours[1], 1)


def test_ratios_are_averaged_not_divided_averages() -> None:
    customer = world.make_customer()
    ticket(customer, days=20, answered=8, hours=12, priority="urgent")  # 2 and ½
    ticket(customer, days=30, answered=24, hours=336, priority="low")  # ½ and 2
    ticket(customer, days=100, answered=90, hours=90)  # too long ago
    got = row(customer)
    assert (got["response_hours"], got["response_ratio"]) == (16, 1.25)
    assert (got["resolution_hours"], got["resolution_ratio"]) == (174, 1.25)


def test_a_response_counts_from_when_it_was_known() -> None:
    customer = world.make_customer()
    made = ticket(customer, days=20, answered=3, hours=None)
    SupportTicket.objects.filter(pk=made.pk).update(
        first_response_recorded_at=noon(days_ago(5))
    )
    assert row(customer)["response_hours"] == 3
    day = days_ago(6)
    assert row(customer, as_of=day, known=end_of(day))["response_hours"] == -1


def test_open_is_what_was_not_resolved_or_was_reopened_since() -> None:
    customer = world.make_customer()
    ticket(customer, days=50, hours=None)
    ticket(customer, days=40, hours=24)
    ticket(customer, days=30, hours=24, reopened=48)  # reopened after it was resolved
    ticket(customer, days=20, hours=72, reopened=48)  # and resolved again
    got = row(customer)
    assert (got["tickets_open"], got["tickets_reopened"]) == (2, 2)

    def on(back: int) -> tuple[int, int]:
        day = days_ago(back)
        got = row(customer, as_of=day, known=end_of(day))
        return got["tickets_open"], got["tickets_reopened"]

    assert on(30) == (2, 0)
    assert on(29) == (1, 0)
    assert on(28) == (2, 1)
    assert on(18) == (3, 2)
    assert on(17) == (2, 2)


def test_reopenings_count_for_90_days() -> None:
    customer = world.make_customer()
    ticket(customer, days=91, hours=24, reopened=35)  # 90 days ago, an hour to go
    assert row(customer)["tickets_reopened"] == 0
    assert row(customer, as_of=days_ago(1))["tickets_reopened"] == 1


def test_days_are_those_of_the_companys_zone() -> None:
    customer = world.make_customer()
    made = world.open_ticket(customer, days=1)
    late = dt.datetime(2026, 6, 29, 22, 30, tzinfo=dt.UTC)  # 30 June in Berlin
    SupportTicket.objects.filter(pk=made.pk).update(
        opened_at=late, satisfaction=4, satisfaction_recorded_at=late,
        resolved_at=None, resolved_recorded_at=None,
    )  # fmt: skip
    got = row(customer)
    assert (got["ticket_days"], got["satisfaction_age"]) == (1, 1)
    got = row(customer, zone="Europe/Berlin")
    assert (got["ticket_days"], got["satisfaction_age"]) == (0, 0)
    # The windows too: 30 June 22:30 is the 30th day before 29 July, or the 31st.
    day = dt.date(2026, 7, 29)
    assert row(customer, as_of=day, known=end_of(day))["tickets_recent"] == 0
    berlin = row(customer, as_of=day, known=end_of(day), zone="Europe/Berlin")
    assert berlin["tickets_recent"] == 1
