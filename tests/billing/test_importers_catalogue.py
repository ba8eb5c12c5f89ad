"""plans.csv, prices.csv, bundle_parts.csv, and what subscriptions.csv tells since."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from billing.models import (
    BundlePart,
    Plan,
    PriceVersion,
    Subscription,
    SubscriptionChange,
)
from tests.customers.importing.folder import counts, load, rejected, write
from tests.world import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=10)
PLANS = (
    "plan,product,kind,retired_on\nTeam,Routes,base,\nTracking,Routes,add_on,\n"
    "Team Plus,Routes,bundle,\nSet-up,,one_off,2025-01-01\n"
)
PRICES = (
    "plan,amount,currency,interval_months,valid_on\nTeam,40,,1,2024-01-01\n"
    "Team,42,,1,2025-01-01\nTracking,10,,1,2024-01-01\nTeam Plus,45,,1,2025-01-01\n"
    "Set-up,500,,,2024-01-01\nTeam,40,USD,1,2024-01-01\n"
)


def test_a_catalogue_with_versions_of_prices(tmp_path: Path) -> None:
    parts = "bundle,part,quantity\nTeam Plus,Team,1\nTeam Plus,Tracking,\n"
    folder = write(tmp_path, plans=PLANS, prices=PRICES, bundle_parts=parts)
    report = load(folder)
    assert rejected(report) == [
        (
            "prices.csv",
            7,
            "currency",
            "USD is neither the company's currency nor one with an exchange rate",
        )
    ]
    plans = Plan.objects.order_by("id")
    assert list(plans.values_list("name", "product__key", "kind", "retired_on")) == [
        ("Team", "routes", "base", None),
        ("Tracking", "routes", "add_on", None),
        ("Team Plus", "routes", "bundle", None),
        ("Set-up", None, "one_off", dt.date(2025, 1, 1)),
    ]
    prices = PriceVersion.objects.order_by("id")
    assert list(
        prices.values_list(
            "plan__key", "number", "amount", "currency", "interval_months"
        )
    ) == [
        ("team", 1, Decimal(40), "EUR", 1),
        ("team", 2, Decimal(42), "EUR", 1),
        ("tracking", 1, Decimal(10), "EUR", 1),
        ("team-plus", 1, Decimal(45), "EUR", 1),
        ("set-up", 1, Decimal(500), "EUR", None),
    ]
    assert BundlePart.objects.count() == 2
    again = load(folder, now=LATER)
    tables = ("plans", "prices", "bundle_parts")
    assert [counts(again, name)[:3] for name in tables] == [
        (0, 0, 4),
        (0, 0, 5),
        (0, 0, 2),
    ]


def test_a_bundle_is_cheaper_than_its_parts(tmp_path: Path) -> None:
    dear = PRICES.replace("Team Plus,45", "Team Plus,52")
    parts = "bundle,part\nTeam Plus,Team\nTeam Plus,Tracking\nTeam,team\n"
    report = load(write(tmp_path, plans=PLANS, prices=dear, bundle_parts=parts))
    told = [entry[1:] for entry in rejected(report) if entry[0] == "bundle_parts.csv"]
    reason = "the bundle costs 52.00 EUR, its parts 52.00: a bundle is cheaper than its parts"
    assert told == [
        (2, "bundle", reason),
        (3, "bundle", reason),
        (4, "part", "bundle 'Team' contains itself"),
    ]
    assert not BundlePart.objects.exists()


def test_a_later_price_does_not_make_a_bundle_too_dear(tmp_path: Path) -> None:
    parts = "bundle,part\nTeam Plus,Team\nTeam Plus,Tracking\n"
    load(write(tmp_path, plans=PLANS, prices=PRICES, bundle_parts=parts))
    head = "plan,amount,interval_months,valid_on\n"
    dear = head + "Team Plus,55,1,2026-01-01\nSet-up,600,,2026-01-01\n"
    report = load(write(tmp_path, prices=dear), now=LATER)
    reason = (
        "Team Plus would cost 55.00 EUR from 2026-01-01 on, its parts 52.00: "
        "a bundle is cheaper than its parts"
    )
    assert rejected(report) == [("prices.csv", 2, "amount", reason)]
    # A part that is sold off makes it too dear as well; both together pass.
    cheap = head + "Team,20,1,2026-01-01\n"
    assert len(rejected(load(write(tmp_path, prices=cheap), now=LATER))) == 1
    both = cheap + "Team Plus,25,1,2026-01-01\n"
    assert rejected(load(write(tmp_path, prices=both), now=LATER)) == []
    newest = PriceVersion.objects.filter(valid_on=dt.date(2026, 1, 1)).order_by("id")
    assert [(row.plan.key, row.amount) for row in newest] == [
        ("set-up", Decimal(600)),
        ("team", Decimal(20)),
        ("team-plus", Decimal(25)),
    ]


HEAD = "subscription_id,customer_id,started_on,mrr,list_mrr,discount_until,discount_percent\n"


def log(subscription: str = "S-1") -> list[tuple[Any, ...]]:
    """This will read a change log with what stands before a discount."""
    lines = SubscriptionChange.objects.filter(subscription__external_id=subscription)
    return list(
        lines.order_by("effective_on", "id").values_list(
            "effective_on",
            "action",
            "state",
            "mrr",
            "list_mrr",
            "discount",
            "recorded_at",
        )
    )


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def test_a_discount_ends_on_its_day_where_nothing_is_told_after_it(
    tmp_path: Path,
) -> None:
    rows = HEAD + (
        "S-1,C-1,2024-01-01,80,100,2024-07-01,20\n"
        "S-2,C-1,2024-01-01,90,,2027-01-01,10\n"
        "S-3,C-1,2024-01-01,90,,2024-07-01,10\n"
    )
    changes = "subscription_id,effective_on,mrr\nS-3,2024-08-01,95\n"
    folder = write(tmp_path, subscriptions=rows, subscription_changes=changes)
    report = load(folder)
    start, july = dt.date(2024, 1, 1), dt.date(2024, 7, 1)
    share = Decimal("0.2000")
    expected = [
        (start, "", "active", Decimal(80), Decimal(100), share, midnight(start)),
        (
            july,
            "discount_ended",
            "active",
            Decimal(100),
            Decimal(100),
            None,
            midnight(start),
        ),
    ]
    assert log() == expected
    # One that is still to come is booked for its day, at what the share says.
    assert log("S-2")[1][:5] == (
        dt.date(2027, 1, 1), "discount_ended", "active", Decimal(100), Decimal(100),
    )  # fmt: skip
    # The file knows better where it goes on.
    assert [line[:2] for line in log("S-3")] == [(start, ""), (dt.date(2024, 8, 1), "")]
    assert report.notes == ["Discounts that end: 2 were booked for their day."]
    assert load(folder, now=LATER).notes == []
    assert log() == expected


def test_impossible_discounts(tmp_path: Path) -> None:
    rows = HEAD + (
        "S-1,C-1,2024-01-01,80,70,,\nS-2,C-1,2024-01-01,80,100,2024-01-01,\n"
        "S-3,C-1,2024-01-01,80,,2024-07-01,\n"
    )
    assert [
        entry[1:] for entry in rejected(load(write(tmp_path, subscriptions=rows)))
    ] == [
        (2, "list_mrr", "70.00 before the discount is less than 80.00 after it"),
        (
            3,
            "discount_until",
            "impossible date: the discount ends on 2024-01-01, not after 2024-01-01",
        ),
        (
            4,
            "discount_until",
            "without list_mrr or discount_percent nobody knows what is paid after the discount",
        ),
    ]


def test_trials_and_pauses_are_worth_nothing(tmp_path: Path) -> None:
    rows = (
        "subscription_id,customer_id,started_on,mrr,is_trial,plan\n"
        "S-1,C-1,2024-01-01,100,yes,Team\n"
    )
    changes = (
        "subscription_id,effective_on,mrr,state,action,plan\n"
        "S-1,2024-02-01,100,active,trial_ended,\nS-1,2024-03-01,100,paused,paused,Big\n"
        "S-1,2024-04-01,120,,resumed,\n"
    )
    folder = write(tmp_path, subscriptions=rows, subscription_changes=changes)
    load(folder)
    hundred = Decimal(100)
    assert [line[1:5] for line in log()] == [
        ("", "trial", Decimal(0), hundred),
        ("trial_ended", "active", hundred, None),
        ("paused", "paused", Decimal(0), hundred),
        ("resumed", "active", Decimal(120), None),
    ]
    plans = SubscriptionChange.objects.order_by("effective_on", "id")
    assert list(plans.values_list("plan__name", flat=True)) == [
        "Team",
        "Team",
        "Big",
        "Big",
    ]
    again = load(folder, now=LATER)
    assert counts(again, "subscriptions") == (0, 0, 1, 0, 0)
    assert counts(again, "subscription_changes") == (0, 0, 3, 0, 0)


def test_a_trial_that_a_later_file_calls_paid(tmp_path: Path) -> None:
    head = "subscription_id,customer_id,started_on,mrr,is_trial\n"
    load(write(tmp_path, subscriptions=f"{head}S-1,C-1,2024-01-01,100,yes\n"))
    paid = write(tmp_path, subscriptions=f"{head}S-1,C-1,2024-01-01,100,no\n")
    assert counts(load(paid), "subscriptions") == (0, 1, 0, 0, 0)
    assert [line[2:4] for line in log()] == [
        ("trial", Decimal(0)),
        ("active", Decimal(100)),
    ]
    assert counts(load(paid, now=LATER), "subscriptions") == (0, 0, 1, 0, 0)


def test_add_ons_notice_and_renewal(tmp_path: Path) -> None:
    rows = (
        "subscription_id,customer_id,started_on,mrr,parent_subscription_id,notice_days,"
        "auto_renews\nS-2,C-1,2024-01-01,10,S-1,,\nS-1,C-1,2024-01-01,100,,90,no\n"
        "S-3,C-2,2024-01-01,10,S-1,,\nS-4,C-2,2024-01-01,10,S-4,,\n"
    )
    report = load(write(tmp_path, subscriptions=rows))
    assert [entry[1:] for entry in rejected(report)] == [
        (
            line,
            "parent_subscription_id",
            (
                f"subscription '{own}' cannot belong to '{other}': the customer has no "
                "such other one"
            ),
        )
        for line, own, other in ((4, "S-3", "S-1"), (5, "S-4", "S-4"))
    ]
    fields = ("external_id", "parent__external_id", "notice_days", "auto_renews")
    assert list(Subscription.objects.order_by("external_id").values_list(*fields)) == [
        ("S-1", None, 90, False),
        ("S-2", "S-1", None, True),
    ]
