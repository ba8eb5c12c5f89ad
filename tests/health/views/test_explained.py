"""A customer's health over time, why it moved, and the rows behind it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.actor import Actor
from accounts.models import Company, User
from customers.models import Customer
from health.measures import MEASURES
from health.services.overrides import override_set
from tests import world
from tests.world import NOW, TODAY, days_ago, score

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def customer(company: Company, ana: User) -> Customer:
    # Somebody whose usage and invoices come in: no source is late.
    world.healthy_customer("Kestrel", owner=ana)
    found = world.failing_customer("Brightwater", owner=ana)
    for day in (days_ago(30), days_ago(7), TODAY):
        score(day)
    return found


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    page = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", page)


def health(customer: Customer, query: str = "") -> str:
    return reverse("customer_health", args=[customer.pk]) + query


def measure(customer: Customer, key: str, query: str = "") -> str:
    return reverse("customer_measure", args=[customer.pk, key]) + query


def test_the_page_tells_why_it_moved(ana_client: Client, customer: Customer) -> None:
    page = text_of(ana_client, health(customer))
    assert "Health of Brightwater" in page
    assert "on 31 May 2026 to" in page
    assert "on 30 June 2026" in page
    assert "An invoice is 46 days overdue" in page
    assert "Before: An invoice is 16 days overdue" in page
    assert "As of 30 June 2026, by Default scorecard, version 1." in page


def test_the_days_can_be_chosen(ana_client: Client, customer: Customer) -> None:
    page = text_of(ana_client, health(customer, "?days=7"))
    assert "on 23 June 2026 to" in page
    page = text_of(ana_client, health(customer, "?since=2026-05-31&until=2026-06-25"))
    assert "on 31 May 2026 to" in page
    assert "on 23 June 2026" in page


def test_what_is_chosen_stays_chosen(ana_client: Client, customer: Customer) -> None:
    page = ana_client.get(health(customer, "?days=7&period=365")).content.decode()
    assert 'href="?days=7&amp;period=90"' in page
    assert 'href="?days=90&amp;period=365#moved"' in page
    assert '<input type="hidden" name="period" value="365">' in page
    chosen = "?since=2026-05-31&until=2026-06-25"
    page = ana_client.get(health(customer, chosen)).content.decode()
    assert 'href="?since=2026-05-31&amp;until=2026-06-25&amp;period=365"' in page
    assert 'href="?days=7#moved"' in page


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("?since=1999-12-31", "Choose days from the year 2000 on."),
        (
            "?since=2026-06-25&until=2026-06-01",
            "Choose a first day before the last one.",
        ),
        ("?since=nonsense", "Enter a valid date."),
    ],
)
def test_days_that_make_no_sense_are_said(
    ana_client: Client, customer: Customer, query: str, text: str
) -> None:
    page = text_of(ana_client, health(customer, query))
    assert text in page
    assert "on 31 May 2026 to" in page


def test_a_first_day_in_the_future_shows_the_usual_days(
    ana_client: Client, customer: Customer
) -> None:
    page = text_of(ana_client, health(customer, "?since=2027-01-01"))
    assert "on 31 May 2026 to" in page


def test_the_first_day_has_nothing_to_compare_with(
    ana_client: Client, company: Company, ana: User
) -> None:
    customer = world.healthy_customer("New", owner=ana)
    page = text_of(ana_client, health(customer))
    assert "Not scored yet" in page
    score(TODAY)
    page = text_of(ana_client, health(customer))
    assert "There is no earlier score to compare with." in page


def test_nobody_else_sees_it(charlie_client: Client, customer: Customer) -> None:
    for url in (health(customer), measure(customer, "overdue")):
        response = charlie_client.get(url)
        assert response.status_code == 404
        assert b"Brightwater" not in response.content


def test_its_queries_do_not_grow(
    ana_client: Client,
    company: Company,
    ana: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    customer = world.failing_customer("Brightwater", owner=ana)
    score(days_ago(8))
    score(days_ago(4))
    ana_client.get(health(customer))
    with django_assert_num_queries(13):
        ana_client.get(health(customer))
    for day in (days_ago(3), days_ago(2), TODAY):
        world.invoice(customer, days=60, paid_after=None)
        world.answer(customer, days=(TODAY - day).days + 1, score=4)
        score(day)
    with django_assert_num_queries(13):
        ana_client.get(health(customer))


def test_a_score_by_hand_is_shown_with_who_and_why(
    viewer_client: Client, ana: User, customer: Customer
) -> None:
    override_set(
        customer=customer,
        score=77,
        reason="They signed for three years.",
        expires_on=TODAY,
        by=Actor(ana),
        today=TODAY,
        now=NOW,
    )
    page = text_of(viewer_client, health(customer))
    assert "Set by hand; the data alone gives" in page
    assert "Ana Popescu set the score to 77 until 30 June 2026" in page
    assert "They signed for three years." in page
    # A viewer reads it and cannot change it.
    assert "Set the score by hand" not in page


def test_every_measure_has_its_rows(ana_client: Client, customer: Customer) -> None:
    for key in MEASURES:
        page = text_of(ana_client, measure(customer, key, f"?on={TODAY}"))
        assert str(MEASURES[key].label) in page
        assert "The rows behind it" in page


def test_the_invoice_behind_a_measure_is_named(
    ana_client: Client, customer: Customer
) -> None:
    owed = world.invoice(customer, days=100, total="777", paid_after=None)
    paid = world.invoice(customer, days=90, total="555")
    score(TODAY)
    page = text_of(ana_client, measure(customer, "overdue"))
    assert "An invoice is 86 days overdue" in page
    assert f"{owed.external_id} issued 22 March 2026" in page
    assert "€777" in page
    assert "not paid" in page
    assert paid.external_id not in page


def test_a_measure_is_shown_as_it_was(ana_client: Client, customer: Customer) -> None:
    page = text_of(ana_client, measure(customer, "overdue", "?on=2026-06-01"))
    assert "An invoice is 16 days overdue" in page
    assert "As of 31 May 2026" in page
    page = text_of(ana_client, measure(customer, "overdue", "?on=2020-01-01"))
    assert "There is no score of that day or before it" in page
    page = text_of(ana_client, measure(customer, "overdue", "?on=2026-13-45"))
    assert "As of 30 June 2026" in page


def test_an_unknown_measure_is_not_found(
    ana_client: Client, customer: Customer
) -> None:
    assert ana_client.get(measure(customer, "nonsense")).status_code == 404


def test_answers_lead_to_their_page(ana_client: Client, customer: Customer) -> None:
    response = ana_client.get(measure(customer, "nps"))
    [pk] = re.findall(r'href="/surveys/answers/(\d+)/"', response.content.decode())
    assert ana_client.get(reverse("answer", args=[pk])).status_code == 200


def test_the_customers_page_tells_in_short(
    ana_client: Client, customer: Customer
) -> None:
    page = text_of(ana_client, reverse("customer", args=[customer.pk]))
    assert "Why did it move?" in page
    assert "since 31 May 2026" in page
    assert "Health over time, line by line" in page
