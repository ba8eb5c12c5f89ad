"""Keys to sort and join by, and the hour rule: what was done in one go is one movement."""

import numpy as np

from billing.calculations.ledger.log import DAY_SECONDS, UNKNOWN, Array, Flags

# Room for days before and after 2000-01-01, some 2,800 years of them.
DAYS, DAY_BITS = 1 << 20, 21
MOMENT_BITS = 36
# Later than any day there is.
FAR = DAYS - 1


def first_of(*columns: Array) -> Flags:
    """This will mark the lines in which a column is another than in the line before."""
    marks = np.zeros(len(columns[0]), bool)
    marks[:1] = True
    for column in columns:
        marks[1:] |= column[1:] != column[:-1]
    return marks


def numbered(fresh: Flags) -> Array:
    """This will count the groups that begin at the marks, from 0 on, int64."""
    return np.asarray(np.cumsum(fresh) - 1, np.int64)


def last_of(fresh: Flags) -> Flags:
    """This will mark the last lines of the groups that begin at the marks."""
    marks = np.ones(len(fresh), bool)
    marks[:-1] = fresh[1:]
    return marks


def day_key(number: Array, day: Array) -> Array:
    """This will return int64 that sort by number and then day."""
    return np.asarray((number << DAY_BITS) + day.astype(np.int64) + DAYS)


def day_of(key: Array) -> Array:
    """This will return the day in keys made by `day_key`, int32."""
    return np.asarray((key & ((1 << DAY_BITS) - 1)) - DAYS, np.int32)


def running(amount: Array, fresh: Flags) -> Array:
    """This will add up within each group that begins at a mark."""
    total = np.cumsum(amount)
    begun = (total - amount)[fresh]
    return np.asarray(total - begun[numbered(fresh)])


def joined_days(customer: Array, day: Array, moment: Array, *, minutes: int) -> Array:
    """This will return the days on which changes count once those of one go are joined.

    `moment` is when a change was made, if it took effect on that very day, else UNKNOWN.
    A change counts on the day before if the same customer's last change of that day was
    made within so many minutes before it. Nothing moves further than over one midnight.
    """
    made = np.flatnonzero(moment != UNKNOWN)
    if not len(made):
        return day
    keys = np.sort(_moment_key(customer[made], moment[made]))
    late = made[moment[made] % DAY_SECONDS <= minutes * 60]
    whose, midnight = customer[late], day[late].astype(np.int64) * DAY_SECONDS
    today = _moment_key(whose, midnight)
    last = keys[np.searchsorted(keys, today) - 1]
    earliest = np.maximum(moment[late] - minutes * 60, midnight - DAY_SECONDS)
    joins = (last < today) & (last >= _moment_key(whose, earliest))
    moved = day.copy()
    moved[late[joins]] -= 1
    return moved


def _moment_key(customer: Array, moment: Array) -> Array:
    return np.asarray((customer << MOMENT_BITS) + moment + (1 << (MOMENT_BITS - 1)))
