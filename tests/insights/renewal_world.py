"""Renewals on the tests' day."""

import datetime as dt
from decimal import Decimal
from typing import Any

from accounts.models import User
from billing.models import RenewalCheckpoint, Subscription, UpcomingRenewal
from customers.models import Customer
from health.models import Board, Standing
from insights.services.renewals import renewals_fill
from tests import world


def renewing(
    name: str, *, days: int, owner: User | None = None, **fields: Any
) -> Subscription:
    """This will save a customer whose yearly contract renews in some days."""
    renews_on = world.TODAY + dt.timedelta(days=days)
    since = renews_on.replace(year=renews_on.year - 2)
    customer = world.make_customer(name, owner=owner, since=since)
    return world.subscribe(customer, since=since, **fields)


def foreseen(customer: Customer, *, stays: float, **fields: Any) -> None:
    """This will let a scored customer stay with a chance of our own."""
    Standing.objects.filter(pk=customer.pk).update(stays=stays, **fields)
    Board.objects.filter(pk=customer.pk).update(
        **{name: value for name, value in fields.items() if name == "band"}
    )


def fill(today: dt.date = world.TODAY, now: dt.datetime = world.NOW) -> None:
    """This will make the table of renewals anew."""
    assert renewals_fill(today=today, now=now, force=True)


def coming(subscription: Subscription) -> UpcomingRenewal:
    """This will return the renewal that is to come."""
    return UpcomingRenewal.objects.get(subscription=subscription, kept__isnull=True)


def checkpoint(
    subscription: Subscription, *, days: int, at: int = 90, **fields: Any
) -> RenewalCheckpoint:
    """This will save a checkpoint of a renewal in some days."""
    return RenewalCheckpoint.objects.create(
        customer=subscription.customer,
        subscription=subscription,
        renews_on=world.TODAY + dt.timedelta(days=days),
        days_before=at,
        noted_at=fields.pop("noted_at", world.NOW),
        chance=fields.pop("chance", 0.9),
        mrr=fields.pop("mrr", Decimal(1000)),
        **fields,
    )
