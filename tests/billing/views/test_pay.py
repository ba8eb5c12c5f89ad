"""The page behind a payment's link: what is owed, and the way to the gateway's pages."""

import socket
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Company, User
from billing.enums import AttemptState, Collection, ObjectKind, PaymentState
from billing.models import (
    CreditNote,
    GatewayObject,
    Invoice,
    Payment,
    PaymentAttempt,
    PaymentMethod,
)
from billing.selectors.offers import OFFER
from billing.selectors.pay_links import KEPT, card_token, pay_token
from common.links import link_token
from tests import world
from tests.billing.dunning_world import card, charged, refused
from tests.gateway import Fake
from tests.pages import words

LARGEST = 10 * 1024
HOSTED = "https://pay.gateway.example/in_1"


@pytest.fixture(autouse=True)
def noon(company: Company, at_noon: None) -> None:
    """Every test looks at noon of the tests' day."""


@pytest.fixture
def stranger() -> Client:
    """No cookie, and tokens of forms are really asked for."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def owed(ana: User) -> Invoice:
    """An invoice whose page at the gateway is known."""
    customer = world.make_customer("Alder & Voss", owner=ana)
    return charged(customer, hosted_url=HOSTED, printed_number="NW-0042", tax="19")


@pytest.fixture
def there(ana: User, fake: Fake) -> Invoice:
    """One that stands at the fake gateway, whose page we have not seen yet."""
    account = fake.account()
    cus = fake.customer(fates=())
    customer = world.make_customer("Alder & Voss", owner=ana)
    card(customer, account, external_id=fake.method(cus))
    GatewayObject.objects.create(
        account=account, kind=ObjectKind.CUSTOMER, external_id=cus, customer=customer
    )
    invoice = charged(customer, account)
    invoice.external_id = fake.invoice(cus)
    invoice.save()
    return invoice


def url(invoice: Invoice) -> str:
    return f"/pay/{pay_token(invoice.pk)}"


def seen(response: Any) -> str:
    page = response.content.decode()
    return words(page[page.index("<main") :])


def rows() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Invoice, Payment, PaymentAttempt, PaymentMethod, GatewayObject)
    ]


def test_what_is_open_is_shown_with_the_way_to_pay_and_nothing_is_written(
    stranger: Client, owed: Invoice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = rows()
    page = stranger.get(url(owed))
    assert page.status_code == 200
    text = seen(page)
    assert "€119.00 open for invoice NW-0042" in text
    assert "Alder & Voss" in text
    assert f'href="{HOSTED}"' in page.content.decode()
    assert "Questions? Reply to our mail: Ana Popescu reads it." in text
    stranger.head(url(owed) + "/")
    assert rows() == before
    assert len(page.content) < LARGEST
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert not page.cookies
    assert "<script" not in page.content.decode()
    # Nobody can type the number of a card here.
    assert "<input" not in page.content.decode()
    with django_assert_num_queries(8):
        stranger.get(url(owed))


def test_only_what_is_still_owed_is_asked_for(stranger: Client, owed: Invoice) -> None:
    Payment.objects.create(
        invoice=owed,
        customer=owed.customer,
        state=PaymentState.SUCCEEDED,
        amount=Decimal(100),
        currency="EUR",
        happened_at=world.NOW,
        recorded_at=world.NOW,
    )
    text = seen(stranger.get(url(owed)))
    assert "€19.00 open for invoice NW-0042" in text
    assert "€119.00" in text


def test_what_is_paid_says_thanks_and_offers_no_way_to_pay(
    stranger: Client, owed: Invoice
) -> None:
    owed.paid_on, owed.paid_recorded_at = world.TODAY, world.NOW
    owed.save()
    page = stranger.get(url(owed))
    assert "Thank you. This invoice is settled" in seen(page)
    assert HOSTED not in page.content.decode()
    assert "<form" not in page.content.decode()
    assert stranger.post(url(owed)).status_code == 200
    # An old mail opens nothing for ever.
    owed.paid_recorded_at = world.NOW - 2 * KEPT
    owed.save()
    assert stranger.get(url(owed)).status_code == 404


def test_what_was_withdrawn_says_so(stranger: Client, owed: Invoice) -> None:
    CreditNote.objects.create(
        invoice=owed,
        customer=owed.customer,
        issued_on=world.TODAY,
        amount=owed.total,
        currency="EUR",
        recorded_at=world.NOW,
    )
    page = stranger.get(url(owed))
    assert "Nothing has to be paid for it." in seen(page)
    assert HOSTED not in page.content.decode()


def test_while_we_collect_it_nobody_is_led_to_pay_it_twice(
    stranger: Client, owed: Invoice
) -> None:
    refused(owed, at=world.NOW, state=AttemptState.UNKNOWN)
    PaymentAttempt.objects.update(state=AttemptState.UNKNOWN)
    page = stranger.get(url(owed))
    assert "This amount is being collected right now." in seen(page)
    assert HOSTED not in page.content.decode()


def test_strangers_links_open_nothing(stranger: Client, owed: Invoice) -> None:
    for token in (
        link_token(OFFER, owed.pk),
        pay_token(owed.pk + 1),
        card_token(owed.pk + 1_000),
        link_token("billing.pay", owed.pk, 2),
        pay_token(owed.pk)[:-1],
        "no-token",
    ):
        page = stranger.get(f"/pay/{token}")
        assert (token, page.status_code) == (token, 404)
        assert "Alder" not in page.content.decode()


def test_the_gateways_page_is_asked_for_once_and_kept(
    stranger: Client, fake: Fake, there: Invoice
) -> None:
    stranger.head(url(there))
    assert "GET invoices" not in fake.counts()
    page = stranger.get(url(there))
    hosted = fake.object(there.external_id)["hosted_invoice_url"]
    assert f'href="{hosted}"' in page.content.decode()
    stranger.get(url(there))
    assert fake.counts()["GET invoices"] == 1
    there.refresh_from_db()
    assert there.hosted_url == hosted


def test_a_gateway_that_does_not_answer_is_no_reason_to_show_nothing(
    stranger: Client, there: Invoice, settings: Settings
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.STRIPE_ADDRESS = f"http://127.0.0.1:{free.getsockname()[1]}"
        page = stranger.get(url(there))
        assert (page.status_code, "€100.00 open" in seen(page)) == (200, True)
        page = stranger.post(url(there))
    assert page.status_code == 503
    assert "The payment page does not answer just now." in seen(page)


def test_a_press_leads_to_the_gateways_page_to_change_the_card(
    stranger: Client, fake: Fake, there: Invoice
) -> None:
    page = stranger.post(url(there))
    link = page.headers["Refresh"].removeprefix("0;url=")
    assert link.startswith(f"{fake.address}/p/")
    assert (page.status_code, f'href="{link}"' in page.content.decode()) == (200, True)
    again = stranger.post(url(there))
    assert again.headers["Refresh"] == page.headers["Refresh"]
    # Whom we do not know there cannot be led anywhere.
    GatewayObject.objects.all().delete()
    page = stranger.post(url(there))
    assert page.status_code == 503
    assert "Reply to our mail: a person helps." in seen(page)


def test_a_card_that_runs_out_is_changed_the_same_way(
    stranger: Client, fake: Fake, there: Invoice
) -> None:
    method = PaymentMethod.objects.get()
    address = f"/pay/{card_token(method.pk)}"
    text = seen(stranger.get(address))
    assert "Visa •••• 4242" in text
    assert "31 January 2028" in text
    page = stranger.post(address)
    assert page.headers["Refresh"].startswith(f"0;url={fake.address}/p/")
    PaymentMethod.objects.update(is_default=False, removed_at=world.NOW)
    page = stranger.get(address)
    assert "You pay in another way now" in seen(page)
    assert "Refresh" not in stranger.post(address).headers


def test_an_invoice_without_a_gateway_names_the_bank_account(
    stranger: Client, ana: User
) -> None:
    customer = world.make_customer("Alder & Voss", owner=ana)
    invoice = world.invoice(
        customer, days=20, paid_after=None, collection=Collection.TRANSFER
    )
    page = stranger.get(url(invoice))
    assert "transfer the amount to the account that stands on the invoice" in seen(page)
    assert "<form" not in page.content.decode()
    assert stranger.post(url(invoice)).status_code == 503


def test_it_speaks_the_readers_language(stranger: Client, owed: Invoice) -> None:
    owed.customer.contacts.update(language="de")
    page = stranger.get(url(owed))
    assert page.headers["Content-Language"] == "de"
    assert "offen für die Rechnung NW-0042" in seen(page)
