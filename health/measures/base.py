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

    key: str
    group: str
    label: Text
    unit: Text
    help: Text
    icon: str
    weight: float
    anchors: tuple[float, float, float, float]
    freshness: Freshness
    read: Callable[[Facts], Reading]
    sentence: Sentence
