"""What a measure is."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.utils.functional import Promise
from numpy.typing import NDArray

from health.calculations.facts import Facts
from health.calculations.scoring import Floats, Freshness

Bools = NDArray[np.bool_]
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
