"""Answers and feedback on the customer's page and its timeline, each told once."""

import datetime as dt
from copy import copy

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company, User
from customers.models import Customer, Event
from surveys.events import FEEDBACK_RECORDED, RESPONSE_RECEIVED
from surveys.models import Response
from surveys.services.feedback import Said, feedback_record
from surveys.services.loop import response_follow_up
from surveys.services.replies import response_replied, response_resolve
from tests import world
from tests.pages import facts, main_of, part, plain_static_files, queries
from tests.world import NOW

__all__ = ["plain_static_files"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def customer(company: Company, ana: User) -> Customer:
    return world.make_customer("Brightwater", owner=ana)


@pytest.fixture
def answer(customer: Customer) -> Response:
    made = world.answer(
        customer, days=2, score=4, comment="Exports break.",
        contact=world.person(customer),
    )  # fmt: skip
    response_follow_up(response=made, before=None, now=made.responded_at)
    return made


def page_of(customer: Customer) -> str:
    return reverse("customer", args=[customer.pk])


def test_an_answer_stands_once_on_the_timeline_and_links_to_its_page(
    ana_client: Client, customer: Customer, answer: Response
) -> None:
    assert Event.objects.filter(kind=RESPONSE_RECEIVED).count() == 1
    response = ana_client.get(page_of(customer))
    timeline = part(response, "h-timeline")
    assert timeline.count("scored 4") == 1
    assert RESPONSE_RECEIVED not in timeline
    url = reverse("answer", args=[answer.pk])
    assert f'href="{url}"' in main_of(response)


def test_what_followed_has_lines_of_its_own(
    ana_client: Client, ana: User, customer: Customer, answer: Response
) -> None:
    before = copy(answer)
    answer.score = 2
    answer.save()
    response_follow_up(response=answer, before=before, now=NOW - dt.timedelta(hours=3))
    before = copy(answer)
    answer.comment = "They break twice."
    answer.save()
    response_follow_up(response=answer, before=before, now=NOW - dt.timedelta(hours=2))
    response_replied(response=answer, by=ana, now=NOW - dt.timedelta(hours=1))
    response_resolve(response=answer, resolution="Fixed.", by=Actor(user=ana), now=NOW)
    timeline = part(ana_client.get(page_of(customer)), "h-timeline")
    told = [
        "Answer resolved that had scored 2. Ana Popescu",
        "Answer replied to elsewhere. Ana Popescu",
        "Comment of an answer changed.",
        "Answer changed from 4 to 2.",
        "Mara Ionescu scored 2.",
    ]
    places = [timeline.index(line) for line in told]
    assert places == sorted(places)
    assert "surveys." not in timeline


def test_feedback_stands_once_on_the_timeline(
    ana_client: Client, ana: User, customer: Customer
) -> None:
    said = Said(
        source="call", text="Too slow.", said_at=NOW - dt.timedelta(days=1),
        contact=world.person(customer),
    )  # fmt: skip
    feedback_record(customer=customer, said=said, by=Actor(user=ana), now=NOW)
    assert Event.objects.filter(kind=FEEDBACK_RECORDED).count() == 1
    timeline = part(ana_client.get(page_of(customer)), "h-timeline")
    assert timeline.count("Too slow.") == 1
    assert "Call: Too slow. Mara Ionescu 29 Jun" in timeline
    assert FEEDBACK_RECORDED not in timeline


def test_what_does_not_count_says_so(
    ana_client: Client, customer: Customer, answer: Response
) -> None:
    Response.objects.update(counted=False)
    response = ana_client.get(page_of(customer))
    assert (
        "Net Promoter Score (0–10) 4 Exports break. Mara Ionescu , 28 Jun Not counted"
        in (part(response, "h-answers"))
    )
    assert "Net Promoter Score (0–10), not counted" in part(response, "h-timeline")
    assert "Latest NPS – no answer yet" in facts(response)


def test_a_ticket_can_become_feedback(
    ana_client: Client, viewer_client: Client, customer: Customer
) -> None:
    ticket = world.open_ticket(customer, days=3)
    url = f"{reverse('feedback_new')}?customer={customer.pk}"
    page = main_of(ana_client.get(page_of(customer)))
    assert f"{url}&amp;ticket={ticket.pk}" in page
    assert f'href="{url}"' in page
    assert reverse("feedback_new") not in main_of(viewer_client.get(page_of(customer)))


def test_the_queries_do_not_grow(
    ana_client: Client, ana: User, customer: Customer, answer: Response
) -> None:
    def grow() -> None:
        world.say(customer, "x", contact=world.person(customer, is_primary=False))
        made = world.answer(customer, days=1, score=3, comment="y")
        response_follow_up(response=made, before=None, now=NOW)
        response_replied(response=made, by=ana, now=NOW)

    grow()
    one = queries(ana_client, page_of(customer))
    grow()
    grow()
    assert queries(ana_client, page_of(customer)) == one
