"""The ledger follows its log: at once by customer, and the sums by range."""

import datetime as dt
import random
from typing import Any

import pytest

from accounts.models import Company, ExchangeRate
from billing.enums import BuildState, ChangeKind
from billing.models import (
    ConventionDifference,
    ConventionMonth,
    LedgerBuild,
    LedgerPart,
    LedgerState,
    Movement,
    Plan,
    RevenueCohort,
    RevenueDay,
    RevenueMonth,
    Subscription,
)
from billing.models import Conventions as ConventionsRow
from billing.selectors.ledger_terms import ledger_terms
from billing.services.ledger import (
    ledger_build,
    ledger_outdate,
    ledger_refresh,
    ledger_tick,
    ledger_work,
)
from billing.services.ledger.planning import build_start
from customers.models import Customer
from tests import world
from tests.billing.revenue_world import change, made_company

pytestmark = pytest.mark.django_db
SUMS = (RevenueDay, RevenueMonth, RevenueCohort, ConventionMonth, ConventionDifference)


@pytest.fixture(autouse=True)
def small_parts(settings: Any) -> None:
    settings.LEDGER_PART_CUSTOMERS = 4


def everything() -> dict[str, Any]:
    """All rows of the ledger but for their ids."""
    found = {}
    for model in (Movement, *SUMS):
        names = [f.attname for f in model._meta.fields if f.attname != "id"]
        found[model.__name__] = sorted(map(repr, model.objects.values_list(*names)))
    return found


def work(now: dt.datetime = world.NOW) -> LedgerBuild | None:
    """What the tick and a worker do."""
    before = set(LedgerBuild.objects.values_list("pk", flat=True))
    ledger_tick(now=now)
    build = LedgerBuild.objects.exclude(pk__in=before).first()
    if build is not None:
        ledger_work(build_id=build.pk)
        build.refresh_from_db()
    return build


def test_built_twice_it_is_the_same_and_nothing_is_written() -> None:
    made_company(3)
    ledger_build(now=world.NOW)
    first, ids = everything(), set(Movement.objects.values_list("pk", flat=True))
    assert all(len(rows) > 0 for rows in first.values())
    ledger_build(now=world.NOW)
    assert everything() == first
    assert set(Movement.objects.values_list("pk", flat=True)) == ids


@pytest.mark.parametrize("seed", [1, 2])
def test_refreshed_it_is_as_built_anew(seed: int) -> None:
    made_company(seed)
    ledger_build(now=world.NOW)
    rng, plans = random.Random(seed), list(Plan.objects.order_by("pk"))
    subscriptions = list(Subscription.objects.order_by("pk"))
    for _ in range(5):
        one = rng.choice(subscriptions)
        change(rng, one, world.days_ago(rng.randrange(-30, 400)), plans)
        ledger_refresh(customers=[one.customer_id], now=world.NOW)
    newcomer = world.subscribe(world.make_customer(), mrr="77", since=world.days_ago(2))
    ledger_refresh(customers=[newcomer.customer_id], now=world.NOW)
    lines = everything()["Movement"]
    build = work()
    assert build is not None
    assert build.state == BuildState.DONE
    assert everything()["Movement"] == lines
    followed = everything()
    LedgerPart.objects.all().delete()
    for model in (Movement, *SUMS):
        model.objects.all().delete()
    ledger_build(now=world.NOW)
    assert everything() == followed


def test_only_ranges_with_a_change_are_made_anew() -> None:
    customers = made_company(5)
    ledger_build(now=world.NOW)
    untouched = dict(LedgerPart.objects.values_list("first_id", "built"))
    mine = LedgerPart.objects.get(
        first_id__lte=customers[0].pk, last_id__gte=customers[0].pk
    )
    ledger_refresh(customers=[customers[0].pk], now=world.NOW)
    work()
    later = dict(LedgerPart.objects.values_list("first_id", "built"))
    assert len(later) > 2
    assert [first for first in later if later[first] != untouched[first]] == [
        mine.first_id
    ]


