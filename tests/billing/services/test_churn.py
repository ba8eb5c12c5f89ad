"""Who left: noted by itself, asked about, and written down."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, User
from billing.enums import ChangeKind, ChurnKind
from billing.models import ChurnEvent, Subscription
from billing.services.churn import (
    ChurnValues,
    churn_record,
    departures_note,
    departures_tick,
)
from customers.models import Customer, Event, ImportRun, Task
from tests.world import (
    NOW,
    TODAY,
    change_subscription,
    days_ago,
    failed_payment,
    invoice,
    leave,
    make_customer,
    noon,
    subscribe,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ours(company: Company) -> Company:
    return company


def end(subscription: Subscription, *, days: int, **fields: Any) -> None:
    """This will end a subscription so many days ago, told on that day."""
    change_subscription(
        subscription, kind=ChangeKind.END, on=days_ago(days), mrr="0", seats=0, **fields
    )


def gone(name: str, *, days: int = 3, **fields: Any) -> Customer:
    customer = make_customer(name, owner=fields.pop("owner", None))
    end(subscribe(customer), days=days, **fields)
    return customer


def note(now: dt.datetime = NOW) -> int:
    return departures_note(today=TODAY, now=now)


def noted() -> list[tuple[str, dt.date, str, str]]:
    return list(
        ChurnEvent.objects.order_by("customer__name").values_list(
            "customer__name", "left_on", "kind", "reason"
        )
    )


def asked() -> list[tuple[str, str, str]]:
    return list(Task.objects.order_by("title").values_list("title", "state", "reason"))


def test_who_left_is_noted_and_the_owner_is_asked_in_their_language(ana: User) -> None:
    ana.language = "de"
    ana.save()
    gone("Acme", owner=ana)
    assert note() == 1
    assert noted() == [("Acme", days_ago(3), "voluntary", "")]
    task = Task.objects.get()
    assert (task.assignee, task.type, task.title) == (
        ana,
        "churn_reason",
        "Warum ist Acme gegangen?",
    )
    assert (note(), Task.objects.count(), ChurnEvent.objects.count()) == (0, 1, 1)


def test_only_who_has_nothing_left_lately_and_ever_paid_has_left() -> None:
    stays = gone("Stays")
    subscribe(stays)
    gone("Long ago", days=31)
    trial = make_customer("Trial")
    end(subscribe(trial, mrr="0"), days=3)
    ahead = make_customer("Ahead")
    end(subscribe(ahead), days=-5, recorded_at=noon(days_ago(10)))
    kept = make_customer("Kept")
    sub = subscribe(kept)
    end(sub, days=3)
    change_subscription(sub, on=days_ago(3), mrr="100", revision=1)
    assert (note(), noted(), asked()) == (0, [], [])
    # Five days on, what was told ahead has taken effect.
    later = TODAY + dt.timedelta(days=5)
    assert departures_note(today=later, now=noon(later)) == 1
    assert noted() == [("Ahead", later, "voluntary", "")]


def test_money_that_was_left_owing_says_that_the_payment_failed() -> None:
    invoice(gone("Unpaid"), days=30, due_in=7, paid_after=None)
    failed_payment(invoice(gone("Failed"), days=10, due_in=30, paid_after=None), days=8)
    invoice(gone("Open"), days=10, due_in=30, paid_after=None)
    failed_payment(invoice(gone("Paid later"), days=30, paid_after=25), days=10)
    note()
    assert [(name, kind) for name, _day, kind, _reason in noted()] == [
        ("Failed", "involuntary"),
        ("Open", "voluntary"),
        ("Paid later", "voluntary"),
        ("Unpaid", "involuntary"),
    ]


def test_history_is_not_asked_about() -> None:
    ImportRun.objects.create(folder="x", started_at=NOW)
    gone("History", recorded_at=NOW - dt.timedelta(minutes=1))
    assert (note(), asked()) == (0, [])
    # What a file tells after that is news.
    gone("News", recorded_at=NOW + dt.timedelta(minutes=1))
    assert note(NOW + dt.timedelta(hours=1)) == 1
    assert [title for title, *_ in asked()] == ["Why did News leave?"]


def test_a_departure_that_a_file_told_is_the_one() -> None:
    told = gone("Told")
    leave(told, days=2, external_id="L-1", reason="Price")
    assert (note(), asked()) == (0, [])
    # One that was concluded without a reason is asked about.
    concluded = gone("Concluded")
    leave(concluded, days=3, recorded_assumed=True)
    assert note() == 0
    assert [title for title, *_ in asked()] == ["Why did Concluded leave?"]


def test_who_comes_back_is_not_asked_about_any_more_and_may_leave_again() -> None:
    customer = gone("Acme", days=10)
    note()
    back = subscribe(customer, since=days_ago(5))
    note()
    first = ("Why did Acme leave?", "dropped", days_ago(10).isoformat())
    assert asked() == [first]
    end(back, days=1)
    assert note() == 1
    assert {one[1:] for one in asked()} == {
        first[1:],
        ("open", days_ago(1).isoformat()),
    }


def test_an_answer_is_kept_audited_and_closes_the_task(ana: User) -> None:
    gone("Acme", owner=ana)
    note()
    event = ChurnEvent.objects.get()
    values = ChurnValues(
        kind=ChurnKind.VOLUNTARY,
        reason="Price",
        preventable=True,
        competitor="Routella",
        comment="They said so.",
    )
    by = Actor(user=ana)
    assert churn_record(event=event, values=values, by=by, now=NOW)
    assert not churn_record(event=event, values=values, by=by, now=NOW)
    event.refresh_from_db()
    assert (event.reason, event.preventable, event.comment) == (
        "Price",
        True,
        "They said so.",
    )
    assert asked()[0][1] == "done"
    assert Event.objects.filter(kind="customers.task_done").count() == 1
    entry = AuditEntry.objects.get(action="billing.churn_recorded")
    assert entry.after == {
        "reason": "Price",
        "preventable": True,
        "competitor": "Routella",
    }
    note()
    assert Task.objects.count() == 1


def test_the_tick_looks_only_when_something_may_have_changed() -> None:
    gone("Acme")
    assert departures_tick(now=NOW) == 1
    departures_tick(now=NOW)  # its own writing counts
    with CaptureQueriesContext(connection) as queries:
        assert departures_tick(now=NOW) == 0
    assert len(queries) == 5  # company, ledger, last look; a savepoint and its end
    late = gone("Bolt")
    assert departures_tick(now=NOW) == 0
    # A new day has begun.
    assert departures_tick(now=NOW + dt.timedelta(days=1)) == 1
    assert ChurnEvent.objects.filter(customer=late).exists()


def test_departures_cost_the_same_however_many() -> None:
    costs = []
    for names in (("A",), ("B", "C", "D")):
        for name in names:
            gone(name)
        with CaptureQueriesContext(connection) as queries:
            note()
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert ChurnEvent.objects.count() == 4
