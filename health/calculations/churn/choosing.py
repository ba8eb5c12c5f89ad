"""Which method the events allow, and why."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from health.calculations.landmarks import Landmarks

# About ten events a coefficient that matters: under it the bands of the score know more.
ENOUGH = 50


class Method(StrEnum):
    """Where a chance of leaving comes from."""

    PRIOR = "prior"  # the scorecard's assumption: nothing was observed
    BANDS = "bands"  # the observed rate of the score's band, pulled to the whole
    LOGISTIC = "logistic"  # a regression on this installation's past
    TREES = "trees"  # boosted trees, where they were clearly better than the regression


# Learnt from single signals, with reasons for each customer.
MODELS = frozenset({Method.LOGISTIC, Method.TREES})


class Reason(StrEnum):
    """Why a method was chosen."""

    NO_HISTORY = "no_history"  # no window of labels is over yet
    NOBODY_LEFT = "nobody_left"
    FEW_LEFT = "few_left"  # fewer than 50
    NOBODY_STAYED = "nobody_stayed"
    ENOUGH_LEFT = "enough_left"


METHODS = {
    Reason.NO_HISTORY: Method.PRIOR,
    Reason.NOBODY_LEFT: Method.BANDS,
    Reason.FEW_LEFT: Method.BANDS,
    Reason.NOBODY_STAYED: Method.BANDS,
    Reason.ENOUGH_LEFT: Method.LOGISTIC,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A method with its reason and what it rests on."""

    method: Method
    reason: Reason
    customers: int  # with a window that is over
    leavers: int  # customers among them


def choose(rows: Landmarks, *, horizon: int) -> Choice:
    """This will choose a method for landmark rows, counting customers and not rows."""
    known = rows.known_for(horizon)
    left = known & rows.left_within(horizon)
    leavers = len(np.unique(rows.customer[left]))
    reason = _reason(bool(known.any()), leavers, bool((known & ~left).any()))
    customers = len(np.unique(rows.customer[known]))
    return Choice(METHODS[reason], reason, customers, leavers)


def _reason(observed: bool, leavers: int, stayed: bool) -> Reason:
    if not observed:
        return Reason.NO_HISTORY
    if not leavers:
        return Reason.NOBODY_LEFT
    if leavers < ENOUGH:
        return Reason.FEW_LEFT
    return Reason.ENOUGH_LEFT if stayed else Reason.NOBODY_STAYED
