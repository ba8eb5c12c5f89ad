"""What was credited, refunded or charged back was not earned, from when it was known."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Company, ExchangeRate
from billing.enums import PaymentState, RefundKind
from billing.models import CreditNote, Invoice, Payment, Refund
from customers.models import Customer
from tests.health.facts.frames import end_of, facts
from tests.world import TODAY, days_ago, invoice, make_customer, noon, subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(company: Company) -> Customer:
    customer = make_customer("Acme")
    subscribe(customer)
    return customer


def credit(owed: Invoice, amount: int, *, days: int) -> None:
    CreditNote.objects.create(
        invoice=owed,
        customer=owed.customer,
        amount=amount,
        currency=owed.currency,
        issued_on=days_ago(days),
        recorded_at=noon(days_ago(days)),
    )


def paid(owed: Invoice, amount: int, *, days: int = 30) -> Payment:
    return Payment.objects.create(
        invoice=owed,
        customer=owed.customer,
        state=PaymentState.SUCCEEDED,
        amount=amount,
        currency=owed.currency,
        happened_at=noon(days_ago(days)),
        recorded_at=noon(days_ago(days)),
    )


def back(payment: Payment, amount: int, *, days: int, **fields: Any) -> None:
    Refund.objects.create(
        payment=payment,
        customer=payment.customer,
        kind=fields.pop("kind", RefundKind.REFUND),
        amount=amount,
        currency=payment.currency,
        happened_at=noon(days_ago(days)),
        recorded_at=noon(days_ago(days)),
    )


def earned(day: dt.date = TODAY) -> list[float]:
    """This will read what each customer has earned us by a day."""
    return [round(float(one), 2) for one in facts(day, end_of(day))["earned"]]


def test_a_credit_note_counts_from_its_day(acme: Customer) -> None:
    credit(invoice(acme, days=40), 300, days=10)
    assert [earned(days_ago(11)), earned(days_ago(10))] == [[1000.0], [700.0]]


def test_a_refund_counts_without_its_tax(acme: Customer) -> None:
    owed = invoice(acme, days=40, tax=Decimal(190))
    back(paid(owed, 1190), 238, days=5)
    assert [earned(days_ago(6)), earned(days_ago(5))] == [[1000.0], [800.0]]


def test_a_refund_that_goes_with_a_credit_note_is_one_loss(acme: Customer) -> None:
    owed = invoice(acme, days=40)
    credit(owed, 300, days=10)
    back(paid(owed, 1000), 300, days=5)
    assert earned() == [700.0]


def test_a_refund_of_what_was_left_after_a_credit_note_is_another(
    acme: Customer,
) -> None:
    owed = invoice(acme, days=40)
    credit(owed, 300, days=35)
    back(paid(owed, 700), 200, days=5)
    assert earned() == [500.0]


def test_a_chargeback_that_was_paid_again_costs_nothing(acme: Customer) -> None:
    owed = invoice(acme, days=40)
    back(paid(owed, 1000), 1000, days=20, kind=RefundKind.CHARGEBACK)
    assert earned() == [0.0]
    paid(owed, 1000, days=10)
    assert [earned(days_ago(11)), earned()] == [[0.0], [1000.0]]


def test_what_was_never_paid_was_not_earned_and_loses_nothing(acme: Customer) -> None:
    credit(invoice(acme, days=40, paid_after=None), 300, days=10)
    other = make_customer("Bolt")
    subscribe(other)
    invoice(other, days=40)
    assert earned() == [0.0, 1000.0]


def test_amounts_are_reckoned_in_the_companys_currency(acme: Customer) -> None:
    ExchangeRate.objects.create(
        currency="GBP", valid_on=days_ago(900), rate=Decimal("1.2")
    )
    credit(invoice(acme, days=40, currency="GBP"), 500, days=10)
    invoice(acme, days=40, total="100")
    assert earned() == [700.0]


def test_an_invoice_that_was_credited_in_full_is_not_late(acme: Customer) -> None:
    settled = days_ago(30)
    owed = invoice(acme, days=60, paid_after=None, due_in=31)
    credit(owed, 1000, days=30)
    Invoice.objects.update(paid_on=settled, paid_recorded_at=noon(settled))
    got = facts()
    assert (got["overdue_days"].tolist(), got["invoices_late"].tolist()) == ([0], [0])
    assert earned() == [0.0]
