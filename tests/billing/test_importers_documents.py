"""invoice_lines.csv, credit_notes.csv, refunds.csv and purchases.csv."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from billing.models import (
    CreditNote,
    Invoice,
    InvoiceLine,
    LedgerState,
    Plan,
    Purchase,
    Refund,
)
from tests.customers.importing.folder import counts, load, rejected, write
from tests.world import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=10)
SUBS = "subscription_id,customer_id,started_on,mrr\nS-1,C-1,2024-01-01,100\nS-2,C-2,2024-01-01,1\n"
INVOICES = (
    "invoice_id,customer_id,issued_on,total,tax,due_on\n"
    "I-1,C-1,2024-01-01,100,19,2024-01-15\nI-2,C-1,2024-02-01,100,19,2024-02-15\n"
    "I-3,C-1,2024-03-01,150,0,2024-03-15\n"
)
LINES = "invoice_id,number,kind,amount,tax,subscription_id,begins_on,ends_on\n"
JAN = "I-1,1,recurring,100,19,S-1,2024-01-01,2024-02-01\n"
FEB = "I-2,1,recurring,100,19,S-1,2024-02-01,2024-03-01\n"
MARCH = "I-3,1,recurring,100,0,S-1,2024-03-01,2024-04-01\nI-3,2,one_off,50,0,,,\n"


def folder(path: Path, **tables: str) -> Path:
    return write(path, subscriptions=SUBS, invoices=INVOICES, **tables)


def reasons(path: Path, **tables: str) -> list[tuple[int, str, str]]:
    """This will load tables on top of the invoices and say what was rejected."""
    report = load(folder(path, **tables))
    return [entry[1:] for entry in rejected(report)]


def test_lines_stand_under_their_invoices(tmp_path: Path) -> None:
    lines = folder(tmp_path, invoice_lines=LINES + JAN + FEB + MARCH)
    report = load(lines)
    assert rejected(report) == []
    assert counts(report, "invoice_lines") == (4, 0, 0, 0, 0)
    fields = ("invoice__external_id", "number", "kind", "amount", "tax", "begins_on")
    assert list(InvoiceLine.objects.order_by("id").values_list(*fields)) == [
        ("I-1", 1, "recurring", Decimal(100), Decimal(19), dt.date(2024, 1, 1)),
        ("I-2", 1, "recurring", Decimal(100), Decimal(19), dt.date(2024, 2, 1)),
        ("I-3", 1, "recurring", Decimal(100), Decimal(0), dt.date(2024, 3, 1)),
        ("I-3", 2, "one_off", Decimal(50), Decimal(0), None),
    ]
    assert set(Invoice.objects.values_list("external_id", "tax")) == {
        ("I-1", Decimal(19)),
        ("I-2", Decimal(19)),
        ("I-3", Decimal(0)),
    }
    assert counts(load(lines, now=LATER), "invoice_lines") == (0, 0, 4, 0, 0)


def test_lines_that_do_not_sum_up_take_the_whole_invoice_with_them(
    tmp_path: Path,
) -> None:
    rows = LINES + JAN.replace("19,S", "18,S") + FEB + MARCH.replace("50", "49")
    assert reasons(tmp_path, invoice_lines=rows) == [
        (
            2,
            "tax",
            "the lines of invoice 'I-1' sum to 18.00, the invoice says 19.00: 1.00 is missing",
        ),
        *(
            (
                line,
                "amount",
                (
                    "the lines of invoice 'I-3' sum to 149.00, the invoice says 150.00: "
                    "1.00 is missing"
                ),
            )
            for line in (4, 5)
        ),
    ]
    assert list(InvoiceLine.objects.values_list("invoice__external_id")) == [("I-2",)]


def test_days_that_are_charged_twice_name_the_other_invoice(tmp_path: Path) -> None:
    twice = FEB.replace("2024-02-01,", "2024-01-31,")
    told = (
        "invoice 'I-1' has charged subscription 'S-1' for days from 2024-01-31 to before "
        "2024-02-01 already"
    )
    assert reasons(tmp_path, invoice_lines=LINES + JAN + twice) == [
        (3, "begins_on", told)
    ]
    # The same against what is there already.
    (tmp_path / "rejected.csv").unlink()
    assert reasons(tmp_path, invoice_lines=LINES + twice) == [(2, "begins_on", told)]
    assert InvoiceLine.objects.count() == 1


def test_what_was_credited_in_full_may_be_charged_again(tmp_path: Path) -> None:
    again = FEB.replace("2024-02-01,2024-03-01", "2024-01-01,2024-02-01")
    notes = "credit_note_id,invoice_id,issued_on,amount\nN-1,I-1,2024-01-20,100\n"
    assert (
        reasons(tmp_path, invoice_lines=LINES + JAN + again, credit_notes=notes) == []
    )
    assert list(
        InvoiceLine.objects.order_by("id").values_list(
            "invoice__external_id", "withdrawn"
        )
    ) == [("I-1", True), ("I-2", False)]
    # Nobody waits for its money: it is settled on the day of the note, and not overdue.
    settled = Invoice.objects.filter(paid_on=dt.date(2024, 1, 20))
    assert list(settled.values_list("external_id", flat=True)) == ["I-1"]


def test_lines_that_make_no_sense(tmp_path: Path) -> None:
    rows = LINES + (
        "I-9,1,recurring,1,0,S-1,2024-01-01,2024-02-01\n"
        "I-1,1,recurring,100,19,S-9,2024-01-01,2024-02-01\n"
        "I-1,2,recurring,100,19,S-2,2024-01-01,2024-02-01\n"
        "I-1,3,recurring,100,19,S-1,2024-02-01,2024-02-01\n"
        "I-1,4,recurring,100,19,S-1,,\n"
        "I-1,5,one_off,-5,0,,,\n"
        "I-1,6,recurring,100,19,S-1,2024-02-30,2024-03-01\n"
    )
    assert reasons(tmp_path, invoice_lines=rows) == [
        (2, "invoice_id", "invoice 'I-9' is not known"),
        (3, "subscription_id", "subscription 'S-9' is not known"),
        (
            4,
            "subscription_id",
            "subscription 'S-2' is another customer's than invoice 'I-1'",
        ),
        (
            5,
            "ends_on",
            (
                "impossible date: it ends on 2024-02-01, not after it begins on "
                "2024-02-01; the end is the first day that is not paid"
            ),
        ),
        (
            6,
            "begins_on",
            "a recurring line needs both days of its period, others both or none",
        ),
        (7, "amount", "the amount -5 is negative"),
        (
            8,
            "begins_on",
            "'2024-02-30' is not a possible date; expected one like 2024-12-31",
        ),
    ]


def test_credit_notes_are_never_more_than_the_invoice(tmp_path: Path) -> None:
    head = "credit_note_id,invoice_id,issued_on,amount,currency\n"
    rows = head + (
        "N-1,I-1,2024-01-10,60,\nN-2,I-1,2024-01-11,50,\nN-3,I-1,2023-12-31,1,\n"
        "N-4,I-1,2024-01-10,1,USD\nN-5,I-9,2024-01-10,1,\nN-6,I-1,2024-01-10,0,\n"
    )
    assert reasons(tmp_path, credit_notes=rows) == [
        (
            3,
            "amount",
            "the credit notes of invoice 'I-1' sum to 110.00, more than its 100.00",
        ),
        (
            4,
            "issued_on",
            "impossible date: credited on 2023-12-31, before the invoice of 2024-01-01",
        ),
        (5, "currency", "invoice 'I-1' is in EUR, not USD"),
        (6, "invoice_id", "invoice 'I-9' is not known"),
        (7, "amount", "the amount is zero"),
    ]
    (tmp_path / "rejected.csv").unlink()
    more = f"{head}N-7,I-1,2024-01-12,41,\n"
    assert [line for line, *_ in reasons(tmp_path, credit_notes=more)] == [2]
    assert CreditNote.objects.get().amount == 60


def test_refunds_are_never_more_than_the_payment(tmp_path: Path) -> None:
    payments = (
        "payment_id,invoice_id,happened_at,state,amount\nP-1,I-1,2024-01-15,succeeded,119\n"
        "P-2,I-2,2024-02-15,failed,119\n"
    )
    head = "refund_id,payment_id,kind,happened_at,amount,currency\n"
    rows = head + (
        "R-1,P-1,refund,2024-02-01,100,\nR-2,P-1,chargeback,2024-02-02,20,\n"
        "R-3,P-2,refund,2024-02-20,1,\nR-4,P-9,refund,2024-02-20,1,\n"
        "R-5,P-1,refund,2024-01-14,1,\nR-6,P-1,refund,2024-02-01,1,USD\n"
    )
    path = folder(tmp_path, payments=payments, refunds=rows)
    report = load(path)
    assert [entry[1:] for entry in rejected(report)] == [
        (
            3,
            "amount",
            "what went back of payment 'P-1' sums to 120.00, more than its 119.00",
        ),
        (4, "payment_id", "payment 'P-2' failed: nothing came in that could go back"),
        (5, "payment_id", "payment 'P-9' is not known"),
        (
            6,
            "happened_at",
            "impossible date: money went back before payment 'P-1' came",
        ),
        (7, "currency", "payment 'P-1' is in EUR, not USD"),
    ]
    assert list(Refund.objects.values_list("external_id", "kind", "amount")) == [
        ("R-1", "refund", Decimal(100))
    ]
    write(tmp_path, refunds=f"{head}R-1,P-1,refund,2024-02-01,119,\n")
    assert counts(load(path, now=LATER), "refunds") == (0, 1, 0, 0, 0)


def test_purchases_are_of_one_off_products(tmp_path: Path) -> None:
    head = "purchase_id,customer_id,plan,bought_on,amount,invoice_id,quantity\n"
    plans = "plan,kind\nTeam,base\n"
    rows = head + (
        "B-1,C-1,Set-up day,2024-01-05,500,I-1,2\nB-2,C-1,Team,2024-01-05,500,,1\n"
        "B-3,C-9,Set-up day,2024-01-05,500,,1\nB-4,C-2,Set-up day,2024-01-05,500,I-1,1\n"
    )
    assert reasons(tmp_path, plans=plans, purchases=rows) == [
        (3, "plan", "Team is sold by subscription, not once"),
        (4, "customer_id", "customer 'C-9' is not known"),
        (5, "invoice_id", "invoice 'I-1' is another customer's"),
    ]
    bought = Purchase.objects.select_related("plan", "invoice").get()
    assert (bought.plan.kind, bought.quantity) == ("one_off", 2)
    assert bought.invoice is not None
    assert Plan.objects.get(key="team").kind == "base"


def test_an_import_outdates_the_ledger(tmp_path: Path) -> None:
    before = LedgerState.objects.outdate()
    load(folder(tmp_path))
    assert LedgerState.objects.get().whole > before
