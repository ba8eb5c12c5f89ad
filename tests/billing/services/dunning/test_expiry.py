"""Who pays with a card that expires is told: once, in time, and only where it matters."""

import datetime as dt

import pytest

from billing.enums import Collection, MethodKind
from billing.models import (
    CardNotice,
    DunningPolicy,
    DunningVersion,
    GatewayAccount,
    PaymentMethod,
    Subscription,
)
from billing.services.dunning.expiry import card_notices_queue
from billing.services.dunning.policies import policies_ensure
from customers.models import Customer
from mail.models import OutboxMessage
from tests import world
from tests.billing.dunning_world import DAY, account, card, subscribed
from tests.world import NOW, TODAY

pytestmark = pytest.mark.usefixtures("company")
LAST = TODAY + 30 * DAY


def paying(name: str, *, expires_in: int = 30, **fields: object) -> PaymentMethod:
    """This will save a customer with a subscription and a card that expires."""
    at = GatewayAccount.objects.first() or account()
    customer = world.make_customer(name)
    world.person(customer, email=f"{name}@example.org")
    subscribed(customer, at)
    return card(customer, at, expires_on=TODAY + expires_in * DAY, **fields)


def queue(day: dt.date = TODAY) -> int:
    return card_notices_queue(today=day, now=NOW + (day - TODAY))


def told() -> list[tuple[str, str]]:
    rows = OutboxMessage.objects.order_by("id")
    return [(row.to_email.split("@")[0], row.effect_key.split(":")[-1]) for row in rows]


def test_on_the_thirtieth_and_the_seventh_day_before_and_once() -> None:
    method = paying("a")
    assert queue(TODAY - DAY) == 0
    assert (queue(), queue()) == (1, 0)
    assert [queue(TODAY + days * DAY) for days in range(1, 23)] == [0] * 22
    assert queue(TODAY + 23 * DAY) == 1
    assert [queue(TODAY + days * DAY) for days in range(24, 35)] == [0] * 11
    assert told() == [("a", "30"), ("a", "7")]
    notices = CardNotice.objects.order_by("id").values_list(
        "method", "expires_on", "days_before"
    )
    assert list(notices) == [(method.pk, LAST, 30), (method.pk, LAST, 7)]
    assert OutboxMessage.objects.latest("id").kind == "billing.card_expires"


def test_what_was_missed_is_not_told_late() -> None:
    paying("a", expires_in=5)
    paying("b", expires_in=29)
    assert queue() == 2
    assert sorted(told()) == [("a", "7"), ("b", "30")]


def test_a_card_that_was_renewed_expires_on_another_day() -> None:
    method = paying("a")
    queue()
    PaymentMethod.objects.update(expires_on=LAST + 700 * DAY, changed_at=NOW)
    assert queue(TODAY + 25 * DAY) == 0
    # Two years on it is told again.
    assert queue(LAST + 670 * DAY) == 1
    assert CardNotice.objects.filter(method=method).count() == 2


def nothing_runs(_customer: Customer) -> None:
    Subscription.objects.update(ended_on=TODAY + 3 * DAY)


def another_gateway(_customer: Customer) -> None:
    Subscription.objects.update(gateway=None)


def gateway_collects(_customer: Customer) -> None:
    GatewayAccount.objects.update(collects=False)


def gateway_off(_customer: Customer) -> None:
    GatewayAccount.objects.update(is_on=False)


def not_used(_customer: Customer) -> None:
    PaymentMethod.objects.update(is_default=False)


def taken_away(_customer: Customer) -> None:
    PaymentMethod.objects.update(removed_at=NOW)


def just_entered(_customer: Customer) -> None:
    PaymentMethod.objects.update(changed_at=NOW - DAY, expires_on=TODAY + 20 * DAY)


def no_card(_customer: Customer) -> None:
    PaymentMethod.objects.update(kind=MethodKind.DIRECT_DEBIT)


def nobody_there(customer: Customer) -> None:
    customer.contacts.update(email="")


def policy_off(_customer: Customer) -> None:
    DunningPolicy.objects.update(is_on=False)


@pytest.mark.parametrize(
    "change",
    [
        nothing_runs,
        another_gateway,
        gateway_collects,
        gateway_off,
        not_used,
        taken_away,
        just_entered,
        no_card,
        nobody_there,
        policy_off,
    ],
)
def test_nobody_is_told_where_it_does_not_matter(change: object) -> None:
    policies_ensure(NOW)
    method = paying("a")
    change(method.customer)  # type: ignore[operator]
    assert queue() == 0
    assert not OutboxMessage.objects.exists()


def test_days_are_those_of_the_customers_policy() -> None:
    policies_ensure(NOW)
    special = world.make_customer("x", segment="special").segment
    policy = DunningPolicy.objects.create(
        name="Special", collection=Collection.CHARGE, segment=special, on_since=NOW
    )
    DunningVersion.objects.create(
        policy=policy, number=1, created_at=NOW, notice_days=[60]
    )
    for name, segment in [("usual", None), ("special", special)]:
        method = paying(name, expires_in=50)
        method.customer.segment = segment
        method.customer.save()
    assert queue() == 1
    assert told() == [("special", "60")]
    assert queue(TODAY + 25 * DAY) == 1
    assert told()[1:] == [("usual", "30")]
    policy.is_on = False
    policy.save()
    paying("more", expires_in=10)
    Customer.objects.filter(name="more").update(segment=special)
    assert queue() == 0
