"""What customers bought that never had a subscription."""

import pytest

from accounts.models import ExchangeRate
from billing.models import Invoice
from customers.models import Customer
from tests import world
from tests.health.facts.frames import end_of, facts, row, row_alone
from tests.world import days_ago, noon

pytestmark = pytest.mark.django_db
NAMES = (
    "subscribed",
    "purchases",
    "first_purchase_days",
    "last_purchase_days",
    "purchase_mean",
)


def bought(customer: Customer, **more: object) -> tuple[object, ...]:
    got = row(customer, **more)
    return tuple(got[name] for name in NAMES)


def test_days_with_purchases_are_counted() -> None:
    """The mean leaves the first day out, as it tells nothing of those who came back."""
    customer = world.make_customer()
    world.invoice(customer, days=100, total="500")
    for total in ("20", "10"):
        world.invoice(customer, days=60, total=total)
    world.invoice(customer, days=8, total="50", paid_after=None)
    assert bought(customer) == (False, 3, 100, 8, 40.0)
    assert row_alone(customer) == row(customer)


def test_who_bought_once_has_no_mean() -> None:
    customer = world.make_customer()
    world.invoice(customer, days=9, total="500")
    assert bought(customer) == (False, 1, 9, 9, 0.0)


def test_an_invoice_of_nothing_is_a_purchase_too() -> None:
    """Somebody with a voucher has come back all the same."""
    customer = world.make_customer()
    world.invoice(customer, days=90, total="40")
    world.invoice(customer, days=9, total="0")
    world.invoice(customer, days=5, total="30")
    assert bought(customer) == (False, 3, 90, 5, 15.0)


def test_a_subscription_of_whatever_day_makes_it_no_buyer() -> None:
    """Known later, or begun later, it does not yet."""
    customer, buyer = world.make_customer(), world.make_customer()
    for one in (customer, buyer):
        for days in (40, 20):
            world.invoice(one, days=days, total="30")
    held = world.subscribe(customer, since=days_ago(10))
    world.change_subscription(held, on=days_ago(5), mrr="0", kind="end")
    assert bought(customer) == (True, 0, -1, -1, 0.0)
    assert bought(buyer) == (False, 2, 40, 20, 30.0)
    day = days_ago(11)
    then = facts(day, end_of(day))
    assert then["subscribed"].tolist() == [False, False]
    assert then["purchases"].tolist() == [2, 2]
    assert then["last_purchase_days"].tolist() == [9, 9]


def test_an_invoice_counts_from_when_it_was_known() -> None:
    customer = world.make_customer()
    for days in (40, 20, 3):
        world.invoice(customer, days=days, total="30")
    Invoice.objects.filter(issued_on=days_ago(20)).update(recorded_at=noon(days_ago(3)))
    day = days_ago(4)
    got = facts(day, end_of(day))
    assert (got["purchases"].tolist(), got["last_purchase_days"].tolist()) == (
        [1],
        [36],
    )
    assert bought(customer) == (False, 3, 40, 3, 30.0)


def test_amounts_are_in_the_companys_currency() -> None:
    ExchangeRate.objects.create(currency="USD", valid_on=days_ago(900), rate="0.5")
    customer, poor = world.make_customer(), world.make_customer()
    world.invoice(customer, days=40, total="10")
    world.invoice(customer, days=20, total="10")
    world.invoice(customer, days=20, total="40", currency="USD")
    world.invoice(poor, days=20, total="40", currency="CHF")
    assert bought(customer) == (False, 2, 40, 20, 30.0)
    assert row(poor)["rate_missing"] is True


def test_the_silence_of_a_late_source_is_not_the_customers() -> None:
    customer = world.make_customer()
    for days in (100, 60):
        world.invoice(customer, days=days)
    assert bought(customer, late={"invoices": 15}) == (False, 2, 85, 45, 1000.0)


def test_few_among_many_are_found_as_well() -> None:
    """They are looked up one by one; nobody else's purchases are taken for theirs."""
    others = [world.make_customer() for _ in range(12)]
    for number, one in enumerate(others):
        world.subscribe(one)
        world.invoice(one, days=30 + number)
    buyer = world.make_customer()
    for days in (90, 50, 20):
        world.invoice(buyer, days=days, total="25")
    assert bought(buyer) == (False, 3, 90, 20, 25.0)
    assert facts()["purchases"].tolist() == [0] * 12 + [3]
    Customer.objects.filter(pk__in=[one.pk for one in others[2:]]).delete()
    assert bought(buyer) == (False, 3, 90, 20, 25.0)
    assert facts()["purchases"].tolist() == [0, 0, 3]
