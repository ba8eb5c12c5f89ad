"""When a source is late.

A source speaks with a rhythm: usage every day, invoices every month. Days of silence
beyond it are lateness, and lateness is about us, not about customers.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Days a source may be silent; None: it is never late. Changed by an administrator.
RHYTHMS: dict[str, int | None] = {"usage": 3, "tickets": 14, "invoices": 45}
# The share of silences that a rhythm should let pass, and how many of them say so.
USUAL, FEWEST = 0.99, 12
# Sources that come along with another one.
ALONG = {"payments": "invoices"}


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source on a day: days since it last spoke (−1: never), and its rhythm."""

    age: int
    rhythm: int | None

    @property
    def late(self) -> int:
        """Days of silence beyond the rhythm; 0 on time, or where nothing ever came."""
        if self.rhythm is None or self.age < 0:
            return 0
        return max(0, self.age - self.rhythm)


def late_days(states: dict[str, SourceState]) -> dict[str, int]:
    """This will return the late sources and their days, those that come along too."""
    late = {key: state.late for key, state in states.items() if state.late}
    for follower, leader in ALONG.items():
        if leader in late:
            late[follower] = late[leader]
    return late


def usual_silence(days: Sequence[dt.date]) -> int | None:
    """This will return how many days 99 of 100 silences between these days lasted at most.

    The days on which a source spoke come in order. Too few of them tell nothing: None.
    The silence that is still on does not count, or lateness would excuse itself.
    """
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days))
    if len(gaps) < FEWEST:
        return None
    return gaps[math.ceil(USUAL * len(gaps)) - 1]
