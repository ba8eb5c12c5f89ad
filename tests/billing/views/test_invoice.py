"""The pages of invoices, and noting on them by hand."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Company, User
from billing.models import CreditNote, Invoice, InvoiceLine, Payment, Refund
from customers.models import Customer
from tests.conftest import signed_in
from tests.world import failed_payment, make_customer

pytestmark = pytest.mark.django_db
SHARP = dt.time(12)


@pytest.fixture(autouse=True)
def ours(company: Company) -> Company:
    return company


@pytest.fixture
def acme(ana: User) -> Customer:
    return make_customer("Acme", owner=ana)


def issued(customer: Customer, number: str, *, days: int, **fields: Any) -> Invoice:
    """This will save an invoice of 1,000 and 190 tax, issued some real days ago."""
    day = timezone.localdate() - dt.timedelta(days=days)
    paid = fields.pop("paid", None)
    return Invoice.objects.create(
        customer=customer,
        external_id=number,
        issued_on=day,
        due_on=day + dt.timedelta(days=14),
        total=Decimal(1000),
        tax=Decimal(190),
        currency="EUR",
        recorded_at=timezone.now(),
        paid_on=day if paid else None,
        paid_recorded_at=timezone.now() if paid else None,
        **fields,
    )


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def page(invoice: Invoice) -> str:
    return reverse("invoice", args=[invoice.pk])


def send(client: Client, invoice: Invoice, form: str, **fields: Any) -> Any:
    """This will send one of the forms, as it stands on a page without documents."""
    data = {"seen": 0, "day": timezone.localdate().isoformat(), **fields}
    named = {f"{form}-{name}": value for name, value in data.items()}
    return client.post(reverse("invoice_note", args=[invoice.pk, form]), named)


def test_an_invoice_tells_its_lines_tries_and_what_is_owed(
    acme: Customer, ana_client: Client
) -> None:
    owed = issued(acme, "I-7", days=30)
    InvoiceLine.objects.create(
        invoice=owed,
        customer=acme,
        number=1,
        kind="recurring",
        description="Team, 20 seats",
        amount=1000,
        tax=190,
        begins_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2026, 2, 1),
    )
    tried = failed_payment(owed, days=1)
    Payment.objects.filter(pk=tried.pk).update(reason="Card expired")
    CreditNote.objects.create(
        invoice=owed,
        customer=acme,
        amount=100,
        currency="EUR",
        issued_on=timezone.localdate(),
        reason="Outage",
        recorded_at=timezone.now(),
    )
    shown = text(ana_client, page(owed))
    for words in (
        "Team, 20 seats",
        "Recurring",
        "Card expired",
        "Outage",
        "€1,190.00",
        "−€119.00",
        "€1,071.00",
        "Overdue",
    ):
        assert words in shown
    assert reverse("invoice", args=[owed.pk]) in text(
        ana_client, reverse("customer_invoices", args=[acme.pk])
    )


def test_others_do_not_see_it_and_viewers_cannot_write(
    acme: Customer, charlie_client: Client, viewer_client: Client
) -> None:
    owed = issued(acme, "I-7", days=30)
    assert charlie_client.get(page(owed)).status_code == 404
    assert send(charlie_client, owed, "payment", amount="1").status_code == 404
    listed = reverse("customer_invoices", args=[acme.pk])
    assert charlie_client.get(listed).status_code == 404
    assert "Note by hand" not in text(viewer_client, page(owed))
    assert send(viewer_client, owed, "payment", amount="1").status_code == 403


def test_the_list_shows_all_open_or_overdue_ones(
    acme: Customer, ana_client: Client
) -> None:
    issued(acme, "I-PAID", days=60, paid=True)
    issued(acme, "I-LATE", days=30)
    issued(acme, "I-OPEN", days=3)
    url = reverse("customer_invoices", args=[acme.pk])
    found = {
        show: [name for name in ("I-PAID", "I-LATE", "I-OPEN") if name in shown]
        for show in ("all", "open", "overdue")
        if (shown := text(ana_client, f"{url}?show={show}"))
    }
    assert found == {
        "all": ["I-PAID", "I-LATE", "I-OPEN"],
        "open": ["I-LATE", "I-OPEN"],
        "overdue": ["I-LATE"],
    }
    assert "No invoices yet" in text(
        ana_client,
        reverse("customer_invoices", args=[make_customer(owner=acme.owner).pk]),
    )


def test_a_list_costs_the_same_for_one_and_three(
    acme: Customer, ana_client: Client
) -> None:
    url, costs = reverse("customer_invoices", args=[acme.pk]), []
    ana_client.get(url)
    for numbers in (("I-1",), ("I-2", "I-3")):
        for number in numbers:
            issued(acme, number, days=10)
        with CaptureQueriesContext(connection) as queries:
            ana_client.get(url)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_payment_by_hand_settles_and_can_be_taken_out(
    acme: Customer, ana_client: Client
) -> None:
    owed = issued(acme, "I-7", days=30)
    answer = send(ana_client, owed, "payment", amount="1190", state="succeeded")
    assert (answer.status_code, answer["Location"]) == (302, page(owed))
    owed.refresh_from_db()
    assert owed.paid_on == timezone.localdate()
    assert "Undo" in text(ana_client, page(owed))
    paid = Payment.objects.get()
    out = reverse("invoice_take_out", args=["payment", paid.pk])
    assert out in text(ana_client, page(owed))
    assert ana_client.post(out).status_code == 302
    owed.refresh_from_db()
    assert (owed.paid_on, Payment.objects.count()) == (None, 0)
    told = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    assert list(told) == ["billing.payment_recorded", "billing.payment_taken_out"]


def test_the_same_form_sent_twice_notes_it_once(
    acme: Customer, ana_client: Client
) -> None:
    owed = issued(acme, "I-7", days=30)
    for status in (302, 422):
        answer = send(ana_client, owed, "payment", amount="100", state="succeeded")
        assert answer.status_code == status
    assert "Something was noted on this invoice meanwhile" in answer.content.decode()
    assert Payment.objects.count() == 1


def test_what_cannot_be_is_said_beside_the_form(
    acme: Customer, ana_client: Client
) -> None:
    owed = issued(acme, "I-7", days=30)
    answer = send(ana_client, owed, "credit", amount="1000.01")
    assert answer.status_code == 422
    assert "more than the invoice: €1,000.00 without tax" in answer.content.decode()
    future = (timezone.localdate() + dt.timedelta(days=2)).isoformat()
    answer = send(ana_client, owed, "payment", amount="1", state="failed", day=future)
    assert "Choose a day up to today." in answer.content.decode()
    assert (
        ana_client.post(reverse("invoice_note", args=[owed.pk, "gift"])).status_code
        == 404
    )
    assert (CreditNote.objects.count(), Payment.objects.count()) == (0, 0)


def test_refunds_are_offered_once_something_came_in(
    acme: Customer, ana_client: Client, mara: User
) -> None:
    owed = issued(acme, "I-7", days=30)
    assert "A refund or chargeback" not in text(ana_client, page(owed))
    send(ana_client, owed, "payment", amount="1190", state="succeeded")
    assert "A refund or chargeback" in text(ana_client, page(owed))
    paid = Payment.objects.get()
    answer = send(
        signed_in(mara),
        owed,
        "refund",
        seen=1,
        payment=paid.pk,
        kind="chargeback",
        amount="1190",
    )
    assert answer.status_code == 302
    assert Refund.objects.get().kind == "chargeback"
    shown = text(ana_client, page(owed))
    assert "Taken back by the bank" in shown
    # Of a payment that went back nothing is taken out before the refund is.
    assert reverse("invoice_take_out", args=["payment", paid.pk]) not in shown


def test_another_invoices_payment_is_no_choice(
    acme: Customer, ana_client: Client
) -> None:
    ours, other = issued(acme, "I-7", days=30), issued(acme, "I-8", days=30)
    send(ana_client, other, "payment", amount="1190", state="succeeded")
    send(ana_client, ours, "payment", amount="1190", state="succeeded")
    answer = send(
        ana_client,
        ours,
        "refund",
        seen=1,
        payment=other.payments.get().pk,
        kind="refund",
        amount="5",
    )
    assert (answer.status_code, Refund.objects.count()) == (422, 0)


def test_the_customers_page_and_timeline_lead_to_the_invoice(
    acme: Customer, ana_client: Client
) -> None:
    owed = issued(acme, "I-7", days=30)
    shown = text(ana_client, reverse("customer", args=[acme.pk]))
    assert shown.count(page(owed)) == 2
    assert "credited in full" not in shown
    send(ana_client, owed, "credit", amount="1000")
    shown = text(ana_client, reverse("customer", args=[acme.pk]))
    assert shown.count("credited in full") == 2
    assert reverse("customer_invoices", args=[acme.pk]) in shown
