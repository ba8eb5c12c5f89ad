"""Candidates for yearly billing, and who may be written to."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from django.db.models import Q, QuerySet

from accounts.models import User
from billing.calculations.yearly import (
    Assumptions,
    Terms,
    break_even,
    gain,
    leaving_in_a_year,
)
from billing.enums import OfferState
from billing.models import YearlyCandidate, YearlyOffer
from customers.models import Contact, Customer
from health.models import Board

PAGE_SIZE = 50
OFFERS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A candidate with what an offer would bring.

    `leaves` is the chance of leaving within a year as things are, `even` the highest
    chance of leaving at the year's end at which the offer pays: None where it never does.
    """

    candidate: YearlyCandidate
    board: Board | None
    gain: float
    leaves: float
    even: float | None
    offer: YearlyOffer | None

    @property
    def pays(self) -> bool:
        """Whether it pays even if nobody's mind changes."""
        return self.gain > 0

    @property
    def always(self) -> bool:
        """Whether it pays even if the customer leaves at the year's end for certain."""
        return self.even is not None and self.even >= 1.0


@dataclass(frozen=True, slots=True)
class CandidatesPage:
    """Rows of the list, and where the next page begins ("" for the last one)."""

    rows: list[Reckoned]
    following: str


def candidates_page(
    user: User, *, terms: Terms, assumed: Assumptions, behind: str
) -> CandidatesPage:
    """This will return a page of the candidates a person sees, by the usual offer's gain.

    The gains shown are those of `terms`, reckoned for the rows of the page. Three queries.
    """
    rows = YearlyCandidate.objects.visible_to(user).select_related(
        "customer", "subscription__plan"
    )
    place = _place(behind)
    if place is not None:
        value, pk = place
        rows = rows.filter(Q(gain__lt=value) | Q(pk__gt=pk), gain__lte=value)
    found = list(rows.order_by("-gain", "pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    following = f"{shown[-1].gain!r}~{shown[-1].pk}" if len(found) > PAGE_SIZE else ""
    return CandidatesPage(reckoned(shown, terms, assumed), following)


def _place(text: str) -> tuple[float, int] | None:
    value, _, pk = text.partition("~")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    try:
        read = float(value)
    except ValueError:
        return None
    return (read, int(pk)) if np.isfinite(read) else None


def reckoned(
    rows: list[YearlyCandidate], terms: Terms, assumed: Assumptions
) -> list[Reckoned]:
    """This will reckon an offer for candidates whose sight was checked. Two queries."""
    boards = Board.objects.in_bulk([row.customer_id for row in rows])
    offers = {
        offer.subscription_id: offer
        for offer in YearlyOffer.objects.filter(
            subscription__in=[row.subscription_id for row in rows],
            state=OfferState.OPEN,
        )
    }
    churn = np.array([row.churn for row in rows], dtype=np.float64)
    mrr = np.array([float(row.converted) for row in rows], dtype=np.float64)
    gains = gain(mrr, churn, terms, assumed)
    evens = break_even(churn, terms, assumed)
    leaves = leaving_in_a_year(churn)
    return [
        Reckoned(
            candidate=row,
            board=boards.get(row.customer_id),
            gain=float(gains[place]),
            leaves=float(leaves[place]),
            even=None if np.isnan(evens[place]) else float(evens[place]),
            offer=offers.get(row.subscription_id),
        )
        for place, row in enumerate(rows)
    ]


def offers_shown(user: User, *, now: dt.datetime) -> list[YearlyOffer]:
    """This will return the newest offers that a person sees, open ones first. One query."""
    rows = YearlyOffer.objects.visible_to(user).select_related(
        "customer", "subscription__plan", "contact", "offered_by"
    )
    is_open = Q(state=OfferState.OPEN, expires_at__gt=now)
    found = rows.filter(is_open).order_by("-offered_at", "-pk")
    others = rows.exclude(is_open).order_by("-offered_at", "-pk")
    first = list(found[:OFFERS_SHOWN])
    return first + list(others[: OFFERS_SHOWN - len(first)])


def contacts_to_write(customer: Customer) -> QuerySet[Contact]:
    """This will return the contacts of a customer that a mail can go to."""
    rows = Contact.objects.filter(customer=customer, left_on__isnull=True)
    return rows.exclude(email="").order_by("-is_primary", "name", "pk")
