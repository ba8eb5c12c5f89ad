"""Every reader of scores leaves out an answer that does not count, and reads it again."""

import datetime as dt
from typing import Any

import pytest

from accounts.actor import Actor
from accounts.models import Company, User
from customers.models import Customer
from health.models import PortfolioDay
from health.selectors.frame import Moment, SourceAges, facts_of
from insights.digest import digest_content
from surveys.enums import Decision
from surveys.models import Response
from surveys.panels import AnswersPanel
from surveys.selectors.answers import answers_waiting
from surveys.selectors.closing import closing_pace
from surveys.services.decisions import response_decide
from tests import world
from tests.world import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(company: Company, ana: User) -> Customer:
    made = world.make_customer("Brightwater", owner=ana)
    world.subscribe(made)
    world.answer(made, days=100, score=9)
    return made


@pytest.fixture
def detractor(customer: Customer) -> Response:
    return world.answer(
        customer, days=5, score=1, comment="Exports break.",
        reply_due_at=NOW - dt.timedelta(days=3),
    )  # fmt: skip


def decide(response: Response, decision: Decision, admin: User) -> None:
    response_decide(response=response, decision=decision, by=Actor(user=admin), now=NOW)


def in_and_out(detractor: Response, admin: User, read: Any) -> list[Any]:
    """This will read with the detractor, without it, and with it again."""
    seen = [read()]
    for decision in (Decision.DISCOUNT, Decision.COUNT):
        decide(detractor, decision, admin)
        seen.append(read())
    return seen


def test_the_facts_of_scores(
    customer: Customer, detractor: Response, admin: User
) -> None:
    moment = Moment(TODAY, NOW, "UTC", "EUR")

    def read() -> tuple[int, int, int]:
        facts = facts_of(moment, SourceAges(0, 0, 0), first=0, last=2**62)
        assert facts["customer_id"].tolist() == [customer.pk]
        names = ("nps", "nps_age", "nps_before")
        return tuple(facts[name][0].item() for name in names)

    assert in_and_out(detractor, admin, read) == [(1, 5, 9), (9, 100, -1), (1, 5, 9)]


def test_the_sums_of_portfolios_and_todays_nps(
    detractor: Response, admin: User, ana: User
) -> None:
    def read() -> tuple[int, int, int]:
        world.score()
        return PortfolioDay.objects.values_list(
            "promoters", "passives", "detractors"
        ).get(owner_id=ana.pk, as_of=TODAY)

    # Answers of nobody known are people of their own, as in the measures.
    assert in_and_out(detractor, admin, read) == [(1, 0, 1), (1, 0, 0), (1, 0, 1)]


def test_the_latest_answer_on_the_customers_page(
    customer: Customer, detractor: Response, admin: User, ana: User, company: Company
) -> None:
    def read() -> str:
        panel = AnswersPanel(customer=customer, user=ana, company=company, now=NOW)
        [fact] = panel.facts()
        return fact.value

    assert in_and_out(detractor, admin, read) == ["1", "9", "1"]


def test_answers_waiting_and_the_digest(
    detractor: Response, admin: User, ana: User
) -> None:
    def read() -> tuple[int, int]:
        content = digest_content(user=ana, now=NOW, today=TODAY)
        return len(answers_waiting(user=ana, now=NOW)), len(content.answers)

    assert in_and_out(detractor, admin, read) == [(1, 1), (0, 0), (1, 1)]


def test_how_quickly_we_reply(detractor: Response, admin: User, ana: User) -> None:
    def read() -> int:
        return closing_pace(user=ana, now=NOW)[0].waiting

    assert in_and_out(detractor, admin, read) == [1, 0, 1]
