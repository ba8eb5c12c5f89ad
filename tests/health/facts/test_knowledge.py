"""The frame of a day reads nothing that was not known on it."""

import datetime as dt

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Company
from billing.models import CreditNote, Invoice, Payment, Refund
from customers.models import Customer, Segment, SupportTicket
from surveys.enums import InvitationState
from tests import world
from tests.health.facts.frames import end_of, facts
from tests.world import days_ago, noon

pytestmark = pytest.mark.django_db

ROWS = {
    "billing_refund": "recorded_at",
    "billing_creditnote": "recorded_at",
    "customers_supportticket": "recorded_at",
    "customers_interaction": "recorded_at",
    "customers_profilechange": "recorded_at",
    "customers_contact": "recorded_at",
    "customers_task": "created_at",
    "surveys_response": "recorded_at",
    "surveys_invitation": "created_at",
    "billing_payment": "recorded_at",
    "billing_invoice": "recorded_at",
    "billing_subscriptionchange": "recorded_at",
    "billing_churnevent": "recorded_at",
}
# Milestones: what became known of a row later than the row.
MILESTONES = [
    ("customers_supportticket", "first_response_recorded_at", "first_response_at"),
    ("customers_supportticket", "resolved_recorded_at", "resolved_at"),
    ("customers_supportticket", "reopened_recorded_at", "reopened_at"),
    ("customers_supportticket", "escalated_recorded_at", "escalated_at"),
    ("customers_supportticket", "satisfaction_recorded_at", "satisfaction"),
    ("customers_contact", "left_recorded_at", "left_on"),
    ("billing_invoice", "paid_recorded_at", "paid_on"),
    ("surveys_invitation", "answered_at", None),
]


def given_back(owed: Invoice, back: int) -> None:
    """This will credit a part of an invoice, pay it, and give a part of that back."""
    shared = {"customer": owed.customer, "currency": "EUR"}
    CreditNote.objects.create(
        invoice=owed, amount=30, issued_on=days_ago(back // 4),
        recorded_at=noon(days_ago(back // 5)), **shared,
    )  # fmt: skip
    paid = Payment.objects.create(
        invoice=owed, state="succeeded", amount=970, happened_at=noon(days_ago(back // 3)),
        recorded_at=noon(days_ago(back // 3)), **shared,
    )  # fmt: skip
    Refund.objects.create(
        payment=paid, kind="refund", amount=50, happened_at=noon(days_ago(back // 6)),
        recorded_at=noon(days_ago(back // 7)), **shared,
    )  # fmt: skip


def busy_customer(name: str, *, shift: int) -> None:
    """This will save something of everything, at many times."""
    customer = world.make_customer(name)
    segments = [Segment.objects.get_or_create(key=k, name=k)[0] for k in "xyz"]
    subscription = world.subscribe(customer, discount="0.1")
    for number, back in enumerate(range(3 + shift, 330, 41)):
        person = world.person(
            customer, is_primary=False, is_executive=number % 2 == 0,
            is_admin=number % 3 == 0, left_on=days_ago(back // 2),
        )  # fmt: skip
        type(person).objects.filter(pk=person.pk).update(
            recorded_at=noon(days_ago(back))
        )
        stage = ("onboarding", "adoption", "onboarding", "")[number % 4]
        world.profile(customer, days=back, segment=segments[number % 3], stage=stage)
        world.touch(customer, days=back, kind="meeting", contact=person)
        world.touch(customer, days=back + 1, kind="pulse", pulse=1 + number % 5)
        world.answer(customer, days=back, score=number % 11, contact=person)
        world.invite(
            customer, contact=person, created_at=noon(days_ago(back)),
            state=InvitationState.ANSWERED, answered_at=noon(days_ago(back // 2)),
        )  # fmt: skip
        world.task(customer, due=back, done=back // 2)
        world.change_subscription(
            subscription, on=days_ago(back), mrr=str(900 - 7 * number),
            recorded_at=noon(days_ago(back // 2)), discount="0.2",
        )  # fmt: skip
        owed = world.invoice(customer, days=back, paid_after=back // 3)
        world.failed_payment(owed, days=back // 2)
        given_back(owed, back)
        busy_ticket(customer, back, number)
        world.use(customer, first=back + 20, last=back, users=3 + number, key=number)
        for later in (back // 2, 0):
            world.use(
                customer, first=back, last=back, users=5, events=-40, key=1,
                recorded_on=days_ago(later),
            )  # fmt: skip


def busy_buyer(name: str, *, shift: int) -> None:
    """This will save purchases without a subscription, some told of later."""
    customer = world.make_customer(name)
    for number, back in enumerate(range(2 + shift, 330, 29)):
        made = world.invoice(customer, days=back, total=str(20 + 3 * number))
        type(made).objects.filter(pk=made.pk).update(
            recorded_at=noon(days_ago(back // (1 + number % 2)))
        )


def busy_ticket(customer: Customer, back: int, number: int) -> None:
    """This will save a ticket whose milestones happened at once and were told later."""
    made = world.open_ticket(
        customer, days=back, hours=5, escalated=True, satisfaction=1 + number % 5,
        priority=("low", "medium", "high", "urgent")[number % 4],
        first_response_at=noon(days_ago(back)) + dt.timedelta(hours=1 + number),
        first_response_recorded_at=noon(days_ago(back // 2)),
        reopened_at=noon(days_ago(back)) + dt.timedelta(hours=9),
        reopened_recorded_at=noon(days_ago(back // 4)),
    )  # fmt: skip
    SupportTicket.objects.filter(pk=made.pk).update(
        resolved_recorded_at=noon(days_ago(back // 3)),
        satisfaction_recorded_at=noon(days_ago(back // 5)),
        escalated_recorded_at=noon(days_ago(back // 6)),
    )


def forget(day: dt.date) -> int:
    """This will delete all that became known after a day; returns how much that was.

    References to what is deleted stay: they are only looked at when a transaction ends.
    """
    end, gone = end_of(day), 0
    with connection.cursor() as cursor:
        for table, known in ROWS.items():
            cursor.execute(f"DELETE FROM {table} WHERE {known} >= %s", [end])
            gone += cursor.rowcount
        cursor.execute("DELETE FROM customers_usagedaily WHERE recorded_on > %s", [day])
        gone += cursor.rowcount
        for table, known, fact in MILESTONES:
            also = f", {fact} = NULL" if fact else ""
            cursor.execute(
                f"UPDATE {table} SET {known} = NULL{also} WHERE {known} >= %s", [end]
            )
            gone += cursor.rowcount
    return gone


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    back=st.integers(1, 300), late=st.sampled_from([None, {"usage": 9, "tickets": 5}])
)
def test_deleting_what_became_known_later_changes_nothing(
    company: Company, back: int, late: dict[str, int] | None
) -> None:
    if not Customer.objects.exists():
        world.healthy_customer("stays")
        for shift in (0, 5, 17):
            busy_customer(f"busy {shift}", shift=shift)
            busy_buyer(f"buyer {shift}", shift=shift)
        for days in (400, 250, 120, 60, 30, 3):
            customer = world.healthy_customer(f"left {days}")
            world.leave(customer, days=days, recorded_at=noon(days_ago(days // 2)))
    day = days_ago(back)
    before = facts(day, end_of(day), late=late)
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT future")
        gone = forget(day)
        after = facts(day, end_of(day), late=late)
        cursor.execute("ROLLBACK TO SAVEPOINT future")
    assert gone > 10
    assert len(before["customer_id"]) > 3
    for name, column in before.items():
        assert column.tolist() == after[name].tolist(), name
