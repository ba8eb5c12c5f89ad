"""Subscriptions with their change logs, invoices, payments and who left."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.models import ExchangeRate
from billing.models import (
    ChurnEvent,
    Invoice,
    Payment,
    Plan,
    Subscription,
    SubscriptionChange,
)
from tests.customers.importing.folder import counts, load, rejected, write
from tests.world import NOW, TODAY

pytestmark = pytest.mark.django_db
SUBS = "subscription_id,customer_id,started_on,ended_on,mrr,seats,renews_on\n"
INVOICES = "invoice_id,customer_id,issued_on,total,subscription_id,mrr\n"
LATER = NOW + dt.timedelta(days=10)


def start_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)


def log(
    subscription: str = "S-1",
) -> list[tuple[str, dt.date, dt.datetime, Decimal, int]]:
    """This will read a change log in the order in which scores read it."""
    return list(
        SubscriptionChange.objects.filter(subscription__external_id=subscription)
        .order_by("effective_on", "id")
        .values_list("kind", "effective_on", "recorded_at", "mrr", "quantity")
    )


def test_a_subscription_becomes_a_start_changes_and_an_end(tmp_path: Path) -> None:
    changes = (
        "subscription_id,effective_on,mrr,seats\nS-1,2024-03-01,150,\nS-1,2024-04-01,160,9\n"
        "S-1,2024-06-01,1,1\nS-1,2023-12-01,1,1\nS-9,2024-03-01,1,1\n"
    )
    folder = write(
        tmp_path,
        subscriptions=f"{SUBS}S-1,C-1,2024-01-01,2024-06-01,100,5,2025-01-01\n",
        subscription_changes=changes,
    )
    report = load(folder)
    days = [dt.date(2024, month, 1) for month in (1, 3, 4, 6)]
    assert log() == [
        ("start", days[0], start_of(days[0]), Decimal("100.00"), 5),
        ("change", days[1], start_of(days[1]), Decimal("150.00"), 5),
        ("change", days[2], start_of(days[2]), Decimal("160.00"), 9),
        ("end", days[3], start_of(days[3]), Decimal("0.00"), 0),
    ]
    ran = "impossible date: the subscription ran from 2024-01-01 to 2024-06-01"
    assert rejected(report) == [
        ("subscription_changes.csv", 4, "effective_on", ran),
        ("subscription_changes.csv", 5, "effective_on", ran),
        (
            "subscription_changes.csv",
            6,
            "subscription_id",
            "subscription 'S-9' is not known",
        ),
    ]


def test_a_later_file_adds_what_changed_and_keeps_the_past(tmp_path: Path) -> None:
    load(write(tmp_path, subscriptions=f"{SUBS}S-1,C-1,2024-01-01,,100,5,2027-01-01\n"))
    before = log()
    folder = write(
        tmp_path, subscriptions=f"{SUBS}S-1,C-1,2024-01-01,,130,5,2027-01-01\n"
    )
    assert counts(load(folder), "subscriptions") == (0, 1, 0, 0, 0)
    changed = [*before, ("change", TODAY, NOW, Decimal("130.00"), 5)]
    assert log() == changed
    assert counts(load(folder, now=LATER), "subscriptions") == (0, 0, 1, 0, 0)
    ended = write(
        tmp_path, subscriptions=f"{SUBS}S-1,C-1,2024-01-01,2026-07-05,130,5,\n"
    )
    assert counts(load(ended, now=LATER), "subscriptions") == (0, 1, 0, 0, 0)
    assert log() == [*changed, ("end", dt.date(2026, 7, 5), LATER, Decimal("0.00"), 0)]


def test_a_later_file_with_another_plan_tells_of_a_change(tmp_path: Path) -> None:
    head = "subscription_id,customer_id,started_on,mrr,plan\n"
    load(write(tmp_path, subscriptions=f"{head}S-1,C-1,2024-01-01,100,Small\n"))
    folder = write(tmp_path, subscriptions=f"{head}S-1,C-1,2024-01-01,100,Large\n")
    assert counts(load(folder), "subscriptions") == (0, 1, 0, 0, 0)
    assert counts(load(folder, now=LATER), "subscriptions") == (0, 0, 1, 0, 0)
    plans = SubscriptionChange.objects.order_by("effective_on").values_list(
        "kind", "effective_on", "plan__name"
    )
    assert list(plans) == [
        ("start", dt.date(2024, 1, 1), "Small"),
        ("change", TODAY, "Large"),
    ]


def test_an_end_in_the_future_is_known_now(tmp_path: Path) -> None:
    load(write(tmp_path, subscriptions=f"{SUBS}S-1,C-1,2024-01-01,2027-01-01,100,,\n"))
    assert log()[1][:3] == ("end", dt.date(2027, 1, 1), NOW)


def test_an_end_on_the_day_of_the_start_stays_the_last_word(tmp_path: Path) -> None:
    load(write(tmp_path, subscriptions=f"{SUBS}S-1,C-1,2024-01-01,2024-01-01,100,,\n"))
    assert [entry[0] for entry in log()] == ["start", "end"]


def test_impossible_lives_and_moved_subscriptions_are_told(tmp_path: Path) -> None:
    load(write(tmp_path, subscriptions=f"{SUBS}S-1,C-1,2024-01-01,,100,,\n"))
    rows = f"{SUBS}S-1,C-2,2024-01-01,,100,,\nS-2,C-2,2024-03-01,2024-02-01,1,,\n"
    assert rejected(load(write(tmp_path, subscriptions=rows))) == [
        (
            "subscriptions.csv",
            2,
            "customer_id",
            "subscription 'S-1' belongs to customer 'C-1'",
        ),
        (
            "subscriptions.csv",
            3,
            "ended_on",
            "impossible date: it ended on 2024-02-01, before it started on 2024-03-01",
        ),
    ]


def test_amounts_come_from_the_invoices_where_subscriptions_tell_none(
    tmp_path: Path,
) -> None:
    invoices = INVOICES + "".join(
        f"I-{month}{name},C-1,2024-{month:02}-15,{mrr},{name},{mrr}\n"
        for name, amounts in {
            "S-1": (10, 10, 12, 12, 9),
            "S-2": (5, 6, 5, 6, 5),
        }.items()
        for month, mrr in enumerate(amounts, start=1)
    )
    subs = f"{SUBS}S-1,C-1,2024-01-01,,,3,\nS-2,C-1,2024-01-01,,70,,\n"
    report = load(write(tmp_path, subscriptions=subs, invoices=invoices))
    first, third, fifth = (dt.date(2024, month, 15) for month in (1, 3, 5))
    begin = dt.date(2024, 1, 1)
    assert first > begin
    assert log() == [
        ("start", begin, start_of(begin), Decimal("10.00"), 3),
        ("change", third, start_of(third), Decimal("12.00"), 3),
        ("change", fifth, start_of(fifth), Decimal("9.00"), 3),
    ]
    assert [(kind, mrr) for kind, _, _, mrr, _ in log("S-2")] == [
        ("start", Decimal("70.00"))
    ]
    assert report.notes == [
        (
            "Subscriptions without an amount: 1 starts and 2 changes of monthly amounts were "
            "taken from the invoices."
        )
    ]
    before = log()
    assert (load(tmp_path, now=LATER).notes, log()) == ([], before)
    write(tmp_path, invoices=f"{invoices}I-6,C-1,2024-06-15,11,S-1,11\n")
    load(tmp_path, now=LATER)
    sixth = dt.date(2024, 6, 15)
    assert log() == [*before, ("change", sixth, start_of(sixth), Decimal("11.00"), 3)]


def test_changes_taken_from_invoices_stay_in_the_plan(tmp_path: Path) -> None:
    rows = "subscription_id,customer_id,started_on,plan\nS-1,C-1,2024-01-01,Big Plan\n"
    invoices = INVOICES + "".join(
        f"I-{month},C-1,2024-{month:02}-15,{mrr},S-1,{mrr}\n"
        for month, mrr in enumerate((10, 12), start=1)
    )
    load(write(tmp_path, subscriptions=rows, invoices=invoices))
    changes = SubscriptionChange.objects.order_by("effective_on", "id")
    assert list(changes.values_list("kind", "mrr", "plan__key")) == [
        ("start", Decimal("10.00"), "big-plan"),
        ("change", Decimal("12.00"), "big-plan"),
    ]


def test_plans_are_made_from_their_names(tmp_path: Path) -> None:
    rows = (
        "subscription_id,customer_id,started_on,plan\nS-1,C-1,2024-01-01,Big Plan\n"
        "S-2,C-1,2024-01-01,big plan\nS-3,C-1,2024-01-01,\n"
    )
    load(write(tmp_path, subscriptions=rows))
    assert list(Plan.objects.values_list("key", "name")) == [("big-plan", "Big Plan")]
    assert Subscription.objects.filter(plan__key="big-plan").count() == 2


def test_a_currency_needs_an_exchange_rate(tmp_path: Path) -> None:
    ExchangeRate.objects.create(
        currency="USD", valid_on=dt.date(2024, 2, 1), rate=Decimal("0.9")
    )
    rows = (
        "invoice_id,customer_id,issued_on,total,currency\nI-1,C-1,2024-01-31,5,USD\n"
        "I-2,C-1,2024-02-01,5,usd\nI-3,C-1,2024-02-01,5,\nI-4,C-1,2024-02-01,5,€\n"
    )
    assert rejected(load(write(tmp_path, invoices=rows))) == [
        (
            "invoices.csv",
            2,
            "currency",
            (
                "there is no exchange rate for USD on or before 2024-01-31; add one in the "
                "company's settings and import again"
            ),
        ),
        ("invoices.csv", 5, "currency", "'€' is not a currency code such as EUR"),
    ]
    currencies = Invoice.objects.order_by("external_id").values_list(
        "currency", flat=True
    )
    assert list(currencies) == ["USD", "EUR"]


def test_invoices_and_payments_know_their_customers(tmp_path: Path) -> None:
    invoices = (
        "invoice_id,customer_id,issued_on,total,due_on,paid_on\n"
        "I-1,C-1,2024-01-01,5,2024-01-15,2024-01-20\nI-2,C-1,2024-01-10,5,2024-01-01,\n"
    )
    payments = (
        "payment_id,invoice_id,happened_at,state,amount\nP-1,I-1,2024-01-20,succeeded,5\n"
        "P-2,I-9,2024-01-20,failed,5\n"
    )
    report = load(write(tmp_path, invoices=invoices, payments=payments))
    assert rejected(report) == [
        (
            "invoices.csv",
            3,
            "due_on",
            "impossible date: due on 2024-01-01, before it was issued on 2024-01-10",
        ),
        ("payments.csv", 3, "invoice_id", "invoice 'I-9' is not known"),
    ]
    payment = Payment.objects.get()
    assert (payment.customer.external_id, payment.currency) == ("C-1", "EUR")
    assert Invoice.objects.get().paid_recorded_at == start_of(dt.date(2024, 1, 20))


def test_an_invoice_paid_later_was_known_by_that_import(tmp_path: Path) -> None:
    head = "invoice_id,customer_id,issued_on,total,paid_on\n"
    load(write(tmp_path, invoices=f"{head}I-1,C-1,2024-01-01,5,\n"))
    load(
        write(tmp_path, invoices=f"{head}I-1,C-1,2024-01-01,5,2024-02-01\n"), now=LATER
    )
    invoice = Invoice.objects.get()
    assert (invoice.paid_on, invoice.paid_recorded_at) == (dt.date(2024, 2, 1), LATER)


def test_churn_is_concluded_where_the_folder_has_no_churn_events(
    tmp_path: Path,
) -> None:
    rows = (
        "subscription_id,customer_id,started_on,ended_on,mrr,is_trial\n"
        "S-1,C-1,2024-01-01,2024-06-01,100,\nS-2,C-1,2024-01-01,2024-08-01,100,\n"
        "S-3,C-2,2024-01-01,2024-06-01,100,\nS-4,C-2,2024-01-01,,100,\n"
        "S-5,C-3,2024-01-01,2024-02-01,0,yes\n"
    )
    customers = "customer_id,name,customer_since\n" + "".join(
        f"C-{number},Name {number},2024-01-01\n" for number in (1, 2, 3)
    )
    report = load(write(tmp_path, customers=customers, subscriptions=rows))
    left = dt.date(2024, 8, 1)
    fields = ("customer__external_id", "left_on", "recorded_at", "recorded_assumed")
    expected = [("C-1", left, start_of(left), True)]
    assert list(ChurnEvent.objects.values_list(*fields)) == expected
    assert report.notes == [
        (
            "The folder tells no churn events: 1 were taken from the day the customer's last "
            "subscription ended."
        )
    ]
    assert load(tmp_path, now=LATER).notes == []
    assert list(ChurnEvent.objects.values_list(*fields)) == expected


def test_churn_events_of_the_file_are_the_only_ones(tmp_path: Path) -> None:
    subs = f"{SUBS}S-1,C-1,2024-01-01,2024-06-01,100,,\n"
    churn = (
        "churn_id,customer_id,left_on,reason\nX-1,C-2,2024-05-01,price\n"
        "X-2,C-2,2024-05-01,price\n"
    )
    report = load(write(tmp_path, subscriptions=subs, churn_events=churn))
    assert [event.external_id for event in ChurnEvent.objects.all()] == ["X-1"]
    assert rejected(report) == [
        (
            "churn_events.csv",
            3,
            "left_on",
            "customer 'C-2' left on 2024-05-01 already in line 2",
        )
    ]
    again = "churn_id,customer_id,left_on\nX-9,C-2,2024-05-01\n"
    assert rejected(load(write(tmp_path, churn_events=again))) == [
        (
            "churn_events.csv",
            2,
            "left_on",
            "customer 'C-2' left on 2024-05-01 already (churn event 'X-1')",
        )
    ]


def discounts() -> list[tuple[str, dt.date, Decimal | None]]:
    """This will read the discounts of the log."""
    return list(
        SubscriptionChange.objects.order_by("effective_on", "id").values_list(
            "kind", "effective_on", "discount"
        )
    )


def test_discounts_stand_in_the_log_as_shares(tmp_path: Path) -> None:
    header = "subscription_id,customer_id,started_on,mrr,discount_percent\n"
    changes = (
        "subscription_id,effective_on,mrr,discount_percent\n"
        "S-1,2024-03-01,150,\nS-1,2024-04-01,160,40\nS-1,2024-05-01,1,100.01\n"
    )
    folder = write(
        tmp_path,
        subscriptions=f"{header}S-1,C-1,2024-01-01,100,12.5\n",
        subscription_changes=changes,
    )
    report = load(folder)
    start, second, third = (dt.date(2024, month, 1) for month in (1, 3, 4))
    told = [
        ("start", start, Decimal("0.1250")),
        ("change", second, Decimal("0.1250")),  # an empty one stays as at the start
        ("change", third, Decimal("0.4000")),
    ]
    assert discounts() == told
    assert rejected(report) == [
        (
            "subscription_changes.csv", 4, "discount_percent",
            "a discount of 100.01 % is more than the price",
        )
    ]  # fmt: skip
    changed = f"{header}S-1,C-1,2024-01-01,100,30\n"
    (tmp_path / "subscription_changes.csv").unlink()
    for _ in range(2):
        load(write(tmp_path, subscriptions=changed), now=LATER)
    assert discounts() == [*told, ("change", LATER.date(), Decimal("0.3000"))]


def test_a_discount_nobody_told_stays_unknown(tmp_path: Path) -> None:
    row = "subscription_id,customer_id,started_on,mrr\nS-1,C-1,2024-01-01,100\n"
    load(write(tmp_path, subscriptions=row))
    assert discounts() == [("start", dt.date(2024, 1, 1), None)]
