"""Offers of yearly billing: who holds which, and what a link opens."""

import datetime as dt

from django.db.models import QuerySet

from accounts.models import User
from billing.enums import OfferState
from billing.models import YearlyOffer
from common.links import link_read

# What the links of offers are for; a link of another purpose opens none.
OFFER = "billing.yearly_offer"


def offer_opened(token: str) -> YearlyOffer | None:
    """This will return the offer of a genuine link, in whatever state. One query."""
    found = link_read(OFFER, token)
    if found is None or found[1] != 1:
        return None
    rows = YearlyOffer.objects.select_related("customer__owner", "subscription__plan")
    offer = rows.select_related("contact").filter(pk=found[0]).first()
    # Whoever was erased or has left answers nothing any more.
    if offer is None or offer.contact is None or offer.contact.left_on is not None:
        return None
    return offer


def offer_state(offer: YearlyOffer, *, now: dt.datetime) -> str:
    """This will return how an offer stands at a moment: open ones run out by themselves."""
    if offer.state == OfferState.OPEN and offer.expires_at <= now:
        return OfferState.EXPIRED
    return offer.state


def offers_of(user: User) -> QuerySet[YearlyOffer]:
    """This will return the offers that a person sees, open ones first, newest first."""
    rows = YearlyOffer.objects.visible_to(user).select_related(
        "customer", "subscription__plan", "contact", "offered_by"
    )
    return rows.order_by("-offered_at", "-pk")
