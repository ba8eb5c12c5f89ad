"""Who looks after whom."""

from collections import Counter
from dataclasses import replace

import numpy as np

from demo.calculations.customers import Customer
from demo.calculations.draws import pick_weighted, stream
from demo.calculations.lives import History
from demo.texts.places import COUNTRIES
from demo.texts.team import OWNERS, SPEAKS

TROUBLED = 60


def portfolios_dealt(
    seed: int, customers: list[Customer], history: History
) -> list[Customer]:
    """This will give every customer an owner who fits its country.

    The worst are dealt out first and evenly, the biggest of them before the small, so
    that everybody who tries the demo finds a morning's work that matters in the own
    portfolio. Branches stay with their parent's owner.
    """
    rng = stream(seed, "portfolios")
    here = np.array([life.left is None for life in history.lives])
    # Those who have left come last.
    order = np.argsort(np.where(here, history.engagement[-1], np.inf), kind="stable")
    troubled = sorted(order[:TROUBLED], key=lambda one: (-_worth(customers[one]), one))
    order = np.array([*troubled, *order[TROUBLED:]])
    owners: dict[str, str] = {}
    dealt: Counter[str] = Counter()
    for rank, index in enumerate(order):
        customer = customers[index]
        fitting = OWNERS[customer.country]
        owner = pick_weighted(rng, fitting)
        if rank < TROUBLED:
            owner = min(
                fitting, key=lambda one: (dealt[one] / fitting[one] ** 0.5, one)
            )
            dealt[owner] += 1
        owners[customer.id] = owner
    return [_owned(one, owners[one.parent or one.id]) for one in customers]


def _worth(customer: Customer) -> float:
    """This will return what a customer pays a month at its first seats and price."""
    return customer.seats * customer.seat_price


def _owned(customer: Customer, owner: str) -> Customer:
    """This will set the owner, who writes notes in the customer's language or English."""
    language = COUNTRIES[customer.country].language
    notes_in = language if language in SPEAKS[owner] else "en"
    return replace(customer, owner=owner, notes_in=notes_in)
