"""What the pages of revenue read: from the sums for everybody, else from customers' rows."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import User
from billing.calculations.conventions import PRESETS
from billing.models import ConventionDifference, Movement
from billing.selectors import revenue
from billing.services.ledger import ledger_build
from customers.models import Customer
from tests import world
from tests.billing.revenue_world import made_company

pytestmark = pytest.mark.django_db
LONG = (dt.date(2020, 1, 1), world.TODAY)
DIMENSIONS = (
    "", "segment", "plan", "stage", "source", "persona", "tenure", "reason", "owner"
)  # fmt: skip


@pytest.fixture
def built(settings: Any, ana: User, charlie: User) -> list[Customer]:
    settings.LEDGER_PART_CUSTOMERS = 5
    customers = made_company(11, owners=(ana, charlie))
    ledger_build(now=world.NOW)
    return customers


def test_everybodys_rows_are_the_sums(built: list[Customer]) -> None:
    everybody = Customer.objects.all()
    for currency in ("", "EUR", "USD"):
        days = revenue.revenue_days(*LONG, currency)
        assert len(days) > 300
        assert revenue.revenue_days(*LONG, currency, customers=everybody) == days
    for dimension in DIMENSIONS:
        months = revenue.revenue_months(*LONG, dimension)
        assert {row.dimension for row in months} == {dimension}
        assert revenue.revenue_months(*LONG, dimension, customers=everybody) == months
    cohorts = revenue.revenue_cohorts(*LONG)
    assert len(cohorts) > 10
    assert revenue.revenue_cohorts(*LONG, customers=everybody) == cohorts
    for preset in PRESETS:
        said = revenue.convention_months(preset, *LONG)
        assert len(said) > 10
        assert revenue.convention_months(preset, *LONG, customers=everybody) == said


def test_a_part_of_the_days_and_months(built: list[Customer]) -> None:
    first, last = dt.date(2026, 2, 10), dt.date(2026, 3, 5)
    mine = Customer.objects.all()
    for customers in (None, mine):
        days = revenue.revenue_days(first, last, customers=customers)
        assert (days[0].day, days[-1].day, len(days)) == (first, last, 24)
        months = revenue.revenue_months(first, last, customers=customers)
        assert [row.month.month for row in months] == [2, 3]
        cohorts = revenue.revenue_cohorts(first, last, customers=customers)
        assert {row.cohort.month for row in cohorts} <= {2, 3}
        said = revenue.convention_months("stripe", first, last, customers=customers)
        assert [row.month.month for row in said] == [2, 3]


def test_one_sees_only_ones_own(
    built: list[Customer], ana: User, charlie: User
) -> None:
    whole = revenue.revenue_days(world.TODAY, world.TODAY)[0]
    parts = []
    for user in (ana, charlie):
        mine = Customer.objects.visible_to(user)
        names = {customer.name for customer in mine}
        lines = revenue.movements_of(*LONG, customers=mine)
        assert {line.customer for line in lines} <= names
        assert len(lines) == Movement.objects.filter(customer__owner=user).count() > 0
        parts.append(revenue.revenue_days(world.TODAY, world.TODAY, customers=mine)[0])
        found = [
            row.customer
            for preset in PRESETS
            for month in range(1, 7)
            for row in revenue.convention_differences(
                preset, dt.date(2026, month, 1), customers=mine
            )
        ]
        assert set(found) <= names
        owner = str(user.pk)
        months = revenue.revenue_months(*LONG, "owner", customers=mine)
        assert {row.value for row in months} == {owner}
        assert months == [
            row for row in revenue.revenue_months(*LONG, "owner") if row.value == owner
        ]
    assert all(part.closing > 0 for part in parts)
    assert sum(part.customers for part in parts) == whole.customers
    assert abs(sum(part.closing for part in parts) - whole.closing) <= 1


def test_lines_are_paged_newest_first(built: list[Customer]) -> None:
    whole = revenue.movements_of(*LONG, limit=1000)
    assert len(whole) == Movement.objects.count()
    assert whole == sorted(whole, key=lambda row: (row.day, row.id), reverse=True)
    found, behind = [], None
    while page := revenue.movements_of(*LONG, behind=behind, limit=7):
        found += page
        behind = (page[-1].day, page[-1].id)
    assert found == whole
    churn = revenue.movements_of(*LONG, kinds=[5], currency="USD", limit=1000)
    assert churn == [row for row in whole if (row.kind, row.currency) == (5, "USD")]
    customer = Customer.objects.get(pk=whole[0].customer_id)
    assert revenue.ledger_of(customer) == [
        row for row in whole if row.customer_id == customer.pk
    ]


def test_differences_are_a_presets_less_what_is_in_force(built: list[Customer]) -> None:
    row = ConventionDifference.objects.order_by("pk")[0]
    found = revenue.convention_differences(row.preset, row.month)
    assert (row.customer_id, row.churn) in {
        (one.customer_id, one.churn) for one in found
    }
    mine = revenue.convention_months("keepwell", *LONG)
    other = revenue.convention_months(row.preset, *LONG)
    moved = {
        one.month: other_one.churn - one.churn
        for one, other_one in zip(mine, other, strict=True)
    }
    told = revenue.convention_differences(row.preset, row.month)
    if {one.currency for one in told} == {"EUR"}:
        assert sum(one.churn for one in told) == moved[row.month]


def test_before_the_first_sums_there_are_no_rows(company: Any) -> None:
    world.subscribe(world.make_customer(), mrr="10")
    everybody = Customer.objects.all()
    for customers in (None, everybody):
        assert revenue.revenue_days(*LONG, customers=customers) == []
        assert revenue.revenue_months(*LONG, customers=customers) == []
        assert revenue.revenue_cohorts(*LONG, customers=customers) == []
        assert revenue.convention_months("stripe", *LONG, customers=customers) == []


def test_queries_do_not_grow(
    built: list[Customer], django_assert_max_num_queries: Any
) -> None:
    for some in (built[:1], built):
        mine = Customer.objects.filter(pk__in=[one.pk for one in some])
        with django_assert_max_num_queries(8):
            revenue.revenue_days(*LONG, customers=mine)
        with django_assert_max_num_queries(11):
            revenue.revenue_months(*LONG, "plan", customers=mine)
        with django_assert_max_num_queries(1):
            revenue.movements_of(*LONG, customers=mine)


def test_every_figure_opens_its_lines(built: list[Customer]) -> None:
    opened = 0
    for dimension in DIMENSIONS[1:]:
        for row in revenue.revenue_months(world.days_ago(200), world.TODAY, dimension):
            lines = revenue.movements_of(
                row.month,
                row.month + dt.timedelta(days=30),
                kinds=[5],
                dimension=dimension,
                value=row.value,
            )
            inside = [line for line in lines if line.day.month == row.month.month]
            assert sum(line.converted or 0 for line in inside) == row.churn
            assert (
                len({(line.customer_id, line.day) for line in inside})
                == row.customers_lost
            )
            opened += bool(inside)
    assert opened > 10
