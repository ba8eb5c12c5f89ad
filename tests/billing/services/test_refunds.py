"""Payments, credit notes, refunds and chargebacks; what settles and what is taken out."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from accounts.actor import CONSOLE
from accounts.models import AuditEntry, Company
from billing.enums import PaymentState, PlanKind, RefundKind
from billing.models import CreditNote, Invoice, Payment, Plan, Purchase, Refund
from billing.selectors.invoices import invoice_sums_of
from billing.services.credit_notes import credit_note_record
from billing.services.payments import payment_record
from billing.services.purchases import purchase_record
from billing.services.recorded import Recorded, UnableToRecord
from billing.services.refunds import refund_record
from billing.services.taking_out import document_take_out
from tests.billing.services.test_invoices import at_once
from tests.world import NOW, TODAY, days_ago, invoice, make_customer, noon

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ours(company: Company) -> Company:
    return company


@pytest.fixture
def owed() -> Invoice:
    """An invoice of 1,000 and 190 tax, issued 40 days ago, due 26 days ago."""
    return invoice(make_customer("Acme"), days=40, paid_after=None, tax=Decimal(190))


def pay(owed: Invoice, amount: str = "1190", **more: Any) -> Recorded[Payment]:
    fields = {
        "state": PaymentState.SUCCEEDED,
        "happened_at": noon(days_ago(20)),
        "by": CONSOLE,
        "now": NOW,
        **more,
    }
    return payment_record(invoice=owed, amount=Decimal(amount), **fields)


def credit(owed: Invoice, amount: str, **more: Any) -> Recorded[CreditNote]:
    fields = {"issued_on": days_ago(10), "by": CONSOLE, "now": NOW, **more}
    return credit_note_record(invoice=owed, amount=Decimal(amount), **fields)


def refund(paid: Payment, amount: str, **more: Any) -> Recorded[Refund]:
    fields = {
        "kind": RefundKind.REFUND,
        "happened_at": noon(days_ago(5)),
        "by": CONSOLE,
        "now": NOW,
        **more,
    }
    return refund_record(payment=paid, amount=Decimal(amount), **fields)


def settled(owed: Invoice) -> tuple[dt.date | None, dt.datetime | None]:
    owed.refresh_from_db()
    return owed.paid_on, owed.paid_recorded_at


def test_an_invoice_is_settled_by_the_payment_that_leaves_nothing_owing(
    owed: Invoice,
) -> None:
    pay(owed, "1190", state=PaymentState.FAILED, reason="Card declined")
    pay(owed, "1000")
    assert settled(owed) == (None, None)
    made = pay(owed, "190.50", happened_at=noon(days_ago(15)))
    assert settled(owed) == (days_ago(15), NOW)
    assert list(made.notes) == ["€0.50 more than was owed."]


def test_a_credit_note_over_the_rest_settles_it_too(owed: Invoice) -> None:
    credit(owed, "400", issued_on=days_ago(12))
    assert settled(owed) == (None, None)
    # 600 and its share of the tax.
    pay(owed, "714", happened_at=noon(days_ago(8)))
    assert settled(owed) == (days_ago(8), NOW)


def test_an_invoice_that_is_credited_in_full_is_neither_owed_nor_overdue(
    owed: Invoice,
) -> None:
    credit(owed, "1000")
    assert settled(owed) == (days_ago(10), NOW)
    assert invoice_sums_of(owed).owing == 0


def test_credit_notes_are_never_more_than_the_invoice(owed: Invoice) -> None:
    credit(owed, "600", external_id="CN-1")
    with pytest.raises(UnableToRecord, match=r"€400\.00 without tax is left to credit"):
        credit(owed, "400.01")
    again = credit(owed, "600", external_id="CN-1")
    assert list(again.notes) == [
        "Credit note CN-1 is here already; nothing was changed."
    ]
    with pytest.raises(UnableToRecord, match="otherwise about: amount"):
        credit(owed, "500", external_id="CN-1")
    with pytest.raises(UnableToRecord, match="before the invoice of"):
        credit(owed, "1", issued_on=days_ago(41))
    assert CreditNote.objects.count() == 1


def test_refunds_are_never_more_than_the_payment(owed: Invoice) -> None:
    paid = pay(owed).row
    refund(paid, "1000", external_id="R-1")
    with pytest.raises(UnableToRecord) as told:
        refund(paid, "190.01", kind=RefundKind.CHARGEBACK)
    assert str(told.value) == (
        "€190.01 is more than can go back: of this payment of €1,190.00, "
        "€190.00 is left."
    )
    assert not refund(paid, "1000", external_id="R-1").created
    assert refund(paid, "190", kind=RefundKind.CHARGEBACK).created


def test_only_what_came_in_can_go_back_in_its_currency_and_after_it(
    owed: Invoice,
) -> None:
    failed = pay(owed, state=PaymentState.FAILED).row
    with pytest.raises(UnableToRecord, match="That payment failed"):
        refund(failed, "1")
    paid = pay(owed).row
    with pytest.raises(UnableToRecord, match="in USD, but this is about EUR"):
        refund(paid, "1", currency="USD")
    with pytest.raises(UnableToRecord, match="before it came"):
        refund(paid, "1", happened_at=noon(days_ago(21)))
    with pytest.raises(UnableToRecord, match="in the future"):
        refund(paid, "1", happened_at=NOW + dt.timedelta(minutes=1))
    with pytest.raises(UnableToRecord, match="above zero"):
        refund(paid, "0")
    assert Refund.objects.count() == 0


def test_a_chargeback_is_owed_again_and_the_day_of_payment_stays(
    owed: Invoice,
) -> None:
    paid = pay(owed).row
    refund(paid, "1190", kind=RefundKind.CHARGEBACK)
    assert settled(owed) == (days_ago(20), NOW)
    assert invoice_sums_of(owed).owing == Decimal(1190)


@pytest.mark.django_db(transaction=True)
def test_two_refunds_at_once_take_turns(owed: Invoice) -> None:
    paid = pay(owed).row
    outcomes = at_once(lambda: refund(paid, "700"), lambda: refund(paid, "700"))
    assert outcomes == [
        "",
        (
            "€700.00 is more than can go back: of this payment of €1,190.00, €490.00 is "
            "left."
        ),
    ]
    assert Refund.objects.count() == 1


def test_what_was_noted_today_can_be_taken_out_and_opens_the_invoice_again(
    owed: Invoice,
) -> None:
    paid = pay(owed).row
    back = refund(paid, "10").row
    with pytest.raises(UnableToRecord, match="Take that out first"):
        document_take_out(row=paid, by=CONSOLE, now=NOW)
    document_take_out(row=back, by=CONSOLE, now=NOW)
    document_take_out(row=paid, by=CONSOLE, now=NOW)
    assert settled(owed) == (None, None)
    assert (Payment.objects.count(), Refund.objects.count()) == (0, 0)
    assert AuditEntry.objects.order_by("-number").first().action == (  # type: ignore[union-attr]
        "billing.payment_taken_out"
    )


def test_what_is_older_or_came_from_elsewhere_stays(owed: Invoice) -> None:
    ours, theirs = credit(owed, "10").row, credit(owed, "10", external_id="CN-1").row
    with pytest.raises(UnableToRecord, match="noted by hand today"):
        document_take_out(row=theirs, by=CONSOLE, now=NOW)
    with pytest.raises(UnableToRecord, match="noted by hand today"):
        document_take_out(row=ours, by=CONSOLE, now=NOW + dt.timedelta(days=1))
    document_take_out(row=ours, by=CONSOLE, now=NOW)
    assert CreditNote.objects.get() == theirs


def test_purchases_are_of_one_off_products(owed: Invoice) -> None:
    plan = Plan.objects.create(key="team", name="Team")
    once = Plan.objects.create(key="setup", name="Set-up", kind=PlanKind.ONE_OFF)
    fields: dict[str, Any] = {
        "customer": owed.customer,
        "amount": Decimal(500),
        "currency": "EUR",
        "bought_on": TODAY,
        "by": CONSOLE,
        "now": NOW,
    }
    with pytest.raises(UnableToRecord, match="Team is sold by subscription, not once"):
        purchase_record(plan=plan, **fields)
    with pytest.raises(UnableToRecord, match="at least one"):
        purchase_record(plan=once, quantity=0, **fields)
    stranger = {**fields, "customer": make_customer("Bolt")}
    with pytest.raises(UnableToRecord, match="another customer's"):
        purchase_record(plan=once, invoice=owed, **stranger)
    assert purchase_record(plan=once, external_id="P-1", **fields).created
    assert not purchase_record(plan=once, external_id="P-1", **fields).created
    assert Purchase.objects.get().customer == owed.customer
