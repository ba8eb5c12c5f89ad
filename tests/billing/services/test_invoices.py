"""Invoices with lines: what is taken, what is refused and in which words."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.actor import CONSOLE
from accounts.models import AuditEntry, Company, ExchangeRate
from billing.enums import LineKind
from billing.models import Invoice, InvoiceLine, Subscription
from billing.services.credit_notes import credit_note_record
from billing.services.invoice_lines import LineValues
from billing.services.invoices import InvoiceValues, invoice_record
from billing.services.recorded import Recorded, UnableToRecord
from customers.models import Customer
from tests.world import NOW, make_customer, subscribe

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 1)


@pytest.fixture(autouse=True)
def ours(company: Company) -> Company:
    return company


@pytest.fixture
def sub() -> Subscription:
    return subscribe(make_customer("Acme"))


def line(sub: Subscription, begins: str, ends: str, amount: str = "100") -> LineValues:
    """This will make a recurring line with 19 per cent tax."""
    return LineValues(
        kind=LineKind.RECURRING,
        amount=Decimal(amount),
        tax=Decimal(amount) * Decimal("0.19"),
        begins_on=dt.date.fromisoformat(begins),
        ends_on=dt.date.fromisoformat(ends),
        subscription=sub,
    )


def values(customer: Customer, *lines: LineValues, **more: Any) -> InvoiceValues:
    made = InvoiceValues(
        customer=customer,
        external_id="I-1",
        issued_on=DAY,
        due_on=DAY + dt.timedelta(days=14),
        total=sum((one.amount for one in lines), Decimal(0)) or Decimal(100),
        tax=sum((one.tax for one in lines), Decimal(0)),
        currency="EUR",
        lines=lines,
    )
    return replace(made, **more)


def record(made: InvoiceValues) -> Recorded[Invoice]:
    return invoice_record(values=made, by=CONSOLE, now=NOW)


def refused(made: InvoiceValues) -> str:
    """This will say why an invoice is refused; nothing of it is kept."""
    before = Invoice.objects.count()
    with pytest.raises(UnableToRecord) as told:
        record(made)
    assert Invoice.objects.count() == before
    return str(told.value)


def test_recurring_and_one_off_lines_stand_apart_and_so_does_tax(
    sub: Subscription,
) -> None:
    month = line(sub, "2026-01-01", "2026-02-01")
    setup = LineValues(
        kind=LineKind.ONE_OFF, amount=Decimal("49.90"), description="Set-up"
    )
    made = record(values(sub.customer, month, setup))
    assert (made.created, list(made.notes)) == (True, [])
    assert (made.row.total, made.row.tax) == (Decimal("149.90"), Decimal("19.00"))
    told = made.row.lines.order_by("number").values_list(
        "number", "kind", "amount", "tax", "subscription_id", "customer_id"
    )
    assert list(told) == [
        (1, "recurring", Decimal("100.00"), Decimal("19.00"), sub.pk, sub.customer_id),
        (2, "one_off", Decimal("49.90"), Decimal("0.00"), None, sub.customer_id),
    ]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.after["number"]) == ("billing.invoice_recorded", "I-1")


def test_lines_that_do_not_sum_up_are_told_by_how_much(sub: Subscription) -> None:
    month = line(sub, "2026-01-01", "2026-02-01")
    assert refused(values(sub.customer, month, total=Decimal(110))) == (
        "amount: the lines sum to 100.00, the invoice says 110.00. 10.00 is missing."
    )
    assert refused(values(sub.customer, month, tax=Decimal(18))) == (
        "tax: the lines sum to 19.00, the invoice says 18.00. 1.00 too much."
    )


def test_the_same_again_changes_nothing_and_another_names_what_differs(
    sub: Subscription,
) -> None:
    month = line(sub, "2026-01-01", "2026-02-01")
    first = record(values(sub.customer, month))
    again = record(values(sub.customer, month))
    assert (again.row, again.created) == (first.row, False)
    assert list(again.notes) == ["Invoice I-1 is here already; nothing was changed."]
    assert AuditEntry.objects.count() == 1
    later = DAY + dt.timedelta(days=30)
    other = values(sub.customer, line(sub, "2026-01-01", "2026-03-01"), due_on=later)
    assert refused(other) == (
        "Invoice I-1 is here already and says otherwise about: due, lines. Correct it "
        "with a credit note, or give the new one a number of its own."
    )


def test_days_that_were_charged_are_not_charged_again(sub: Subscription) -> None:
    # 29 February belongs to the year that it ends: half-open periods meet.
    leap = line(sub, "2024-02-29", "2025-02-28")
    record(values(sub.customer, leap, external_id="I-2024"))
    meets = line(sub, "2025-02-28", "2026-02-28")
    record(values(sub.customer, meets, external_id="I-2025"))
    twice = line(sub, "2026-02-20", "2026-03-20")
    assert refused(values(sub.customer, twice, external_id="I-3")) == (
        f"Invoice I-2025 has charged subscription {sub.external_id} for the days from "
        "20 February 2026 to before 28 February 2026 already."
    )
    both = (
        line(sub, "2026-03-01", "2026-04-01"),
        line(sub, "2026-03-31", "2026-05-01"),
    )
    assert refused(values(sub.customer, *both, external_id="I-3")) == (
        f"Two lines charge subscription {sub.external_id} for the days from 31 "
        "March 2026 to before 1 April 2026."
    )
    # Another subscription's days are its own.
    record(
        values(sub.customer, line(subscribe(sub.customer), "2026-01-01", "2026-02-01"))
    )


def test_what_was_credited_in_full_may_be_charged_again(sub: Subscription) -> None:
    month = line(sub, "2026-01-01", "2026-02-01")
    wrong = record(values(sub.customer, month)).row
    credit_note_record(
        invoice=wrong, amount=Decimal(100), issued_on=DAY, by=CONSOLE, now=NOW
    )
    right = record(values(sub.customer, month, external_id="I-2"))
    assert right.created
    withdrawn = InvoiceLine.objects.order_by("id").values_list("withdrawn", flat=True)
    assert list(withdrawn) == [True, False]


def test_the_database_itself_keeps_days_apart(sub: Subscription) -> None:
    record(values(sub.customer, line(sub, "2026-01-01", "2026-02-01")))
    row = InvoiceLine.objects.get()
    row.pk, row.number = None, 2
    with (
        pytest.raises(IntegrityError, match="billing_line_no_overlap"),
        transaction.atomic(),
    ):
        row.save()


BAD_LINES: list[tuple[dict[str, Any], str]] = [
    (
        {"ends_on": dt.date(2026, 1, 1)},
        (
            "Line 1 ends on 1 January 2026, not after it begins on 1 January 2026. The "
            "end is the first day that is no longer paid."
        ),
    ),
    ({"ends_on": None}, "Line 1 tells one end of its period. Give both days or none."),
    (
        {"begins_on": None, "ends_on": None},
        "Line 1 is recurring: say from which day to which it pays.",
    ),
    (
        {"amount": Decimal(-1), "tax": Decimal(0)},
        "An invoice is never negative. Note a credit on the invoice it is about.",
    ),
    ({"amount": Decimal("1.005")}, "total is 1.005: amounts have two places at most."),
]


@pytest.mark.parametrize(("fields", "words"), BAD_LINES)
def test_lines_that_make_no_sense(
    sub: Subscription, fields: dict[str, Any], words: str
) -> None:
    bad = replace(line(sub, "2026-01-01", "2026-02-01"), **fields)
    assert refused(values(sub.customer, bad)) == words


def test_a_negative_line_is_a_rebate_and_never_recurring(sub: Subscription) -> None:
    month = line(sub, "2026-01-01", "2026-02-01")
    less = replace(line(sub, "2026-02-01", "2026-03-01"), amount=Decimal(-10))
    assert refused(values(sub.customer, month, less)) == (
        "Line 2 is recurring and negative. Note a credit instead."
    )
    rebate = LineValues(kind=LineKind.ONE_OFF, amount=Decimal(-10))
    assert record(values(sub.customer, month, rebate)).row.total == 90


def test_whose_subscription_it_is(sub: Subscription) -> None:
    stranger = make_customer("Bolt")
    month = line(sub, "2026-01-01", "2026-02-01")
    assert refused(values(stranger, month)) == (
        "Line 1 is for a subscription of another customer."
    )
    assert refused(values(stranger, subscription=sub)) == (
        "The subscription is another customer's."
    )


def test_days_and_signs_of_the_invoice_itself(sub: Subscription) -> None:
    early = DAY - dt.timedelta(days=1)
    assert refused(values(sub.customer, due_on=early)) == (
        "Due on 31 December 2025, before it was issued on 1 January 2026: correct one of "
        "the days."
    )
    assert refused(values(sub.customer, total=Decimal(-5))) == (
        "An invoice is never negative. Note a credit on the invoice it is about."
    )


def test_currencies_need_to_be_known_and_a_missing_rate_is_said(
    sub: Subscription,
) -> None:
    assert refused(values(sub.customer, currency="USD")) == (
        "USD is neither the company's currency nor one with an exchange rate. Correct "
        "it, or add a rate in the settings, under money."
    )
    ExchangeRate.objects.create(
        currency="USD", valid_on=dt.date(2026, 2, 1), rate=Decimal("0.9")
    )
    assert list(record(values(sub.customer, currency="USD")).notes) == [
        (
            "There is no exchange rate of USD on or before 1 January 2026: sums in the "
            "company's currency leave this amount out until there is one."
        )
    ]
    later = values(
        sub.customer,
        currency="USD",
        external_id="I-2",
        issued_on=dt.date(2026, 2, 1),
        due_on=dt.date(2026, 2, 1),
    )
    assert list(record(later).notes) == []


def at_once(*works: Callable[[], Any]) -> list[str]:
    """This will do things in sessions of their own, begun together; what each came to."""
    ready, outcomes = Barrier(len(works)), []

    def run(work: Callable[[], Any]) -> None:
        try:
            ready.wait(20)
            work()
            outcomes.append("")
        except UnableToRecord as error:
            outcomes.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_two_who_charge_the_same_days_at_once(sub: Subscription) -> None:
    month = line(sub, "2026-01-01", "2026-02-01")
    later = line(sub, "2026-01-31", "2026-02-28")
    outcomes = at_once(
        lambda: record(values(sub.customer, month)),
        lambda: record(values(sub.customer, later, external_id="I-2")),
    )
    assert outcomes[0] == ""
    assert outcomes[1].endswith(
        f"subscription {sub.external_id} for the days from 31 January 2026 to "
        "before 1 February 2026 already."
    )
    assert InvoiceLine.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_invoice_twice_at_once_is_one(sub: Subscription) -> None:
    month = line(sub, "2026-01-01", "2026-02-01")
    work = lambda: record(values(sub.customer, month))  # noqa: E731
    assert at_once(work, work) == ["", ""]
    assert Invoice.objects.count() == InvoiceLine.objects.count() == 1
