"""An administrator counts or discounts an answer."""

import datetime as dt

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, User
from customers.models import Customer, Task
from surveys.enums import Decision
from surveys.models import Response
from surveys.services.decisions import response_decide
from surveys.services.loop import response_follow_up
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(company: Company, ana: User) -> Customer:
    return world.make_customer("Brightwater", owner=ana)


def state(response: Response) -> tuple[str, bool, list[str]]:
    response.refresh_from_db()
    states = Task.objects.order_by("id").values_list("state", flat=True)
    return response.decision, response.counted, list(states)


def decide(response: Response, decision: Decision, admin: User) -> bool:
    return response_decide(
        response=response, decision=decision, by=Actor(user=admin), now=NOW
    )


def test_a_doubtful_answer_is_counted_and_left_to_the_rule(
    customer: Customer, admin: User
) -> None:
    response = world.answer(
        customer, days=0, score=2, contact=world.person(customer), flags=["trap"],
        counted=False, source="gesture",
    )  # fmt: skip
    response_follow_up(response=response, before=None, now=NOW)
    assert state(response) == ("", False, [])
    assert decide(response, Decision.COUNT, admin)
    assert state(response) == ("count", True, ["open"])
    assert response.reply_due_at == NOW + dt.timedelta(hours=48)
    assert response.flags == ["trap"]
    assert decide(response, Decision.NONE, admin)
    assert state(response) == ("", False, ["dropped"])
    assert response.reply_due_at is None


def test_discounting_drops_the_task_and_counting_makes_one_again(
    customer: Customer, admin: User
) -> None:
    response = world.answer(customer, days=0, score=2, contact=world.person(customer))
    response_follow_up(response=response, before=None, now=NOW)
    assert decide(response, Decision.DISCOUNT, admin)
    assert state(response) == ("discount", False, ["dropped"])
    assert decide(response, Decision.NONE, admin)
    assert state(response) == ("", True, ["dropped", "open"])


def test_it_is_in_the_audit_log_once(customer: Customer, admin: User) -> None:
    response = world.answer(customer, days=0, score=2)
    assert decide(response, Decision.DISCOUNT, admin)
    assert not decide(response, Decision.DISCOUNT, admin)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.subject_id) == (
        "surveys.response_decided", admin.pk, str(response.pk),
    )  # fmt: skip
    assert (entry.before, entry.after) == (
        {"decision": "", "counted": True},
        {"decision": "discount", "counted": False},
    )
