"""Customers as they stood on a past day, and what became of them."""

import datetime as dt

import numpy as np
import pytest

from accounts.models import Company
from billing.enums import ChurnKind
from billing.models import Plan
from customers.models import Customer
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
