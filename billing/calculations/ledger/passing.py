"""Customers who come and go within a calendar month, for conventions that ignore them."""

from dataclasses import replace

import numpy as np

from billing.calculations.ledger.grouping import day_key, first_of, numbered
from billing.calculations.ledger.levels import levels_of
from billing.calculations.ledger.log import Array, Timeline

EPOCH = np.datetime64("2000-01-01", "D")


def without_passing(told: Timeline) -> Timeline:
    """This will take out what customers paid between coming and going in one month.

    For such conventions it never was revenue, so the days between lose it too. It counts
    as long as the customer stays: only what is in the timeline is known.
    """
    customer, come, gone = _stays(told)
    passing = _month(come) == _month(gone)
    if not passing.any():
        return told
    begins = day_key(customer[passing], come[passing])
    ends = day_key(customer[passing], gone[passing])
    own = day_key(numbered(first_of(told.customer)), told.day)
    stay = np.searchsorted(begins, own, side="right") - 1
    inside = (stay >= 0) & (own < ends[stay])
    return replace(told, worth=np.where(inside, 0, told.worth))


def _stays(told: Timeline) -> tuple[Array, Array, Array]:
    """This will return (number of the customer, first day, first day without) of stays over.

    A customer's turns are coming, going, coming … in the order of days.
    """
    levels = levels_of(told)
    levels = levels.take(first_of(levels.customer, levels.day))
    turns = levels.take((levels.whole_before == 0) | (levels.whole_after == 0))
    came = turns.whole_before == 0
    over = np.flatnonzero(came[:-1] & ~came[1:])
    ids = told.customer[first_of(told.customer)]
    places = np.argsort(ids)
    number = places[np.searchsorted(ids[places], turns.customer[over])]
    return number, turns.day[over], turns.day[over + 1]


def _month(day: Array) -> Array:
    return np.asarray((EPOCH + day).astype("datetime64[M]"))
