"""What all subscriptions are worth at the ends of days, from the states in force."""

import numpy as np

from billing.calculations.ledger.grouping import first_of, last_of
from billing.calculations.ledger.levels import levels_of
from billing.calculations.ledger.log import Array, Closings, Timeline


def timeline_closings(told: Timeline, days: Array, *, currencies: int) -> Closings:
    """This will sum what is in force at the end of each of `days` (ascending).

    Each line of the timeline counts on the days from its own to before the next of its
    subscription; who moved, and by what kind, plays no part. O(lines + days · currencies).
    """
    last = last_of(first_of(told.customer, told.subscription))
    begins = np.searchsorted(days, told.day)
    ends = np.where(last, len(days), np.roll(begins, -1))
    grid = np.zeros((len(days) + 1, currencies), np.int64)
    np.add.at(grid, (begins, told.currency), told.worth)
    np.add.at(grid, (ends, told.currency), -told.worth)
    customers, everybody = _paying(told, days, currencies)
    return Closings(days, np.cumsum(grid, axis=0)[:-1], customers, everybody)


def _paying(told: Timeline, days: Array, currencies: int) -> tuple[Array, Array]:
    """This will count customers who pay something: per currency, and at all."""
    levels = levels_of(told)
    places = np.searchsorted(days, levels.day)
    grid = np.zeros((len(days) + 1, currencies), np.int64)
    turn = (levels.before == 0).astype(np.int64) - (levels.after == 0)
    np.add.at(grid, (places, levels.currency), turn)
    once = first_of(levels.customer, levels.day)
    turn = (levels.whole_before == 0).astype(np.int64) - (levels.whole_after == 0)
    line = np.zeros(len(days) + 1, np.int64)
    np.add.at(line, places[once], turn[once])
    return np.cumsum(grid, axis=0)[:-1], np.cumsum(line)[:-1]
