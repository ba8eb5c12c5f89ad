"""From when until when a subscription counts for nothing though the log has it run on."""

from dataclasses import dataclass

import numpy as np

from billing.calculations.conventions import Conventions
from billing.calculations.ledger.grouping import FAR, day_key, first_of, numbered
from billing.calculations.ledger.log import (
    DAY_SECONDS,
    END,
    START,
    UNKNOWN,
    Array,
    Columns,
    Gaps,
    Log,
)


@dataclass(frozen=True, slots=True)
class Silences(Columns):
    """Spans of days; they may overlap. Both moments are UNKNOWN where nobody did anything."""

    place: Array  # a line of the log of that subscription
    first: Array  # day
    to: Array  # day, no longer silent
    first_moment: Array
    to_moment: Array


def silences(log: Log, conventions: Conventions, gaps: Gaps | None) -> Silences:
    """This will return the spans that the conventions ask for, none of them empty."""
    parts = [Silences(*np.zeros((5, 0), np.int64))]
    if conventions.churn_on == "cancellation":
        parts.append(cancelled(log))
    if conventions.past_due_days is not None and gaps is not None:
        parts.append(unpaid(log, gaps, conventions.past_due_days))
    found = Silences.joined(parts)
    return found.take(found.first < found.to)


def cancelled(log: Log) -> Silences:
    """This will return the time from each cancellation to the end that it booked.

    It is over sooner where another line for the day of the end was booked: it took the
    cancellation back or booked it for another day. An end that was known when the
    subscription was booked is an agreed term and no cancellation.
    """
    booked = _first_booked(log)
    early = (
        (log.kind == END)
        & (booked != UNKNOWN)
        & (booked // DAY_SECONDS < log.effective_on)
        & (booked > _start_booked(log, booked))
    )
    place = np.flatnonzero(early)
    end, made = log.effective_on[place], booked[place]
    known = log.known_at // DAY_SECONDS
    follows = np.minimum(place + 1, len(log) - 1)
    again = (
        (log.subscription[follows] == log.subscription[place])
        & (log.effective_on[follows] == end)
        & (follows > place)
        & (log.known_at[follows] != UNKNOWN)
        & (known[follows] < end)
    )
    to = np.where(again, known[follows], end)
    return Silences(
        place,
        made // DAY_SECONDS,
        to,
        made,
        np.where(again, log.known_at[follows], UNKNOWN),
    )


def _first_booked(log: Log) -> Array:
    """This will return when what each line says was first booked for its day.

    A line of the same kind for the same day says it again: with other seats the end is
    still the one that was asked for before.
    """
    told = first_of(log.customer, log.subscription, log.effective_on, log.kind)
    first = np.maximum.accumulate(np.where(told, np.arange(len(log)), 0))
    return np.asarray(log.known_at[first])


def _start_booked(log: Log, booked: Array) -> Array:
    """This will return when the start in force at each line was booked.

    The start of its day where that was assumed; without a start, the first line.
    """
    fresh = first_of(log.customer, log.subscription)
    starts = (log.kind == START) | fresh
    last = np.maximum.accumulate(np.where(starts, np.arange(len(log)), 0))
    day = log.effective_on.astype(np.int64) * DAY_SECONDS
    return np.asarray(np.where(booked == UNKNOWN, day, booked)[last])


def unpaid(log: Log, gaps: Gaps, days: int) -> Silences:
    """This will return from when to when an unpaid invoice takes a subscription out.

    From so many days after it was due until the day it was paid, or until the subscription
    is started anew: an old debt says nothing of a new start.
    """
    place = np.flatnonzero(first_of(log.customer, log.subscription))
    order = np.argsort(log.subscription[place])
    ids = log.subscription[place[order]]
    gaps = gaps.take(np.isin(gaps.subscription, ids))
    number = order[np.searchsorted(ids, gaps.subscription)]
    paid = np.where(gaps.paid_on == UNKNOWN, FAR, gaps.paid_on)
    nobody = np.full(len(gaps), UNKNOWN, np.int64)
    return Silences(
        place[number],
        gaps.due_on + days,
        np.minimum(paid, _next_start(log, number, gaps.due_on)),
        nobody,
        nobody,
    )


def _next_start(log: Log, number: Array, after: Array) -> Array:
    """This will return the first day after `after` on which a subscription starts again."""
    numbers = numbered(first_of(log.customer, log.subscription))
    starts = np.flatnonzero(log.kind == START)
    keys = day_key(numbers[starts], log.effective_on[starts])
    found = np.searchsorted(keys, day_key(number, after), side="right")
    there = np.append(numbers[starts], -1)[found] == number
    return np.where(there, np.append(log.effective_on[starts], FAR)[found], FAR)
