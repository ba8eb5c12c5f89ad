"""The sums of the ledger against plain loops over a made company."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Company, ExchangeRate
from billing.models import (
    ChurnEvent,
    LedgerState,
    Movement,
    RevenueCohort,
    RevenueDay,
    RevenueMonth,
)
from billing.services.ledger import ledger_build
from customers.models import Customer, ProfileChange
from tests import world
from tests.billing.revenue_world import (
    FLOWS,
    Naive,
    euros,
    made_company,
    month_end,
    months,
)

pytestmark = pytest.mark.django_db


def cents(amount: Decimal) -> int:
    return int(amount * 100)


@pytest.fixture
def naive(settings: object) -> Naive:
    settings.LEDGER_PART_CUSTOMERS = 5  # type: ignore[attr-defined] - several ranges
    made_company(7)
    ledger_build(now=world.NOW)
    return Naive.of(world.TODAY)


def test_lines_of_the_ledger(naive: Naive) -> None:
    rows = Movement.objects.order_by("customer_id", "day", "currency")
    assert [
        (row.customer_id, row.day, row.currency, row.kind, cents(row.amount))
        for row in rows
    ] == naive.lines
    assert [cents(row.converted or Decimal(0)) for row in rows] == [
        euros(amount, currency, day) for _, day, currency, _, amount in naive.lines
    ]


def test_days(naive: Naive) -> None:
    for currency in ("EUR", "USD"):
        for row in RevenueDay.objects.filter(currency=currency).order_by("day"):
            paying = [
                naive.at(customer, one, row.day)
                for customer, one in naive.paid
                if one == currency
            ]
            assert cents(row.closing) == sum(paying)
            assert row.customers == sum(amount > 0 for amount in paying)
            moved = defaultdict(int)
            for _, day, one, kind, amount in naive.lines:
                if (day, one) == (row.day, currency):
                    moved[FLOWS[kind - 1]] += amount
            assert [cents(getattr(row, name)) for name in FLOWS] == [
                moved[name] for name in FLOWS
            ]
    first = min(day for _, day, *_ in naive.lines)
    days = RevenueDay.objects.filter(currency="")
    assert days.count() == (world.TODAY - first).days + 1
    assert days.order_by("-day")[0].day == world.TODAY


def test_days_converted(naive: Naive) -> None:
    others = defaultdict(int)
    for row in RevenueDay.objects.exclude(currency=""):
        others[row.day] += euros(cents(row.closing), row.currency, row.day)
    rows = RevenueDay.objects.filter(currency="").order_by("day")
    assert {row.day: cents(row.closing) for row in rows} == others
    for row in rows:
        mine = [line for line in naive.lines if line[1] == row.day]
        assert cents(row.churn) == sum(
            euros(line[4], line[2], row.day) for line in mine if line[3] == 5
        )
        counted = {
            kind: {line[0] for line in mine if line[3] == kind} for kind in (1, 2, 5)
        }
        assert [row.customers_new, row.customers_back, row.customers_lost] == [
            len(counted[kind]) for kind in (1, 2, 5)
        ]


def value_in(dimension: str, customer: Customer, month: dt.date, naive: Naive) -> str:
    """This will say under what a customer counts in a month."""
    if dimension in {"segment", "stage"}:
        log = ProfileChange.objects.filter(customer=customer).order_by("recorded_at")
        end = month_end(month) + dt.timedelta(days=1)
        known = log.filter(recorded_at__date__lt=end).last() or log.first() or customer
        return str(known.segment_id) if dimension == "segment" else known.stage
    if dimension == "tenure":
        first = min(day for who, day, *_ in naive.lines if who == customer.pk)
        age = (month.year - first.year) * 12 + month.month - first.month
        return max(
            (str(step) for step in (0, 3, 6, 12, 24, 36) if step <= age), key=int
        )
    if dimension == "source":
        return customer.acquisition_source
    return customer.persona if dimension == "persona" else ""


def test_months_by_dimension(naive: Naive) -> None:
    for dimension in ("", "segment", "stage", "source", "persona", "tenure"):
        compare_months(naive, dimension)


def compare_months(naive: Naive, dimension: str) -> None:
    expected: dict[tuple[dt.date, str], dict[str, int]] = defaultdict(
        lambda: defaultdict(int)
    )
    payers = {who for who, _ in naive.paid}
    for customer in Customer.objects.filter(pk__in=payers):
        for month in months():
            begin = month - dt.timedelta(days=1)
            if not any(
                who == customer.pk and day <= month_end(month)
                for who, day, *_ in naive.lines
            ):
                continue
            sums = expected[month, value_in(dimension, customer, month, naive)]
            _stood(sums, naive, customer.pk, begin, month_end(month))
            _moved(sums, naive, customer.pk, month)
    rows = RevenueMonth.objects.filter(dimension=dimension)
    found = {
        (row.month, row.value): {
            name: cents(value)
            if isinstance(value := getattr(row, name), Decimal)
            else value
            for name in NAMES
        }
        for row in rows
    }
    wanted = {
        key: {name: sums[name] for name in NAMES}
        for key, sums in expected.items()
        if any(sums.values())
    }
    if dimension == "":  # What everybody pays is rounded once, not by customer.
        for sums in [*found.values(), *wanted.values()]:
            for name in ("opening", "closing"):
                sums[name] = round(sums[name], -2)
    assert found == wanted


NAMES = (
    "opening", "closing", *FLOWS, "churn_involuntary", "customers_opening",
    "customers_closing", "customers_new", "customers_back", "customers_lost",
    "customers_lost_involuntary", "year_ago", "kept_with_expansion", "kept_without",
)  # fmt: skip


def _stood(
    sums: dict[str, int], naive: Naive, who: int, begin: dt.date, end: dt.date
) -> None:
    opening, closing = naive.own_at(who, begin), naive.own_at(who, end)
    sums["opening"] += opening
    sums["closing"] += closing
    sums["customers_opening"] += opening > 0
    sums["customers_closing"] += closing > 0
    ago_day = month_end(end.replace(year=end.year - 1, day=1))
    ago = naive.own_at(who, ago_day)
    left = any(
        one == who and kind == 5 and ago_day < day <= end
        for one, day, _, kind, _ in naive.lines
    )
    now = 0 if left or not ago else naive.own_at(who, end, ago_day)
    sums["year_ago"] += ago
    sums["kept_with_expansion"] += now
    sums["kept_without"] += min(now, ago)


def _moved(sums: dict[str, int], naive: Naive, who: int, month: dt.date) -> None:
    seen = set()
    for one, day, currency, kind, amount in naive.lines:
        if one != who or day.replace(day=1) != month:
            continue
        converted = euros(amount, currency, day)
        failed = kind == 5 and _departure(who, day) == "involuntary"
        sums[FLOWS[kind - 1]] += converted
        sums["churn_involuntary"] += converted * failed
        if day not in seen:
            seen.add(day)
            names = {1: "customers_new", 2: "customers_back", 5: "customers_lost"}
            if kind in names:
                sums[names[kind]] += 1
            sums["customers_lost_involuntary"] += failed


def _departure(who: int, day: dt.date) -> str | None:
    near = [
        (abs((event.left_on - day).days), -event.left_on.toordinal(), event.kind)
        for event in ChurnEvent.objects.filter(customer_id=who)
        if abs((event.left_on - day).days) <= 45
    ]
    return min(near)[2] if near else None


def test_months_by_reason_hold_all_that_was_lost(naive: Naive) -> None:
    reasons = dict(
        ChurnEvent.objects.values_list("customer_id", "reason").order_by("left_on")
    )
    assert set(reasons.values()) > {""}
    everybody = RevenueMonth.objects.filter(dimension="").order_by("month")
    for row in everybody:
        rows = RevenueMonth.objects.filter(dimension="reason", month=row.month)
        assert sum(one.churn for one in rows) == row.churn
        assert sum(one.customers_lost for one in rows) == row.customers_lost
        assert sum(one.opening for one in rows) == 0
    assert RevenueMonth.objects.filter(dimension="reason", value="price").exists()


def test_cohorts(naive: Naive) -> None:
    won = {}
    for who, day, *_ in naive.lines:
        won.setdefault(who, day.replace(day=1))
    expected = {}
    for cohort in set(won.values()):
        for age, month in enumerate(month for month in months() if month >= cohort):
            paid = [
                naive.own_at(who, month_end(month))
                for who, since in won.items()
                if since == cohort
            ]
            expected[cohort, age] = (sum(one > 0 for one in paid), sum(paid))
    rows = RevenueCohort.objects.all()
    assert {
        (row.cohort, row.age): (row.customers, cents(row.revenue)) for row in rows
    } == expected


def test_the_database_refuses_a_day_that_does_not_add_up(naive: Naive) -> None:
    row = RevenueDay.objects.filter(currency="EUR").order_by("-day")[0]
    row.closing += Decimal("0.01")
    with (
        pytest.raises(IntegrityError, match="billing_revenue_day_adds_up"),
        transaction.atomic(),
    ):
        row.save()
    row = RevenueDay.objects.filter(currency="USD").order_by("-day")[0]
    row.revaluation += 1
    row.closing += 1
    with (
        pytest.raises(IntegrityError, match="billing_revenue_day_no_rates"),
        transaction.atomic(),
    ):
        row.save()


def test_a_currency_without_a_rate_is_left_out_and_said() -> None:
    Company.objects.create(id=1, name="X", currency="EUR")
    late = world.days_ago(20)
    ExchangeRate.objects.create(currency="USD", valid_on=late, rate="0.5")
    customer = world.make_customer()
    world.subscribe(customer, mrr="100", since=world.days_ago(40), currency="USD")
    world.subscribe(world.make_customer(), mrr="30", since=world.days_ago(40))
    ledger_build(now=world.NOW)
    line = Movement.objects.get(customer=customer)
    assert (line.amount, line.converted) == (100, None)
    assert LedgerState.objects.get().rates_missing == ["USD"]
    days = {row.day: row for row in RevenueDay.objects.filter(currency="")}
    assert days[world.days_ago(21)].closing == 30
    assert days[world.days_ago(40)].new == 30
    # From its first rate on it counts, and nobody has moved.
    assert (days[late].closing, days[late].revaluation) == (80, 50)
