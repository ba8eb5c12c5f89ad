"""What each customer pays before and after the days on which something changes."""

from dataclasses import dataclass

import numpy as np

from billing.calculations.ledger.grouping import day_key, first_of, numbered, running
from billing.calculations.ledger.log import Array, Columns, Flags, Timeline


@dataclass(frozen=True, slots=True)
class Levels(Columns):
    """One line per customer, day and currency in which it changes, in that order.

    `whole_before` and `whole_after` add up cents of all currencies: they tell whether a
    customer pays anything, and nothing else.
    """

    customer: Array
    day: Array
    currency: Array
    amount: Array
    before: Array
    after: Array
    whole_before: Array
    whole_after: Array


def levels_of(told: Timeline) -> Levels:
    """This will add up the subscriptions of each customer."""
    place, currency, amount = _steps(told)
    number = numbered(first_of(told.customer))[place]
    day = told.day[place]
    order = np.lexsort((currency, day_key(number, day)))
    number, day, currency = number[order], day[order], currency[order]
    fresh = first_of(number, day, currency)
    moves = sums(amount[order], fresh)
    moved = moves != 0
    rows = np.flatnonzero(fresh)[moved]
    number, day, currency, amount = (
        number[rows],
        day[rows],
        currency[rows],
        moves[moved],
    )
    after = _after(number, currency, amount)
    on_a_day = first_of(number, day)
    whole = sums(amount, on_a_day)
    total = running(whole, first_of(number[on_a_day]))
    which = numbered(on_a_day)
    return Levels(
        told.customer[place[order[rows]]],
        day,
        currency,
        amount,
        after - amount,
        after,
        (total - whole)[which],
        total[which],
    )


def _steps(told: Timeline) -> tuple[Array, Array, Array]:
    """This will return (place in the timeline, currency, amount) of all steps."""
    fresh = first_of(told.customer, told.subscription)
    was = np.where(fresh, 0, np.roll(told.worth, 1))
    came_from = np.where(fresh, told.currency, np.roll(told.currency, 1))
    same = came_from == told.currency
    left = np.flatnonzero(~same)
    places = np.arange(len(told))
    return (
        np.concatenate((places, left)),
        np.concatenate((told.currency, came_from[left])),
        np.concatenate((told.worth - np.where(same, was, 0), -was[left])),
    )


def sums(amount: Array, fresh: Flags) -> Array:
    """This will add up each group that begins at a mark."""
    starts = np.flatnonzero(fresh)
    return np.add.reduceat(amount, starts) if len(starts) else amount[:0]


def _after(number: Array, currency: Array, amount: Array) -> Array:
    """This will run the sums of each customer and currency through the days."""
    order = np.lexsort((currency, number))  # stable: days stay in order
    after = np.empty_like(amount)
    after[order] = running(amount[order], first_of(number[order], currency[order]))
    return after
