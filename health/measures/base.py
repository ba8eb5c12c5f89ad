"""What a measure is."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.functional import Promise
from numpy.typing import NDArray

from health.calculations.facts import Facts, missing
from health.calculations.scoring import Floats, Freshness

Bools = NDArray[np.bool_]
# What has no age of its own counts as it is, however long ago it began.
ALWAYS = Freshness(full=36_500, half_life=1, maximum=36_500)
Text = str | Promise
# (value, value before, as of) to a sentence in the active language.
Sentence = Callable[[float, float, dt.date], str]


# Where the rows behind measures come from. "profile" is the customer's own row.
SOURCES = (
    "usage",
    "tickets",
    "answers",
    "invoices",
    "payments",
    "subscriptions",
    "interactions",
    "contacts",
    "tasks",
    "profile",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure of n customers: NaN where missing, ages in days."""

    value: Floats
    age: Floats
    before: Floats | None = None
    applies: Bools | None = None


def ageless(column: NDArray[Any]) -> Floats:
    """This will return the age 0 for every customer."""
    return np.zeros(len(column))


def since(days: NDArray[Any], window: float) -> Floats:
    """This will return days since trouble, and the window where there was none in it.

    The window's end is worth 70: the absence of trouble is good, not best.
    """
    gone = missing(days)
    return np.where(np.isnan(gone), window, np.minimum(gone, window))


@dataclass(frozen=True, slots=True)
class Measure:
    """A signal of health, computed from the facts of a day.

    `anchors` run from worst to best. `read` is pure: it sees the facts as of a day and
    nothing else. `sentence` says what was found, in words a customer would accept.
    """

    code: int  # stored with scores; never given to another measure
    key: str
    group: str
    source: str  # where its rows come from: a key of SOURCES
    label: Text
    unit: Text
    help: Text
    icon: str
    weight: float
    anchors: tuple[float, float, float, float]
    freshness: Freshness
    read: Callable[[Facts], Reading]
    sentence: Sentence

    @property
    def rising(self) -> bool:
        """Whether more of it is better."""
        return self.anchors[-1] > self.anchors[0]
