"""The demo's failed payments at the fake gateway: the same there as here, and payable."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Company
from billing.enums import AttemptState, CaseState, ObjectKind, RecoveryCause
from billing.gateways.objects import RemoteInvoice
from billing.models import DunningCase, GatewayAccount, Invoice, Payment
from billing.services.dunning.working import case_work
from billing.services.gateways.access import gateway_of
from billing.services.gateways.hearing import objects_want
from billing.services.gateways.reading import objects_read
from demo.services.collecting import collecting_made
from demo.services.gateway import gateway_runs
from demo.services.introducing import gateway_introduced
from tests import world
from tests.gateway import Fake

pytestmark = pytest.mark.django_db(transaction=True)


def owed(name: str, reason: str, *, days: int, number: str, tax: str = "0") -> Invoice:
    """An invoice by card whose payment failed so many days ago."""
    customer = world.make_customer(name, external_id=f"C-{number}")
    subscription = world.subscribe(customer, mrr="120", months=1)
    today = timezone.now().date()
    issued = today - dt.timedelta(days=days)
    invoice = Invoice.objects.create(
        customer=customer,
        subscription=subscription,
        external_id=f"2026-{number}",
        issued_on=issued,
        due_on=issued,
        total=Decimal(120),
        tax=Decimal(tax),
        currency="EUR",
        recorded_at=world.noon(issued),
    )
    when = dt.datetime.combine(issued, dt.time(2), dt.UTC)
    Payment.objects.create(
        invoice=invoice,
        customer=customer,
        external_id=f"2026-{number}/1",
        state="failed",
        amount=invoice.total + invoice.tax,
        currency="EUR",
        happened_at=when,
        recorded_at=when,
        reason=reason,
    )
    return invoice


@pytest.fixture
def account(fake: Fake, company: Company) -> GatewayAccount:
    Company.objects.update(is_demo=True)
    owed("Nordwind", "Insufficient funds", days=4, number="1", tax="22.80")
    owed("Südwind", "Card expired", days=3, number="2")
    owed("Westwind", "Confirmation needed", days=2, number="3")
    owed("Ostwind", "Card declined", days=12, number="4")
    now = timezone.now()
    assert collecting_made(now=now)
    assert gateway_introduced(now=now)
    return GatewayAccount.objects.get()


def told(account: GatewayAccount, number: str) -> RemoteInvoice:
    remote = gateway_of(account).fetch(ObjectKind.INVOICE, f"2026-{number}")
    assert isinstance(remote, RemoteInvoice)
    return remote


def test_both_sides_say_the_same(fake: Fake, account: GatewayAccount) -> None:
    first = told(account, "1")
    assert (first.total, first.tax, first.owing) == (
        Decimal(120),
        Decimal("22.80"),
        Decimal("142.80"),
    )
    for number in "1234":
        invoice = Invoice.objects.get(external_id=f"2026-{number}")
        here = {
            (row.external_id, row.decline_code)
            for row in invoice.attempts.all()
            if row.state != AttemptState.NOT_MADE
        }
        there = told(account, number)
        assert {(row.external_id, row.decline_code) for row in there.payments} == here
        assert invoice.hosted_url == there.hosted_url
    before = Payment.objects.count()
    about = [(ObjectKind.INVOICE, f"2026-{number}") for number in "1234"]
    objects_want(account=account, about=about, now=timezone.now())
    objects_read(now=timezone.now())
    assert Payment.objects.count() == before
    assert DunningCase.objects.filter(state=CaseState.OPEN).count() == 4


def test_telling_it_again_changes_nothing_but_where_it_tells_us(
    fake: Fake, account: GatewayAccount, settings: Settings
) -> None:
    before = fake.object("2026-1"), fake.counts()
    settings.BASE_URL = "http://127.0.0.1:1"
    assert gateway_introduced(now=timezone.now())
    settings.BASE_URL = ""
    assert gateway_introduced(now=timezone.now())
    assert (fake.object("2026-1"), fake.counts()) == before
    # Nothing that was made up is told as news.
    assert fake.waiting() == []


def test_what_is_paid_on_the_page_is_recovered(
    fake: Fake, account: GatewayAccount
) -> None:
    fake.pays("2026-2", brand="mastercard", last4="4444")
    address = reverse("gateway_hook", args=["stripe", account.hook_key])
    for one in fake.signed():
        reply = Client().post(
            address,
            one.body,
            content_type="application/json",
            headers={"stripe-signature": one.signature},
        )
        assert reply.status_code == 200
    for _turn in range(3):
        objects_read(now=timezone.now())
    invoice = Invoice.objects.get(external_id="2026-2")
    assert invoice.paid_on is not None
    case = invoice.dunning
    case_work(case_id=case.pk, now=timezone.now())
    case.refresh_from_db()
    assert (case.state, case.cause) == (CaseState.RECOVERED, RecoveryCause.METHOD)
    assert case.recovered == Decimal(120)


def test_without_the_fake_gateway_nobody_is_asked(
    account: GatewayAccount, settings: Settings
) -> None:
    settings.STRIPE_ADDRESS = ""
    assert not gateway_runs()
    assert not gateway_introduced(now=timezone.now())
    account.refresh_from_db()
    assert not account.is_on


def test_what_stands_at_the_address_may_be_something_else(
    account: GatewayAccount, settings: Settings
) -> None:
    settings.STRIPE_ADDRESS = "http://127.0.0.1:1"
    assert not gateway_introduced(now=timezone.now())
    account.refresh_from_db()
    assert not account.is_on
