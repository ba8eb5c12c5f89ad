"""What a survey may ask after."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.events import STAGE_CHANGED
from customers.services.events import event_record
from surveys.triggers import TRIGGERS, Cause
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def causes(key: str, since: dt.datetime, until: dt.datetime) -> list[Cause]:
    with CaptureQueriesContext(connection) as captured:
        found = TRIGGERS[key].causes(since=since, until=until)
    assert len(captured) == 1
    return found


def test_there_are_two() -> None:
    assert list(TRIGGERS) == ["ticket_resolved", "onboarding_finished"]


def test_tickets_count_from_when_they_were_resolved() -> None:
    customer = world.make_customer()
    asker = world.person(customer)
    early = world.open_ticket(customer, days=3, hours=1)
    late = world.open_ticket(customer, days=2, hours=1, contact=asker)
    world.open_ticket(customer, days=2, hours=None)
    assert early.resolved_at
    assert late.resolved_at
    first = Cause(customer.pk, None, f"ticket:{early.pk}", early.resolved_at)
    second = Cause(customer.pk, asker.pk, f"ticket:{late.pk}", late.resolved_at)
    assert causes("ticket_resolved", NOW - 9 * DAY, NOW) == [first, second]
    # After `since`, and `until` belongs to it.
    assert causes("ticket_resolved", early.resolved_at, late.resolved_at) == [second]
    assert causes("ticket_resolved", late.resolved_at, NOW) == []


def test_only_a_change_from_onboarding_finishes_it() -> None:
    customer = world.make_customer()
    for hours, before, after in (
        (5, "onboarding", "adoption"),
        (4, "adoption", "onboarding"),
        (3, "onboarding", "mature"),
    ):
        event_record(
            customer=customer,
            kind=STAGE_CHANGED,
            happened_at=NOW - hours * HOUR,
            now=NOW,
            data={"before": before, "after": after},
        )
    event_record(
        customer=customer, kind="customers.other", happened_at=NOW - HOUR, now=NOW,
        data={"before": "onboarding", "after": "mature"},
    )  # fmt: skip
    rows = customer.events.order_by("id")
    assert causes("onboarding_finished", NOW - DAY, NOW) == [
        Cause(customer.pk, None, f"onboarding:{rows[0].pk}", NOW - 5 * HOUR),
        Cause(customer.pk, None, f"onboarding:{rows[2].pk}", NOW - 3 * HOUR),
    ]
    assert causes("onboarding_finished", NOW - 5 * HOUR, NOW - 4 * HOUR) == []