def test_a_late_file_changes_the_past_and_it_adds_up_again() -> None:
    Company.objects.create(id=1, name="X", currency="EUR")
    customer = world.make_customer(since=world.days_ago(300))
    subscription = world.subscribe(customer, mrr="100", since=world.days_ago(300))
    ledger_build(now=world.NOW)
    past = world.days_ago(200)
    assert RevenueDay.objects.get(currency="", day=past).closing == 100
    world.change_subscription(
        subscription, on=world.days_ago(250), mrr="70", recorded_at=world.NOW
    )
    ledger_outdate()
    assert work() is not None
    assert RevenueDay.objects.get(currency="", day=past).closing == 70
    moved = RevenueDay.objects.get(currency="", day=world.days_ago(250))
    assert (moved.opening, moved.contraction, moved.closing) == (100, -30, 70)
    assert list(Movement.objects.order_by("day").values_list("after", flat=True)) == [
        100,
        70,
    ]


def test_what_is_booked_for_a_day_to_come_counts_when_it_comes() -> None:
    Company.objects.create(id=1, name="X", currency="EUR", time_zone="Europe/Berlin")
    subscription = world.subscribe(
        world.make_customer(), mrr="100", since=world.days_ago(90)
    )
    tomorrow = world.TODAY + dt.timedelta(days=1)
    world.change_subscription(
        subscription, on=tomorrow, mrr="0", kind=ChangeKind.END, recorded_at=world.NOW
    )
    assert work() is not None
    assert Movement.objects.count() == 1
    # 23:30 in Berlin is still today, 00:30 is tomorrow.
    midnight = dt.datetime(2026, 6, 30, 22, 0, tzinfo=dt.UTC)
    assert work(midnight - dt.timedelta(minutes=30)) is None
    assert work(midnight + dt.timedelta(minutes=30)) is not None
    last = RevenueDay.objects.filter(currency="").order_by("-day")[0]
    assert (last.day, last.churn, last.closing) == (tomorrow, -100, 0)


def test_rates_zone_and_conventions_outdate_it() -> None:
    Company.objects.create(id=1, name="X", currency="EUR")
    world.subscribe(world.make_customer(), mrr="100", currency="USD")
    assert work() is not None
    assert work() is None
    ExchangeRate.objects.create(
        currency="USD", valid_on=world.days_ago(900), rate="0.9"
    )
    assert work() is not None
    assert RevenueDay.objects.filter(currency="").order_by("-day")[0].closing == 90
    Company.objects.update(time_zone="Asia/Tokyo")
    assert work() is not None
    ConventionsRow.objects.create(id=1, preset="own", switches={"paused": "unchanged"})
    assert work() is not None
    # A rate of a day to come says nothing yet.
    ExchangeRate.objects.create(
        currency="USD", valid_on=world.TODAY + dt.timedelta(days=5), rate="0.5"
    )
    assert work() is None


def test_the_conventions_in_force_beside_the_presets() -> None:
    Company.objects.create(id=1, name="X", currency="EUR")
    customer = world.make_customer()
    subscription = world.subscribe(customer, mrr="100", since=world.days_ago(200))
    world.change_subscription(
        subscription,
        on=world.days_ago(10),
        mrr="0",
        kind=ChangeKind.END,
        recorded_at=world.noon(world.days_ago(70)),
    )
    ledger_build(now=world.NOW)
    asked, left = world.days_ago(70).replace(day=1), world.days_ago(10).replace(day=1)
    rows = ConventionDifference.objects.filter(preset="chartmogul").order_by("month")
    assert list(rows.values_list("customer_id", "month", "churn", "closing")) == [
        (customer.pk, asked, -100, -100),
        (customer.pk, left, 100, 0),
    ]
    assert not ConventionDifference.objects.filter(preset="keepwell").exists()
    for preset, month in (("chartmogul", asked), ("keepwell", left)):
        lost = ConventionMonth.objects.filter(preset=preset, customers_lost=1)
        assert list(lost.values_list("month", "churn")) == [(month, -100)]
    now = ConventionMonth.objects.get(preset="keepwell", month=asked)
    assert (now.opening, now.closing) == (100, 100)


