"""Two companies' real files, counted here a second time with nothing but csv."""

import csv
import datetime as dt
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from accounts.models import Company
from billing.models import ChurnEvent, Invoice, Subscription, SubscriptionChange
from customers.models import Contact, Customer, SupportTicket, UsageDaily
from surveys.models import Response
from tests.customers.importing.content import content
from tests.customers.importing.folder import counts, load, rejected
from tests.shared import data_folder

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]
EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seconds_of(rows: list[dict[str, str]], *columns: str) -> list[int]:
    """This will give the lines of rows whose columns an earlier row has, too."""
    seen: set[tuple[str, ...]] = set()
    lines = []
    for line, row in enumerate(rows, start=2):
        key = tuple(row[column] for column in columns)
        if key in seen:
            lines.append(line)
        seen.add(key)
    return lines


def test_ravenstack(tmp_path: Path) -> None:
    folder = data_folder("ravenstack")
    options = {
        "mapping": EXAMPLES / "ravenstack" / "mapping.toml",
        "rejected": tmp_path / "rejected.csv",
    }
    report = load(folder, **options)
    subscriptions = table(folder, "ravenstack_subscriptions")
    usage = table(folder, "ravenstack_feature_usage")
    churn = table(folder, "ravenstack_churn_events")
    owner = {row["subscription_id"]: row["account_id"] for row in subscriptions}
    doubled = seconds_of(usage, "usage_id")
    good = [row for line, row in enumerate(usage, start=2) if line not in set(doubled)]
    days: Counter[tuple[str, str]] = Counter()
    features: dict[tuple[str, str], set[str]] = {}
    for row in good:
        key = (owner[row["subscription_id"]], row["usage_date"])
        days[key] += int(row["usage_count"])
        features.setdefault(key, set()).add(row["feature_name"])
    twice = seconds_of(churn, "account_id", "churn_date")

    assert (len(doubled), len(days), len(twice)) == (21, 24_090, 1)
    assert [(t.table, t.created, t.rejected, t.dropped) for t in report.tables] == [
        ("customers", 500, 0, 0),
        ("subscriptions", 5_000, 0, 0),
        ("usage", len(days), len(doubled), 0),
        ("tickets", 2_000, 0, 0),
        ("churn_events", len(churn) - len(twice), len(twice), 0),
    ]
    assert [(file, line) for file, line, _, _ in rejected(report)] == [
        *(("ravenstack_feature_usage.csv", line) for line in doubled),
        *(("ravenstack_churn_events.csv", line) for line in twice),
    ]
    loaded = UsageDaily.objects.values_list(
        "customer__external_id", "day", "events", "features"
    )
    assert {(who, str(day)): (events, seen) for who, day, events, seen in loaded} == {
        key: (events, len(features[key])) for key, events in days.items()
    }
    ends = sum(bool(row["end_date"]) for row in subscriptions)
    kinds = Counter(SubscriptionChange.objects.values_list("kind", flat=True))
    assert kinds == {"start": 5_000, "end": ends}
    total = sum(Decimal(row["mrr_amount"]) for row in subscriptions)
    assert SubscriptionChange.objects.aggregate(all=Sum("mrr"))["all"] == total
    assert Subscription.objects.filter(interval_months=12).count() == sum(
        row["billing_frequency"] == "annual" for row in subscriptions
    )
    tickets = table(folder, "ravenstack_support_tickets")
    escalated = sum(row["escalation_flag"] == "True" for row in tickets)
    assert SupportTicket.objects.filter(escalated_at__isnull=False).count() == escalated
    assert Counter(
        SupportTicket.objects.values_list("satisfaction", flat=True)
    ) == Counter(
        int(float(row["satisfaction_score"])) if row["satisfaction_score"] else None
        for row in tickets
    )
    before = content()
    again = load(folder, **options)
    assert content() == before
    assert {(t.created, t.changed) for t in again.tables} == {(0, 0)}


def test_the_simulated_company(tmp_path: Path) -> None:
    folder = data_folder("sim_saas_seed101")
    options = {
        "mapping": EXAMPLES / "sim_saas_seed101" / "mapping.toml",
        "rejected": tmp_path / "rejected.csv",
    }
    report = load(folder, **options)
    names = ("accounts", "invoices", "usage", "tickets", "nps", "churn")
    accounts, invoices, usage, tickets, nps, churn = (table(folder, n) for n in names)
    later = [row for row in churn if row["month"] == "36"]
    steps = [
        (previous["account"], row["mrr"])
        for previous, row in zip(
            *(lambda s: (s, s[1:]))(
                sorted(invoices, key=lambda r: (int(r["account"]), int(r["month"])))
            ),
            strict=False,
        )
        if previous["account"] == row["account"] and previous["mrr"] != row["mrr"]
    ]
    ticket_total = sum(int(row["tickets"]) for row in tickets)

    assert len(later) == 26
    assert [(t.table, t.created, t.rejected, t.dropped) for t in report.tables] == [
        ("customers", len(accounts), 0, 0),
        ("contacts", len(accounts), 0, 0),
        ("subscriptions", len(accounts), 0, 0),
        ("invoices", len(invoices), 0, 0),
        ("usage", len(usage), 0, 0),
        ("tickets", ticket_total, 0, 0),
        ("survey_responses", len(nps), 0, 0),
        ("churn_events", len(churn) - len(later), 0, len(later)),
    ]
    assert (report.rejected_file, report.newest_day) == (None, dt.date(2024, 12, 31))
    assert (len(steps), ticket_total) == (270, 21_987)
    kinds = Counter(SubscriptionChange.objects.values_list("kind", flat=True))
    assert kinds == {"start": 2_000, "change": 270}
    first = {
        row["account"]: Decimal(row["mrr"])
        for row in sorted(invoices, key=lambda row: -int(row["month"]))
    }
    starts = SubscriptionChange.objects.filter(kind="start")
    assert dict(starts.values_list("customer__external_id", "mrr")) == first
    late = sum(int(row["late"]) for row in invoices)
    overdue = [
        paid - due for due, paid in Invoice.objects.values_list("due_on", "paid_on")
    ]
    assert Counter(gap.days for gap in overdue) == {0: len(invoices) - late, 30: late}
    assert Counter(Customer.objects.values_list("segment__name", flat=True)) == Counter(
        {"0": "Starter", "1": "Business", "2": "Enterprise"}[row["plan"]]
        for row in accounts
    )
    assert SupportTicket.objects.filter(escalated_at__isnull=False).count() == sum(
        int(row["escalated"]) for row in tickets
    )
    sums = UsageDaily.objects.aggregate(Sum("events"), Sum("active_users"))
    assert sums == {
        "events__sum": sum(int(row["events"]) for row in usage),
        "active_users__sum": sum(int(float(row["active_users"])) for row in usage),
    }
    february = UsageDaily.objects.filter(day=dt.date(2024, 2, 29))
    assert set(february.values_list("period_days", flat=True)) == {29}
    assert Contact.objects.filter(is_primary=True).count() == len(accounts)
    assert Response.objects.filter(contact__is_primary=True).count() == len(nps)
    assert ChurnEvent.objects.filter(left_on=dt.date(2024, 12, 1)).count() == sum(
        row["month"] == "35" for row in churn
    )
    assert str(Company.objects.get().gross_margin) == "0.8000"
    assert counts(load(folder, **options), "usage") == (0, 0, len(usage), 0, 0)
