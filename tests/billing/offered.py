"""Offers of yearly billing on the tests' day."""

import datetime as dt
from decimal import Decimal
from typing import Any

from accounts.actor import Actor
from accounts.models import User
from billing.models import Subscription, YearlyOffer
from billing.selectors.offers import OFFER
from billing.services.offers import OfferValues, offer_make
from common.links import link_token
from tests import world

NOW = world.NOW


def monthly(
    *, owner: User | None = None, mrr: str = "100", language: str = "en"
) -> Subscription:
    """This will save a customer with a main contact who has paid by the month since 15
    March."""
    since = dt.date(2026, 3, 15)
    customer = world.make_customer("Brightwater", owner=owner, since=since)
    world.person(customer, email="mara@example.org", language=language)
    return world.subscribe(customer, since=since, months=1, mrr=mrr)


def offered(
    subscription: Subscription, *, by: User | None = None, **fields: Any
) -> YearlyOffer:
    """This will offer it with 10 % off, for fourteen days."""
    fields.setdefault("discount", Decimal("0.10" if "free_months" not in fields else 0))
    contact = subscription.customer.contacts.get()
    now = fields.pop("now", NOW)
    values = OfferValues(contact=contact, **fields)
    return offer_make(
        subscription=subscription, values=values, by=Actor(user=by), now=now
    )


def url(offer: YearlyOffer) -> str:
    """This will return the address in the mail."""
    return f"/offer/{link_token(OFFER, offer.pk)}"