def test_two_workers_do_not_both_build() -> None:
    made_company(1)
    terms = ledger_terms(day=world.TODAY)
    build = build_start(terms=terms, now=world.NOW)
    assert build_start(terms=terms, now=world.NOW) == build
    ledger_work(build_id=build.pk, seconds=-1.0)  # Hands on at once.
    # While somebody else holds it nothing happens.
    LedgerBuild.objects.update(lease_until=world.NOW + dt.timedelta(days=4000))
    ledger_work(build_id=build.pk)
    assert not Movement.objects.exists()
    LedgerBuild.objects.update(lease_until=world.NOW)
    ledger_work(build_id=build.pk)
    build.refresh_from_db()
    assert (build.state, build.attempts) == (BuildState.DONE, 2)
    assert Movement.objects.exists()


def test_a_range_that_was_outdated_meanwhile_is_made_again(monkeypatch: Any) -> None:
    customers = made_company(1)
    from billing.services.ledger import working

    reckoned, done = working.range_reckoned, []

    def slowly(*told: Any) -> Any:
        made = reckoned(*told)
        if not done:
            done.append(True)
            ledger_refresh(customers=[customers[0].pk], now=world.NOW)
        return made

    monkeypatch.setattr(working, "range_reckoned", slowly)
    ledger_build(now=world.NOW)
    part = LedgerPart.objects.order_by("first_id")[0]
    assert part.built >= part.changed > 1


def test_what_fails_is_told_and_tried_again_later() -> None:
    made_company(1)
    huge = world.make_customer()
    for _ in range(2):  # More than a line of the ledger can hold.
        world.subscribe(huge, mrr="999999999999.99", since=world.days_ago(5))
    build = work()
    assert build is not None
    assert build.state == BuildState.FAILED
    assert build.reason.startswith("DataError: numeric field overflow")
    assert LedgerState.objects.get().trouble == build.reason
    assert work(world.NOW + dt.timedelta(minutes=5)) is None
    Subscription.objects.filter(customer=huge).delete()
    again = work(world.NOW + dt.timedelta(minutes=31))
    assert again is not None
    assert again.state == BuildState.DONE
    assert LedgerState.objects.get().trouble == ""


def test_a_build_is_given_up_when_its_terms_changed() -> None:
    made_company(1)
    build = build_start(terms=ledger_terms(day=world.TODAY), now=world.NOW)
    ExchangeRate.objects.all().delete()
    ledger_work(build_id=build.pk)
    build.refresh_from_db()
    assert build.state == BuildState.FAILED
    assert not Movement.objects.exists()
    assert work() is not None


def test_new_customers_fill_up_the_last_range() -> None:
    made_company(1, customers=6)
    ledger_build(now=world.NOW)
    made_company_ids = list(
        Customer.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert LedgerPart.objects.count() == 2
    last = world.make_customer()
    ledger_build(now=world.NOW)
    parts = list(
        LedgerPart.objects.order_by("first_id").values_list("first_id", "last_id")
    )
    assert parts == [(0, made_company_ids[3]), (made_company_ids[3] + 1, last.pk)]


def test_a_refresh_asks_as_much_for_one_as_for_many(
    django_assert_max_num_queries: Any,
) -> None:
    customers = made_company(1)
    ledger_build(now=world.NOW)
    ids = [customer.pk for customer in customers]
    for some in (ids[:1], ids):
        Movement.objects.all().delete()
        with django_assert_max_num_queries(20):
            ledger_refresh(customers=some, now=world.NOW)
