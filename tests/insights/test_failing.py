"""Failed payments where people look every day: Today, the customer's page, the brief."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Company, User
from billing.enums import CaseState
from billing.models import DunningAction, DunningCase, Invoice, PaymentMethod
from billing.services.dunning.telling import case_tell
from customers.models import Customer, Event
from tests import world
from tests.billing.dunning_world import charged, opened
from tests.pages import main_of, part, queries, words


@pytest.fixture
def failing(ana: User, charlie: User, scored_world: dict[str, Customer]) -> DunningCase:
    """A healthy customer of Ana's whose card was refused, and one of Charlie's."""
    opened(charged(scored_world["charlie"], total="777"), failed_at=world.NOW)
    return opened(charged(scored_world["healthy"]), failed_at=world.NOW)


def page(client: Client, name: str, *args: object) -> str:
    return words(main_of(client.get(reverse(name, args=args))))


def test_today_lists_them_apart_from_health(
    failing: DunningCase, ana_client: Client
) -> None:
    response = ana_client.get("/")
    card = part(response, "h-failing")
    assert "Kestrel Foods €100.00" in card
    assert "There was not enough money in the account." in card
    assert "777" not in card
    lane = part(response, "h-risk")
    assert "A lane of its own: 1 payment is failing" in lane
    assert response.context["list"].counts["all"] == 1  # at risk: still one alone


def test_today_shows_no_more_than_five_and_asks_no_more_for_them(
    failing: DunningCase, ana: User, ana_client: Client
) -> None:
    few = queries(ana_client, "/")
    for n in range(6):
        opened(charged(world.make_customer(f"C{n}", owner=ana)), failed_at=world.NOW)
    response = ana_client.get("/")
    assert len(response.context["failing_rows"]) == 5
    assert "All 7" in part(response, "h-failing")
    assert queries(ana_client, "/") == few


def test_without_one_today_has_no_card(
    scored_world: dict[str, Customer], ana_client: Client
) -> None:
    page_of_today = ana_client.get("/").content.decode()
    assert "h-failing" not in page_of_today
    assert "A lane of its own" not in page_of_today


def test_the_customers_page_says_what_fails_beside_a_healthy_band(
    failing: DunningCase, ana_client: Client
) -> None:
    PaymentMethod.objects.update(expires_on=world.TODAY + dt.timedelta(days=12))
    shown = page(ana_client, "customer", failing.customer_id)
    for said in (
        "Kestrel Foods Healthy Payment failing",
        "€100.00 failed today",
        "Tried again on Wednesday, 1 July. Service is paused on Tuesday, 21 July.",
        "Visa •••• 4242 expires in 12 days",
        "A payment failed. €100.00 of invoice",
    ):
        assert said in shown


def test_an_invoice_that_is_collected_is_not_called_overdue_beside(
    failing: DunningCase, ana_client: Client
) -> None:
    said = f"Invoice {failing.invoice.external_id} over €100 was due"
    assert said not in page(ana_client, "customer", failing.customer_id)
    assert said not in page(ana_client, "customer_brief", failing.customer_id)
    DunningCase.objects.update(state=CaseState.LOST, closed_at=world.NOW, next_at=None)
    assert said in page(ana_client, "customer", failing.customer_id)


def test_the_brief_tells_of_it(failing: DunningCase, ana_client: Client) -> None:
    shown = page(ana_client, "customer_brief", failing.customer_id)
    number = failing.invoice.external_id
    assert f"€100.00 of invoice {number} failed today and is being collected." in shown


def test_the_invoice_leads_to_it(failing: DunningCase, ana_client: Client) -> None:
    shown = page(ana_client, "invoice", failing.invoice_id)
    assert "A payment of it failed on 30 June 2026 : Open" in shown
    paid: Invoice = world.invoice(failing.customer, days=50)
    assert "A payment of it failed" not in page(ana_client, "invoice", paid.pk)


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("payment_overdue", {}, "An invoice is overdue. €100.00 of invoice"),
        ("payment_lost", {}, "A failed payment was not recovered."),
        ("access_limited", {}, "Access was limited because of a failed payment."),
        ("access_restored", {}, "Full access was given back."),
        (
            "payment_recovered",
            {"recovered": "99.50", "cause": "method"},
            "The failed payment came in. €99.50 of invoice",
        ),
        (
            "payment_recovered",
            {"recovered": "99.50", "cause": "method"},
            "A new payment method brought it.",
        ),
        (
            "dunning_changed",
            {"what": "left_alone", "until": "2026-07-05"},
            "A failed payment is left alone until 5 July 2026.",
        ),
        ("dunning_changed", {"what": "tried"}, "tried again by hand."),
        ("dunning_changed", {"what": "taken_up"}, "The collecting of a failed payment goes on."),
        ("dunning_changed", {"what": "stopped"}, "was stopped."),
        ("dunning_changed", {"what": "reopened"}, "was taken up again."),
    ],
)  # fmt: skip
def test_the_timeline_tells_it(
    kind: str, data: dict[str, str], said: str, failing: DunningCase, ana_client: Client
) -> None:
    Event.objects.filter(customer=failing.customer).delete()
    case_tell(failing, f"billing.{kind}", now=world.NOW, **data)
    shown = part(
        ana_client.get(reverse("customer", args=[failing.customer_id])), "h-timeline"
    )
    assert said in shown


def test_the_timeline_tells_of_mails_and_cards(
    failing: DunningCase, ana_client: Client
) -> None:
    for kind in ("mail", "letter"):
        DunningAction.objects.create(
            case=failing, customer=failing.customer, kind=kind, step=f"{kind}:0",
            due_at=world.NOW, done_at=world.NOW, reason="mail_day",
        )  # fmt: skip
    PaymentMethod.objects.filter(customer=failing.customer).update(
        added_at=world.NOW, brand="", kind="direct_debit", last4="", expires_on=None
    )
    shown = part(
        ana_client.get(reverse("customer", args=[failing.customer_id])), "h-timeline"
    )
    assert "The customer was written to about the failed payment. Invoice I" in shown
    assert "A reminder of an invoice was sent." in shown
    assert "A payment method was added. Direct debit" in shown
    PaymentMethod.objects.filter(customer=failing.customer).update(
        removed_at=world.NOW, is_default=False
    )
    assert "taken away since" in page(ana_client, "customer", failing.customer_id)


@pytest.mark.usefixtures("failing")
def test_it_is_told_in_german_too(
    ana: User, ana_client: Client, company: Company
) -> None:
    User.objects.filter(pk=ana.pk).update(language="de")
    with translation.override("de"):
        shown = page(ana_client, "failed_payments")
    assert "1 Zahlung schlägt fehl: 100,00" in shown
