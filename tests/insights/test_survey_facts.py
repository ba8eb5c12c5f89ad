"""What surveys learn of subscriptions."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Company, ExchangeRate
from billing.enums import ChangeKind
from billing.models import Plan
from customers.models import Customer
from surveys.extension import portfolio_facts
from tests import world
from tests.world import TODAY, days_ago

pytestmark = pytest.mark.django_db


def on_plan(key: str, **fields: object) -> Customer:
    """This will make a customer with a subscription to a plan of its own."""
    customer = world.make_customer()
    plan, _ = Plan.objects.get_or_create(key=key, defaults={"name": key.title()})
    subscription = world.subscribe(customer, **fields)  # type: ignore[arg-type]
    subscription.plan = plan
    subscription.save()
    return customer


def ids(found: object) -> set[int]:
    return {row["customer_id"] for row in found}  # type: ignore[attr-defined]


def test_plans_are_listed_by_name() -> None:
    on_plan("team")
    on_plan("basic")
    assert portfolio_facts().plans() == [("basic", "Basic"), ("team", "Team")]


def test_a_plan_holds_those_whose_subscription_runs_on_the_day() -> None:
    running, other = on_plan("basic"), on_plan("team")
    ended = on_plan("basic")
    world.change_subscription(
        world.Subscription.objects.get(customer=ended),
        kind=ChangeKind.END, on=days_ago(10), mrr="0",
    )  # fmt: skip
    left = on_plan("basic")
    world.leave(left, days=5)
    later = on_plan("basic", since=TODAY + dt.timedelta(days=1))
    facts = portfolio_facts()
    assert ids(facts.on_plans(["basic"], on=TODAY)) == {running.pk}
    assert ids(facts.on_plans(["basic"], on=days_ago(11))) == {
        running.pk, ended.pk, left.pk,
    }  # fmt: skip
    assert ids(facts.on_plans(["basic", "team"], on=TODAY)) == {running.pk, other.pk}
    assert ids(facts.on_plans([], on=TODAY)) == set()
    assert later.pk in ids(facts.on_plans(["basic"], on=TODAY + dt.timedelta(days=1)))


def test_gone_is_who_left_and_did_not_come_back() -> None:
    on_plan("team")
    left = on_plan("team")
    world.leave(left, days=20)
    back = on_plan("team")
    world.leave(back, days=20)
    world.subscribe(back, since=days_ago(10))
    twice = on_plan("team")
    world.leave(twice, days=300)
    world.subscribe(twice, since=days_ago(200))
    world.leave(twice, days=2)
    bare = world.make_customer()
    world.leave(bare, days=0)
    facts = portfolio_facts()
    assert ids(facts.gone(on=TODAY)) == {left.pk, twice.pk, bare.pk}
    assert ids(facts.gone(on=days_ago(15))) == {left.pk, back.pk}
    assert ids(facts.gone(on=days_ago(21))) == set()


def test_a_renewal_is_the_written_date_or_the_end_of_the_interval(
    company: Company,
) -> None:
    written = on_plan("team", renews_on=TODAY + dt.timedelta(days=40))
    counted = on_plan("team", since=dt.date(2025, 8, 15), months=12)
    quarterly = on_plan("team", since=dt.date(2026, 1, 31), months=3)
    stale = on_plan("team", since=dt.date(2024, 7, 10), renews_on=dt.date(2025, 7, 10))
    on_plan("team", months=1)
    gone = on_plan("team", renews_on=TODAY + dt.timedelta(days=40))
    world.leave(gone, days=3)
    soonest = on_plan("team", renews_on=TODAY + dt.timedelta(days=90))
    world.subscribe(soonest, renews_on=TODAY)
    facts = portfolio_facts()
    last = TODAY + dt.timedelta(days=120)
    assert facts.renewals(first=TODAY, last=last) == {
        written.pk: dt.date(2026, 8, 9),
        counted.pk: dt.date(2026, 8, 15),
        quarterly.pk: dt.date(2026, 7, 31),
        stale.pk: dt.date(2026, 7, 10),
        soonest.pk: TODAY,
    }
    assert facts.renewals(first=TODAY, last=TODAY) == {soonest.pk: TODAY}


def test_the_dearest_plan_is_compared_in_one_currency(company: Company) -> None:
    ExchangeRate.objects.create(currency="RON", valid_on=days_ago(900), rate="0.2")
    both = on_plan("local", mrr="2000", currency="RON")
    world.subscribe(both, mrr="500")
    unknown = on_plan("far", mrr="90000", currency="JPY")
    world.subscribe(unknown, mrr="5")
    alone = on_plan("far", mrr="1", currency="JPY")
    none = world.make_customer()
    other = on_plan("basic")
    asked = [both.pk, unknown.pk, alone.pk, none.pk]
    assert portfolio_facts().plan_of(asked, on=TODAY) == {
        both.pk: ("team", "Team"),
        unknown.pk: ("team", "Team"),
        alone.pk: ("far", "Far"),
    }
    assert portfolio_facts().plan_of([other.pk], on=TODAY) == {
        other.pk: ("basic", "Basic")
    }


def test_revenue_is_summed_in_the_companys_currency_or_not_told(
    company: Company,
) -> None:
    ExchangeRate.objects.create(currency="RON", valid_on=days_ago(900), rate="0.2")
    ExchangeRate.objects.create(currency="RON", valid_on=days_ago(-1), rate="9")
    both = on_plan("team", mrr="2000", currency="RON")
    world.subscribe(both, mrr="500")
    partly = on_plan("team", mrr="700")
    world.subscribe(partly, mrr="10", currency="JPY")
    free = on_plan("team", mrr="0")
    left = on_plan("team")
    world.leave(left, days=1)
    other = on_plan("team", mrr="33")
    asked = [both.pk, partly.pk, free.pk, left.pk]
    assert portfolio_facts().revenue_of(asked, on=TODAY) == {both.pk: Decimal(900)}
    assert portfolio_facts().revenue_of([other.pk], on=TODAY) == {other.pk: Decimal(33)}


def test_as_many_queries_for_many_customers_as_for_one(company: Company) -> None:
    def counted() -> int:
        pks = list(Customer.objects.values_list("pk", flat=True))
        facts = portfolio_facts()
        with CaptureQueriesContext(connection) as captured:
            facts.plan_of(pks, on=TODAY)
            facts.revenue_of(pks, on=TODAY)
            facts.renewals(first=TODAY, last=days_ago(-400))
            ids(facts.gone(on=TODAY))
            ids(facts.on_plans(["team"], on=TODAY))
        return len(captured)

    on_plan("team")
    one = counted()
    on_plan("team")
    on_plan("team")
    assert counted() == one
