"""What the pages say of customers who buy without a subscription."""

from dataclasses import replace

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, User
from customers.models import Customer
from health.calculations.forecast_content import ForecastContent
from tests import world
from tests.health.calculations.purchases import published
from tests.learnt import PRIOR, learnt_past
from tests.pages import main_of, part, words
from tests.world import days_ago

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
PORTFOLIO, LIST = "/portfolio/", "/customers/"


def content(*, learnt: bool = True) -> ForecastContent:
    nobody = learnt_past().chosen(np.zeros(0, dtype=int))
    found = ForecastContent.assumed(PRIOR, nobody)
    return replace(found, buyers=published(doubt=0.01)) if learnt else found


def buys(name: str, *days: int, owner: User) -> Customer:
    customer = world.make_customer(name, owner=owner, since=days_ago(max(days)))
    for back in days:
        world.invoice(customer, days=back, total="30", paid_after=0)
    return customer


@pytest.fixture
def people(company: Company, ana: User) -> dict[str, Customer]:
    found = {
        "often": buys("Often", 272, 150, 40, 6, owner=ana),
        "gone": buys("Away", 272, 250, 240, owner=ana),
        "once": buys("Once", 91, owner=ana),
        "subscribed": world.healthy_customer("Kestrel", owner=ana),
    }
    world.forecast_version(content(), as_of=days_ago(5))
    world.score()
    return found


def forecast_of(client: Client, customer: Customer) -> str:
    response = client.get(reverse("customer_forecast", args=[customer.pk]))
    assert response.status_code == 200
    return words(main_of(response))


def card_of(client: Client, customer: Customer) -> str:
    return words(main_of(client.get(reverse("customer", args=[customer.pk]))))


def test_the_card_says_what_purchases_tell(
    ana_client: Client, people: dict[str, Customer]
) -> None:
    often, gone, subscribed = (
        card_of(ana_client, people[name]) for name in ("often", "gone", "subscribed")
    )
    assert "No customer any more in 90 days" in often
    assert "so nobody tells when it leaves. As its purchases go," in often
    assert "it is still a customer with a chance of 84%." in often
    assert "Counts as gone" not in often
    assert "Counts as gone" in gone
    assert "has been away so long that it counts as gone" in gone
    assert "May leave within 90 days" in subscribed
    assert "No customer any more" not in subscribed
    assert "without a subscription" not in subscribed


def test_the_page_shows_what_it_bought_and_may_buy(
    ana_client: Client, people: dict[str, Customer]
) -> None:
    text = forecast_of(ana_client, people["often"])
    assert "Days with a purchase 4 First purchase 1 October 2025" in text
    assert "Last purchase 24 June 2026" in text
    assert "Learnt from 2,357 customers who buy without a subscription; 946 of them" in text  # fmt: skip
    assert "Below 20% a customer counts as gone" in text
    assert "Year ahead Purchases expected Still a customer at its end 1 " in text
    assert "It has bought once" not in text
    assert "What pushes it" not in text
    assert "It counts as gone already" not in text
    gone = forecast_of(ana_client, people["gone"])
    assert "Value at risk €0 It counts as gone already, so nothing of it is" in gone


def test_who_bought_once_is_told_how_it_is_counted(
    ana_client: Client, people: dict[str, Customer]
) -> None:
    assert "It has bought once: counted is how likely" in forecast_of(
        ana_client, people["once"]
    )


def test_a_subscriber_has_the_page_of_a_contract(
    ana_client: Client, people: dict[str, Customer]
) -> None:
    text = forecast_of(ana_client, people["subscribed"])
    assert "May leave within 90 days" in text
    assert "Days with a purchase" not in text
    assert "without a subscription" not in text


def test_others_customers_are_not_there(
    charlie_client: Client, people: dict[str, Customer]
) -> None:
    page = reverse("customer_forecast", args=[people["gone"].pk])
    assert charlie_client.get(page).status_code == 404
    assert "Away" not in words(main_of(charlie_client.get(LIST + "?f=gone")))


def test_too_few_to_learn_from_is_said(
    ana_client: Client, ana: User, company: Company
) -> None:
    customer = buys("Often", 272, 150, 40, 6, owner=ana)
    world.forecast_version(content(learnt=False), as_of=days_ago(5))
    world.score()
    text = forecast_of(ana_client, customer)
    assert "too few customers have come back to learn from" in text
    assert "its value is what it has brought so far" in text
    assert "Days with a purchase" not in text


def test_those_gone_are_counted_apart_and_found(
    ana_client: Client, people: dict[str, Customer]
) -> None:
    portfolio = ana_client.get(PORTFOLIO)
    assert "1 of them counts as gone" in words(main_of(portfolio))
    assert 'href="/customers/?f=gone"' in main_of(portfolio)
    shown = words(main_of(ana_client.get(LIST + "?f=gone")))
    assert "Gone, as far as can be told 1" in shown
    assert "Away" in shown
    assert "Often" not in shown


def test_without_any_nothing_is_said_of_them(
    ana_client: Client, ana: User, company: Company
) -> None:
    world.healthy_customer("Kestrel", owner=ana)
    world.score()
    assert "as gone" not in words(main_of(ana_client.get(PORTFOLIO)))
    assert "Gone, as far" not in words(main_of(ana_client.get(LIST)))


def test_the_setting_stands_with_the_money(
    admin_client: Client, company: Company
) -> None:
    text = part(admin_client.get("/settings/money/"), "h-forecast")
    assert "Buyers count as gone below, in percent" in text
    assert "They leave the list of those at risk and are counted apart" in text
