"""The rows behind a measure: as many as it counted, and none that came later."""

import datetime as dt

import pytest

from accounts.models import Company, User
from customers.models import Customer, Task
from health.selectors.evidence import SHOWN, Evidence, evidence
from health.selectors.ledger import latest_snapshot
from tests import world
from tests.world import NOW, TODAY, days_ago, noon, score

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def customer(company: Company, ana: User) -> Customer:
    """Everything twice: once as known today, once told tomorrow."""
    world.healthy_customer("Kestrel", owner=ana)
    found = world.failing_customer("Brightwater", owner=ana)
    for told in (None, LATER):
        owed = world.invoice(found, days=60, paid_after=None)
        paid = world.invoice(found, days=50, paid_after=40)
        failed = world.failed_payment(owed, days=9)
        open_one = world.open_ticket(found, days=12, hours=None, escalated=True)
        met = world.touch(found, days=20, kind="meeting")
        task = Task.objects.create(
            customer=found,
            title="Call",
            due_on=days_ago(3),
            created_at=told or noon(days_ago(9)),
        )
        if told:
            for row in (owed, paid, failed, open_one, met):
                row.recorded_at = told
                row.save()
            assert task.created_at == told
    # Paid and resolved, but nobody had told us by then.
    late = world.invoice(found, days=70, paid_after=68)
    late.paid_recorded_at = LATER
    late.save()
    solved = world.open_ticket(found, days=15, hours=5)
    solved.resolved_recorded_at = LATER
    solved.save()
    score(TODAY)
    return found


def behind(customer: Customer, key: str, company: Company) -> tuple[float, Evidence]:
    found = latest_snapshot(customer_id=customer.pk)
    assert found is not None
    place = found.readings.layout.index(key)
    value = float(found.readings.value[0, place])
    return value, evidence(score=found.score, key=key, company=company)


@pytest.mark.parametrize(
    ("key", "count"),
    [
        ("late_invoices", 4),
        ("failed_payments", 1),
        ("escalations", 1),
        ("open_tickets", 2),
        ("meetings", 1),
        ("tasks_overdue", 1),
    ],
)
def test_as_many_rows_as_were_counted(
    customer: Customer, company: Company, key: str, count: int
) -> None:
    value, found = behind(customer, key, company)
    assert (value, found.total, len(found.rows)) == (count, count, count)


def test_what_was_not_known_then_is_not_shown(
    customer: Customer, company: Company
) -> None:
    days, found = behind(customer, "overdue", company)
    # The oldest is the one whose payment nobody had told us of.
    assert [row.paid for row in found.rows] == [None] * 3
    assert max(row.overdue for row in found.rows) == days
    _value, found = behind(customer, "open_tickets", company)
    assert [row.resolved for row in found.rows] == [None, None]
    _value, found = behind(customer, "resolution", company)
    assert (found.rows, found.total) == ([], 0)


def test_only_the_newest_are_read_and_the_rest_is_counted(
    company: Company, ana: User
) -> None:
    customer = world.make_customer("Chatty", owner=ana)
    for day in range(1, SHOWN + 4):
        world.touch(customer, days=day)
    world.touch(world.make_customer("Other", owner=ana), days=1)
    score(TODAY)
    _value, found = behind(customer, "last_contact", company)
    assert (len(found.rows), found.total, found.more) == (SHOWN, SHOWN + 3, 3)
    assert found.rows[0].day == noon(days_ago(1))


def test_weeks_of_usage_add_up(company: Company, ana: User) -> None:
    customer = world.make_customer("User", owner=ana)
    world.use(customer, first=9, users=4, events=10)
    # A correction that came tomorrow.
    world.use(customer, first=2, last=2, users=9, events=90, recorded_on=LATER.date())
    score(TODAY)
    _value, found = behind(customer, "events_trend", company)
    assert [(row.last, row.events, row.days, row.users) for row in found.rows] == [
        (TODAY, 70, 7, 4),
        (days_ago(7), 30, 3, 4),
    ]
