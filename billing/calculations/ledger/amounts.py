"""What a line of the change log is worth. The rules stand in docs/revenue.md."""

import numpy as np

from billing.calculations.conventions import Conventions
from billing.calculations.ledger.grouping import first_of
from billing.calculations.ledger.log import (
    END,
    PAUSED,
    TRIAL,
    UNKNOWN,
    Array,
    Flags,
    Log,
)

# Discounts are told to a hundredth of a percent.
WHOLE = 10_000


def worth_of(log: Log, conventions: Conventions, fresh: Flags) -> Array:
    """This will return what each line is worth by the month, int64 cents.

    `fresh` marks the first line of each subscription. Trials and ends are worth nothing
    under all conventions.
    """
    paused = log.state == PAUSED
    told = _priced(log, conventions, paused)
    nothing = (log.kind == END) | (log.state == TRIAL)
    if conventions.paused == "zero":
        return np.where(nothing | paused, 0, told)
    told = np.where(nothing, 0, told)
    carried = paused & ~nothing & ~fresh & _as_before(log)
    places = np.where(carried, 0, np.arange(len(log)))
    return np.asarray(told[np.maximum.accumulate(places)])


def _as_before(log: Log) -> Flags:
    """This will mark lines that tell no other price than the line before them.

    In a pause the log's net amount is 0. What it was before goes on then: a discount
    taken off the list price once more could be a cent away from it.
    """
    priced = first_of(log.list_mrr, log.discount, log.discount_until)
    return np.asarray((log.list_mrr == UNKNOWN) | ~priced)


def _priced(log: Log, conventions: Conventions, paused: Flags) -> Array:
    """This will return the amounts before trials, pauses and ends are looked at."""
    known = log.list_mrr != UNKNOWN
    share = np.rint(np.maximum(log.discount, 0.0) * WHOLE).astype(np.int64)
    full = np.where(known, log.list_mrr, _before_discount(log.mrr, share))
    net = np.where(paused & known, divided(full * (WHOLE - share), WHOLE), log.mrr)
    if conventions.discounts == "ignored":
        return full
    if conventions.discounts == "lasting_only":
        return np.where(log.discount_until == UNKNOWN, net, full)
    return net


def _before_discount(net: Array, share: Array) -> Array:
    """This will return net/(1 − share); the net amount where all was taken off."""
    partly = (share > 0) & (share < WHOLE)
    return np.where(
        partly, divided(net * WHOLE, np.where(partly, WHOLE - share, 1)), net
    )


def divided(amount: Array, by: Array | int) -> Array:
    """This will divide whole numbers that are not negative, halves up, exactly."""
    return np.asarray((2 * amount + by) // (2 * by))
