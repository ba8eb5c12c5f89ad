"""Subscriptions that came up for renewal, and those that were still there after it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billing.calculations.ledger import Log
from billing.calculations.revenue.months import Array, months_later


@dataclass(frozen=True, slots=True)
class Renewals:
    """Renewals by customer: the day, what was paid before it and what after it, in cents."""

    customer: NDArray[np.int64]
    currency: NDArray[np.int64]
    day: NDArray[np.int64]
    due: NDArray[np.int64]
    kept: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Contracts:
    """What else the lines of a log say: months, days (−1: nobody says) and plans."""

    interval: NDArray[np.int64]
    renews_on: NDArray[np.int64]
    anchored_on: NDArray[np.int64]
    plan: NDArray[np.int64]


def renewals(log: Log, told: Contracts, *, until: int) -> Renewals:
    """This will find the renewals up to and with `until`.

    A line of the log that pays something is up for renewal on the day that it names;
    where it pays for more than a month at a time, also every interval after that day, or
    where it names none after the day its terms are counted from: the subscription's start,
    unless the line says. Kept is what the subscription pays on the day itself.
    """
    interval, renews_on = told.interval, told.renews_on
    size = len(log)
    begins = log.effective_on.astype(np.int64)
    same = np.append(log.subscription[1:] == log.subscription[:-1], False)[:size]
    ends = np.where(same, np.append(begins[1:], 0)[:size], until + 1)
    first = np.append(True, ~same[:-1])[:size]
    start = begins[np.maximum.accumulate(np.where(first, np.arange(size), 0))]
    named = renews_on > begins
    start = np.where(told.anchored_on >= 0, told.anchored_on, start)
    anchor = np.where(named, renews_on, start)
    asked = (log.mrr > 0) & (ends > begins) & (named | (interval > 1))
    line = np.flatnonzero(asked)
    # How many intervals fit at the most; those that fall outside are left out below.
    reach = np.minimum(ends, until) - anchor
    times = np.where(asked, np.maximum(reach // (28 * interval) + 2, 0), 0)[line]
    line = np.repeat(line, times)
    number = np.arange(len(line)) - np.repeat(np.cumsum(times) - times, times)
    # The start itself is no renewal.
    number = number + ~named[line]
    once = (number == 0) | (interval[line] > 1)
    day = months_later(anchor[line], number * interval[line])
    inside = once & (day > begins[line]) & (day <= np.minimum(ends[line], until))
    line, day = line[inside], day[inside]
    return Renewals(
        customer=log.customer[line],
        currency=log.currency[line].astype(np.int64),
        day=day,
        due=log.mrr[line],
        kept=_paid_on(log, line, day),
    )


def _paid_on(log: Log, line: Array, day: Array) -> NDArray[np.int64]:
    """This will return what the subscriptions of lines pay on later days."""
    # Subscriptions stand together but not in order of their numbers: by their places.
    change = log.subscription[1:] != log.subscription[:-1]
    group = np.append(0, np.cumsum(change))[: len(log)]
    span = int(max(log.effective_on.max(initial=0), day.max(initial=0))) + 1
    keys = group * span + log.effective_on
    place = np.searchsorted(keys, group[line] * span + day, side="right") - 1
    return log.mrr[place]


def main_plans(log: Log, plan: Array, *, until: int) -> tuple[Array, Array]:
    """This will return customers (ascending) and the plan each is counted under.

    The one that it pays most for now; of those who pay nothing any more the one paid for
    last. Customers that never paid have none.
    """
    paying = np.flatnonzero((log.mrr > 0) & (log.effective_on <= until))
    begun = np.flatnonzero(log.effective_on <= until)
    last = _lasts(log.subscription, begun)
    now = np.zeros(len(log), dtype=np.bool_)
    now[last] = log.mrr[last] > 0
    lately = _lasts(log.subscription, paying)
    current = now[lately]
    weight = np.where(current, log.mrr[lately], log.effective_on[lately])
    order = np.lexsort((lately, weight, current, log.customer[lately]))
    chosen = lately[order]
    final = np.append(log.customer[chosen][1:] != log.customer[chosen][:-1], True)
    chosen = chosen[final[: len(chosen)]]
    return log.customer[chosen], plan[chosen]


def _lasts(subscription: Array, places: Array) -> Array:
    """This will return the last of the places of each subscription."""
    theirs = subscription[places]
    last = np.append(theirs[1:] != theirs[:-1], True)[: len(places)]
    return np.asarray(places[last])
