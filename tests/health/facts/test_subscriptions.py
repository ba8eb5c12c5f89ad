"""Discount, interval and falls of revenue, over one subscription or many."""

import datetime as dt

import pytest

from accounts.models import ExchangeRate
from billing.models import Plan
from tests import world
from tests.health.facts.frames import end_of, row
from tests.world import TODAY, days_ago

pytestmark = pytest.mark.django_db


def test_nothing_is_known_without_a_subscription() -> None:
    got = row(world.make_customer())
    assert (got["discount"], got["interval_months"], got["downgrade_days"]) == (
        -1, -1, -1,
    )  # fmt: skip


def test_discounts_weigh_as_much_as_they_bring_in() -> None:
    customer = world.make_customer()
    world.subscribe(customer, mrr="300", discount="0.2")
    world.subscribe(customer, mrr="100", discount="0.4")
    world.subscribe(customer, mrr="5000")  # nobody told
    over = world.subscribe(customer, mrr="900", discount="0.9")
    world.change_subscription(over, on=days_ago(3), mrr="0", kind="end")
    assert row(customer)["discount"] == pytest.approx(0.25)


def test_what_is_free_counts_by_head() -> None:
    customer = world.make_customer()
    world.subscribe(customer, mrr="0", discount="1")
    world.subscribe(customer, mrr="0", discount="0.5")
    assert row(customer)["discount"] == pytest.approx(0.75)


def test_a_discount_of_nothing_is_known() -> None:
    customer = world.make_customer()
    subscription = world.subscribe(customer, discount="0")
    assert row(customer)["discount"] == 0
    world.change_subscription(subscription, on=days_ago(9), mrr="900", discount="0.1")
    assert row(customer)["discount"] == pytest.approx(0.1)
    day = days_ago(10)
    assert row(customer, as_of=day, known=end_of(day))["discount"] == 0


def test_the_interval_is_that_of_the_biggest_subscription() -> None:
    customer = world.make_customer()
    ExchangeRate.objects.create(currency="USD", valid_on=days_ago(900), rate="0.5")
    world.subscribe(customer, mrr="100", months=1)
    world.subscribe(customer, mrr="150", months=3, currency="USD")
    assert row(customer)["interval_months"] == 1
    biggest = world.subscribe(customer, mrr="900", months=12)
    assert row(customer)["interval_months"] == 12
    world.change_subscription(biggest, on=days_ago(1), mrr="0", kind="end")
    assert row(customer)["interval_months"] == 1


def test_the_plan_is_what_the_log_said_by_the_day() -> None:
    customer = world.make_customer()
    small, _ = Plan.objects.get_or_create(key="small", defaults={"name": "Small"})
    large, _ = Plan.objects.get_or_create(key="large", defaults={"name": "Large"})
    assert row(customer)["plan_id"] == 0
    subscription = world.subscribe(customer, mrr="300", plan=small)
    world.subscribe(customer, mrr="10", plan=large)
    world.change_subscription(subscription, on=days_ago(9), mrr="900", plan=large)
    assert row(customer)["plan_id"] == large.pk
    day = days_ago(10)
    assert row(customer, as_of=day, known=end_of(day))["plan_id"] == small.pk


def test_the_soonest_renewal_counts() -> None:
    customer = world.make_customer()
    world.subscribe(customer, renews_on=TODAY + dt.timedelta(days=40))
    world.subscribe(customer, renews_on=TODAY + dt.timedelta(days=9))
    world.subscribe(customer, months=1)
    # Given too long ago: the next anniversary of the start counts again.
    old = world.subscribe(customer, since=dt.date(2024, 7, 5), renews_on=days_ago(90))
    assert row(customer)["renewal_days"] == 5
    world.change_subscription(old, on=days_ago(1), mrr="0", kind="end")
    assert row(customer)["renewal_days"] == 9


def test_revenue_fell_when_a_subscription_did() -> None:
    customer = world.make_customer()
    subscription = world.subscribe(customer, mrr="1000")
    world.change_subscription(subscription, on=days_ago(90), mrr="800")
    world.change_subscription(subscription, on=days_ago(60), mrr="700")
    world.change_subscription(subscription, on=days_ago(30), mrr="900")
    # Neither another subscription that is smaller nor one that ended is a fall.
    world.subscribe(customer, mrr="10", since=days_ago(20))
    ended = world.subscribe(customer, mrr="500", since=days_ago(200))
    world.change_subscription(ended, on=days_ago(5), mrr="0", kind="end")
    assert row(customer)["downgrade_days"] == 60
    day = days_ago(61)
    assert row(customer, as_of=day, known=end_of(day))["downgrade_days"] == 29


def test_falls_of_a_former_life_are_forgotten() -> None:
    customer = world.make_customer()
    subscription = world.subscribe(customer, mrr="1000")
    world.change_subscription(subscription, on=days_ago(90), mrr="800")
    world.leave(customer, days=50)
    world.subscribe(customer, mrr="100", since=days_ago(20))
    assert row(customer)["downgrade_days"] == -1


def test_a_currency_without_a_rate_is_missing_wherever_it_stands() -> None:
    paying = world.make_customer()
    world.subscribe(paying)
    world.invoice(paying, days=40, currency="USD")
    fine = world.make_customer()
    world.invoice(fine, days=40)
    assert row(paying)["rate_missing"] is True
    assert row(fine)["rate_missing"] is False


def test_invoices_add_up_over_currencies() -> None:
    ExchangeRate.objects.create(currency="USD", valid_on=days_ago(900), rate="0.5")
    customer, other = world.make_customer(), world.make_customer()
    world.invoice(customer, days=40, total="100", currency="USD")
    world.invoice(customer, days=70, total="30")
    world.invoice(customer, days=20, total="8", currency="USD", paid_after=None)
    world.invoice(other, days=70, total="70")
    assert row(customer)["earned"] == 80
    assert row(other)["earned"] == 70
