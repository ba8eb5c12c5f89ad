"""An answer makes a line on the timeline and, when it is bad news, a task."""

import datetime as dt
from copy import copy
from typing import Any

import pytest

from accounts.models import Company, Holiday, User
from customers.enums import TaskState
from customers.models import Customer, Event, Task
from surveys.events import RESPONSE_CHANGED, RESPONSE_RECEIVED
from surveys.models import Response, SurveyRules
from surveys.services.loop import response_follow_up
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=3)


@pytest.fixture
def customer(company: Company, ana: User) -> Customer:
    return world.make_customer("Brightwater", owner=ana)


def confirm(customer: Customer, score: int, **fields: Any) -> Response:
    """This will store an answer that arrives now, and follow it up."""
    if "contact" not in fields:
        fields["contact"] = world.person(customer, is_primary=False)
    response = world.answer(customer, days=0, score=score, **fields)
    response_follow_up(response=response, before=None, now=NOW)
    response.refresh_from_db()
    return response


def change(response: Response, **fields: Any) -> Response:
    before = copy(response)
    for name, value in fields.items():
        setattr(response, name, value)
    response.save()
    response_follow_up(response=response, before=before, now=LATER)
    response.refresh_from_db()
    return response


def tasks() -> list[tuple[str, str]]:
    rows = Task.objects.order_by("id").values_list("title", "state")
    return list(rows)


def lines() -> list[tuple[str, dt.datetime, dict[str, Any]]]:
    rows = Event.objects.order_by("id").values_list("kind", "happened_at", "data")
    return list(rows)


def test_bad_news_makes_a_task_and_a_line(customer: Customer, ana: User) -> None:
    response = confirm(customer, 4, comment="Exports break.")
    task = Task.objects.get()
    assert (task.title, task.type, task.reason, task.assignee) == (
        "Reply to Mara Ionescu: scored 4", "survey_answer", f"answer-{response.pk}", ana,
    )  # fmt: skip
    # 48 hours from Tuesday noon, none of them on a day off.
    assert response.reply_due_at == NOW + dt.timedelta(hours=48)
    assert task.due_on == dt.date(2026, 7, 2)
    data = {"response": response.pk, "survey_kind": "nps", "score": 4}
    assert lines() == [(RESPONSE_RECEIVED, NOW, data)]
    event = Event.objects.get()
    assert (event.subject_type, event.subject_id) == (
        "surveys.response", str(response.pk),
    )  # fmt: skip


def test_the_hours_are_the_companys(customer: Customer) -> None:
    SurveyRules.objects.create(id=1, reply_hours=24)
    Holiday.objects.create(day=world.TODAY + dt.timedelta(days=1), name="Feast")
    response = confirm(customer, 0)
    assert response.reply_due_at == NOW + dt.timedelta(hours=48)


@pytest.mark.parametrize(
    ("kind", "score", "made"),
    [
        ("nps", 6, 1), ("nps", 7, 0), ("nps", 10, 0),
        ("csat", 2, 1), ("csat", 3, 0),
        ("ces", 3, 1), ("ces", 4, 0),
    ],
)  # fmt: skip
def test_only_the_low_group_is_bad_news(
    customer: Customer, kind: str, score: int, made: int
) -> None:
    response = confirm(customer, score, kind=kind, comment="Something.")
    assert len(tasks()) == made
    assert (response.reply_due_at is not None) == bool(made)


def test_who_wants_no_reply_is_looked_into(customer: Customer) -> None:
    confirm(customer, 2, no_reply=True)
    assert tasks() == [("Look into the answer of Mara Ionescu: scored 2", "open")]


def test_nobody_can_reply_to_nobody(customer: Customer) -> None:
    confirm(customer, 2, contact=None)
    assert tasks() == [("Look into the answer of Brightwater: scored 2", "open")]


def test_the_task_speaks_the_owners_language(customer: Customer, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(language="de")
    customer.refresh_from_db()
    confirm(customer, 4)
    assert tasks() == [("Mara Ionescu antworten: Bewertung 4", "open")]


def test_a_name_cannot_bend_the_title(customer: Customer) -> None:
    contact = world.person(customer, "Eve\u202e\n" + "x" * 140, is_primary=False)
    confirm(customer, 4, contact=contact)
    [(title, _state)] = tasks()
    assert title == "Reply to Eve " + "x" * 95 + "…: scored 4"


def test_an_answer_that_does_not_count_makes_no_task(customer: Customer) -> None:
    response = confirm(customer, 1, counted=False, flags=["fast"], source="gesture")
    assert (tasks(), response.reply_due_at) == ([], None)
    assert [kind for kind, _at, _data in lines()] == [RESPONSE_RECEIVED]


def test_an_edit_lifts_it_out_of_the_low_group(customer: Customer) -> None:
    response = change(confirm(customer, 4), score=9)
    assert tasks() == [("Reply to Mara Ionescu: scored 4", "dropped")]
    assert response.reply_due_at is None
    changed = {"response": response.pk, "survey_kind": "nps", "score": 9, "before": 4}
    assert lines()[1:] == [(RESPONSE_CHANGED, LATER, changed)]


def test_an_edit_sinks_it(customer: Customer) -> None:
    response = change(confirm(customer, 9), score=3)
    assert tasks() == [("Reply to Mara Ionescu: scored 3", "open")]
    assert response.reply_due_at == LATER + dt.timedelta(hours=48)


def test_a_lower_score_rewords_the_one_task(customer: Customer) -> None:
    response = change(confirm(customer, 5), score=2)
    assert tasks() == [("Reply to Mara Ionescu: scored 2", "open")]
    assert response.reply_due_at == NOW + dt.timedelta(hours=48)


def test_the_same_again_is_no_line(customer: Customer) -> None:
    change(confirm(customer, 5), no_reply=True)
    assert [kind for kind, _at, _data in lines()] == [RESPONSE_RECEIVED]
    assert tasks() == [("Look into the answer of Mara Ionescu: scored 5", "open")]


def test_send_after_a_discounted_touch_makes_the_task(customer: Customer) -> None:
    response = confirm(customer, 4, counted=False, flags=["fast"], source="gesture")
    change(response, comment="It is true.", source="sent", counted=True)
    assert tasks() == [("Reply to Mara Ionescu: scored 4", "open")]


def test_what_was_dealt_with_is_left_alone(customer: Customer) -> None:
    response = confirm(customer, 4)
    Task.objects.update(state=TaskState.DONE, closed_at=NOW)
    Response.objects.update(replied_at=NOW)
    response.refresh_from_db()
    due = response.reply_due_at
    response = change(response, score=3, comment="And another thing.")
    assert tasks() == [("Reply to Mara Ionescu: scored 4", "done")]
    assert response.reply_due_at == due


def test_bad_news_after_a_reply_is_news_again(customer: Customer) -> None:
    response = confirm(customer, 8, comment="Fine.")
    Response.objects.update(replied_at=NOW)
    response.refresh_from_db()
    response = change(response, score=1)
    assert tasks() == [("Reply to Mara Ionescu: scored 1", "open")]
    # The reply to the first answer was in nobody's debt.
    assert response.reply_due_at is None
