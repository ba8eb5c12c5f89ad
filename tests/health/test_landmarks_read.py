"""Customers as they stood on a past day, and what became of them."""

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest

from accounts.models import Company
from billing.enums import ChangeKind, ChurnKind
from billing.models import Plan, Subscription
from customers.models import Customer, SupportTicket
from health.calculations.landmarks import STAYED, Landmarks
from health.features import TREND, feature_names, trended
from health.measures import MEASURES
from health.selectors.frame import Moment
from health.selectors.landmarks import landmarks_of
from tests import world
from tests.world import NOW, TODAY, days_ago

pytestmark = pytest.mark.django_db
DAY = days_ago(90)


def rows(company: Company, *, known: dt.datetime = NOW) -> Landmarks:
    night = dt.datetime.combine(DAY + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
    moment = Moment(DAY, night, company.time_zone, company.currency)
    return landmarks_of(moment, first=0, last=2**62, until=TODAY, known_before=known)


def one(company: Company, customer: Customer) -> Landmarks:
    found = rows(company)
    return found.chosen(found.customer == customer.pk)


def test_leaving_is_seen_though_it_came_later(company: Company) -> None:
    stays = world.healthy_customer("Stays")
    leaves = world.healthy_customer("Leaves")
    world.leave(leaves, days=30, kind=ChurnKind.INVOLUNTARY)
    gone = world.healthy_customer("Gone before")
    world.leave(gone, days=200)
    found = rows(company)
    assert found.customer.tolist() == [stays.pk, leaves.pk]
    assert found.left_after.tolist() == [STAYED, 60]
    assert found.involuntary.tolist() == [False, True]
    assert found.observed.tolist() == [90, 90]
    assert found.left_within(59).tolist() == [False, False]
    assert found.left_within(60).tolist() == [False, True]


def test_a_departure_nobody_knew_of_yet_is_none(company: Company) -> None:
    leaves = world.healthy_customer("Leaves")
    world.leave(leaves, days=30)
    early = rows(company, known=NOW - dt.timedelta(days=31))
    assert early.left_after.tolist() == [STAYED]


def test_the_contract_is_that_of_the_day(company: Company) -> None:
    small, _ = Plan.objects.get_or_create(key="small", defaults={"name": "Small"})
    large, _ = Plan.objects.get_or_create(key="large", defaults={"name": "Large"})
    customer = world.make_customer()
    subscription = world.subscribe(customer, mrr="300", plan=small)
    world.change_subscription(subscription, on=days_ago(9), mrr="900", plan=large)
    found = one(company, customer)
    assert (found.plan.tolist(), found.mrr.tolist()) == ([small.pk], [300.0])
    assert found.tenure.tolist() == [730 - 90]
    assert found.interval.tolist() == [12]


def test_features_are_points_and_trends(company: Company) -> None:
    assert feature_names()[: len(MEASURES)] == tuple(MEASURES)
    assert set(feature_names()[len(MEASURES) :]) == {key + TREND for key in trended()}
    assert len(trended()) > 5
    customer = world.make_customer()
    world.subscribe(customer)
    world.open_ticket(customer, days=100)
    world.answer(customer, score=9, days=120)
    world.use(customer, first=150, last=95, users=10, events=50)
    before = one(company, customer).features
    # Nothing of what comes after the day is seen.
    world.use(customer, first=80, users=20, events=500)
    world.answer(customer, score=0, days=10)
    after = one(company, customer).features
    np.testing.assert_array_equal(before, after)
    known = before[np.isfinite(before)]
    assert len(known) > 5, known
    assert known.min() >= -1
    assert known.max() <= 1


KNOWN = ("segment", "plan", "tenure", "interval", "renewal", "mrr", "features")


@pytest.fixture
def watched(company: Company) -> Customer:
    """This will save a customer of whom much is known on the day, and its ticket is open."""
    customer = world.make_customer()
    world.subscribe(customer)
    world.use(customer, first=150, last=95, users=10, events=50)
    world.invoice(customer, days=130)
    world.answer(customer, score=8, days=120)
    world.open_ticket(customer, days=100, hours=None)
    return customer


def resolve_late(customer: Customer) -> None:
    """This will resolve the ticket, unhappily, weeks after the day."""
    late = world.noon(days_ago(60))
    SupportTicket.objects.filter(customer=customer).update(
        resolved_at=late,
        resolved_recorded_at=late,
        satisfaction=1,
        satisfaction_recorded_at=late,
    )


def say_why_it_left(customer: Customer) -> None:
    """This will let a payment fail, and give the reason for going: its money back."""
    owed = world.invoice(customer, days=70, paid_after=None)
    world.failed_payment(owed, days=60)
    world.leave(
        customer, days=50, reason="refund", secondary_reason="the product broke"
    )


def book_the_end(customer: Customer) -> None:
    """This will end the subscription by a cancellation made after the day."""
    world.change_subscription(
        Subscription.objects.get(customer=customer),
        kind=ChangeKind.END,
        on=days_ago(10),
        mrr="0",
        recorded_at=world.noon(days_ago(80)),
    )


@pytest.mark.parametrize("plant", [resolve_late, say_why_it_left, book_the_end])
def test_a_fact_of_later_is_not_seen(
    company: Company, watched: Customer, plant: Callable[[Customer], None]
) -> None:
    before = one(company, watched)
    assert np.isfinite(before.features).sum() > 5
    plant(watched)
    after = one(company, watched)
    for name in KNOWN:
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


def test_a_fact_of_before_would_have_been_seen(
    company: Company, watched: Customer
) -> None:
    """What the test above plants does count where it happened in time."""
    before = one(company, watched)
    early = world.noon(days_ago(95))
    SupportTicket.objects.filter(customer=watched).update(
        resolved_at=early, resolved_recorded_at=early
    )
    seen = one(company, watched)
    assert not np.array_equal(before.features, seen.features, equal_nan=True)
    world.invoice(watched, days=95, total="700", due_in=0, paid_after=None)
    later = one(company, watched)
    assert not np.array_equal(seen.features, later.features, equal_nan=True)
