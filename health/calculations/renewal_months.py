"""In which months ahead a customer can leave, and at which renewal it stands.

Month k ahead of a day is the span from (k − 1) to k months after it. A customer billed by
the month, or not at all, can leave in every month; others in the months of their renewals
only. Renewal t ends the t-th term: t terms paid for make t − 1 renewals.
"""

import numpy as np
from numpy.typing import NDArray

from health.calculations.landmarks import MONTH_DAYS, STAYED, Landmarks

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def term(rows: Landmarks) -> Ints:
    """This will return the months between two moments at which each can leave, (n,)."""
    return np.maximum(rows.interval, 1).astype(np.int64)


def first_renewal(rows: Landmarks) -> Ints:
    """This will return the first month ahead, from 1 on, in which each can leave, (n,).

    From the next renewal known, however far, or else from the tenure.
    """
    months = term(rows)
    days = months * MONTH_DAYS
    until = np.where(rows.renewal >= 0, rows.renewal, days - rows.tenure % days)
    ahead = np.maximum(1, np.ceil(until / MONTH_DAYS)).astype(np.int64)
    return np.where(months == 1, 1, ahead)


def able_to_leave(rows: Landmarks, months: int) -> Bools:
    """This will say in which of the months 1..months each can leave, (n, months)."""
    # In small numbers, which are divided twice as fast.
    first, step = (
        column.astype(np.int32)[:, None] for column in (first_renewal(rows), term(rows))
    )
    ahead = np.arange(1, months + 1, dtype=np.int32) - first
    return np.asarray((ahead >= 0) & (ahead % step == 0))


def renewals_made(rows: Landmarks) -> Ints:
    """This will return how many renewals each has behind it, (n,)."""
    age = np.floor(rows.tenure / MONTH_DAYS) + first_renewal(rows)
    return np.maximum(0, np.round(age / term(rows)).astype(np.int64) - 1)


def month_gone(rows: Landmarks) -> Ints:
    """This will return the month ahead in which each left, (n,); STAYED if none is known.

    Who left between two renewals is counted at the nearest one still ahead: the term was
    paid for, and bookings lag a little behind.
    """
    month = np.ceil(np.maximum(rows.left_after, 1) / MONTH_DAYS)
    first, step = first_renewal(rows), term(rows)
    terms = np.maximum(0, np.round((month - first) / step)).astype(np.int64)
    return np.where(rows.left_after == STAYED, STAYED, first + terms * step)


def months_observed(rows: Landmarks) -> Ints:
    """This will return how many whole months ahead are over and known, (n,)."""
    return np.floor(rows.observed / MONTH_DAYS).astype(np.int64)
