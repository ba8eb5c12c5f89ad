"""The meeting brief: what one should know of a customer before a talk."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from billing.enums import ChangeAction, ChangeKind
from billing.models import RenewalCheckpoint
from customers.models import Customer
from surveys.models import Mention, Theme
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company", "at_noon")]


def page(client: Client, customer: Customer) -> str:
    answer = client.get(reverse("customer_brief", args=[customer.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def customer(ana: User) -> Customer:
    return world.failing_customer("Brightwater", owner=ana)


def test_a_customer_nobody_knows_anything_of_has_a_page(
    ana_client: Client, ana: User
) -> None:
    text = page(ana_client, world.make_customer("Quiet", owner=ana))
    for said in (
        "Nothing is known that frustrates them.",
        "None is known.",
        "No ticket in the last 12 months.",
        "No answer yet.",
        "No use is known.",
        "Nobody has been in touch in the last 12 months.",
        "No invoice in the last 12 months.",
        "No contact is known.",
    ):
        assert said in text, said


def test_what_went_wrong_is_told(
    ana_client: Client, ana: User, customer: Customer
) -> None:
    world.never_late()
    slow = Theme.objects.create(name="Slow exports", created_at=world.NOW)
    for days in (3, 9):
        said = world.say(customer, "Too slow", days=days)
        Mention.objects.create(
            theme=slow, customer=customer, feedback=said, said_at=said.said_at
        )
    subscription = world.subscribe(customer)
    line = world.change_subscription(
        subscription, kind=ChangeKind.CHANGE, on=world.days_ago(20), mrr=50
    )
    line.action = ChangeAction.DOWNGRADED
    line.save()
    RenewalCheckpoint.objects.create(
        customer=customer,
        subscription=subscription,
        renews_on=world.TODAY + dt.timedelta(days=60),
        days_before=90,
        noted_at=world.NOW,
        mrr=50,
        view="at_risk",
        plan="Bring the sponsor back",
    )
    world.score()
    text = page(ana_client, customer)
    assert "Slow exports" in text
    assert "said 2 times" in text
    assert "Downgraded" in text
    assert "Bring the sponsor back" in text
    assert "What pulls the score down" in text


def test_only_the_last_year_and_the_own_rows_count(
    ana_client: Client, ana: User, customer: Customer
) -> None:
    other = world.make_customer("Elsewhere", owner=ana)
    world.open_ticket(other, days=3, subject="Secret of another")
    old = Theme.objects.create(name="Long ago", created_at=world.NOW)
    said = world.say(customer, "Old", days=500)
    Mention.objects.create(
        theme=old, customer=customer, feedback=said, said_at=said.said_at
    )
    text = page(ana_client, customer)
    assert "Long ago" not in text
    assert "Secret of another" not in text


def test_currencies_are_not_added(
    ana_client: Client, ana: User, customer: Customer
) -> None:
    world.invoice(customer, days=40, total="100", currency="EUR")
    world.invoice(customer, days=30, total="70", currency="USD")
    text = page(ana_client, customer)
    assert "$70" in text
    assert "€170" not in text
