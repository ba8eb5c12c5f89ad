"""Writing down why a customer left."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, User
from billing.models import ChurnEvent
from customers.models import Customer, Task
from tests.world import NOW, days_ago, leave, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ours(company: Company) -> Company:
    return company


@pytest.fixture
def acme(ana: User) -> Customer:
    customer = make_customer("Acme", owner=ana)
    leave(customer, days=3)
    return customer


def url(customer: Customer) -> str:
    return reverse("churn_record", args=[customer.pk])


ANSWER = {
    "kind": "voluntary",
    "reason": "Price",
    "secondary_reason": "",
    "preventable": "no",
    "competitor": "Routella",
    "comment": "Too dear.",
}


def test_the_reason_is_kept_and_closes_the_task(
    acme: Customer, ana: User, ana_client: Client
) -> None:
    Task.objects.create(
        customer=acme,
        assignee=ana,
        title="Why did Acme leave?",
        type="churn_reason",
        reason=days_ago(3).isoformat(),
        created_at=NOW,
    )
    answer = ana_client.post(url(acme), ANSWER)
    assert (answer.status_code, Task.objects.get().state) == (302, "done")
    event = ChurnEvent.objects.get()
    assert (event.reason, event.preventable, event.competitor) == (
        "Price",
        False,
        "Routella",
    )
    shown = ana_client.get(reverse("customer", args=[acme.pk])).content.decode()
    for words in ("Reason: Price.", "Went to Routella.", "Change the record"):
        assert words in shown


def test_words_used_before_are_offered(acme: Customer, ana_client: Client) -> None:
    leave(make_customer("Other"), days=9, reason="Parent company", competitor="Fahrt")
    shown = ana_client.get(url(acme)).content.decode()
    for words in ("Missing feature", "Parent company", "Fahrt"):
        assert f'<option value="{words}">' in shown


def test_without_a_reason_nothing_is_kept(acme: Customer, ana_client: Client) -> None:
    answer = ana_client.post(url(acme), {**ANSWER, "reason": ""})
    assert answer.status_code == 422
    assert ChurnEvent.objects.get().competitor == ""


def test_only_of_those_who_left_and_only_by_who_may(
    acme: Customer, ana: User, charlie_client: Client, viewer_client: Client
) -> None:
    assert charlie_client.get(url(acme)).status_code == 404
    assert charlie_client.post(url(acme), ANSWER).status_code == 404
    assert viewer_client.post(url(acme), ANSWER).status_code == 403
    assert ChurnEvent.objects.get().reason == ""
    here = make_customer("Here", owner=ana)
    assert viewer_client.get(url(here)).status_code == 403


def test_who_is_still_here_has_no_record(ana: User, ana_client: Client) -> None:
    here = make_customer("Here", owner=ana)
    assert ana_client.get(url(here)).status_code == 404
