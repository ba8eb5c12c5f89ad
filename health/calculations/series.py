"""Stored days as an even line: a value for each day between the first and the last."""

import datetime as dt
import itertools
from collections.abc import Sequence

NAN = float("nan")
# Stored days further apart than this are not joined.
MOST_APART = 31

Day = tuple[dt.date, float | None]


def day_series(points: Sequence[Day], *, first: dt.date, last: dt.date) -> list[float]:
    """This will return a value for every day from `first` to `last`, NaN where none is.

    Between two stored days that follow each other the line is straight: days are thinned
    with time. A stored day without a value breaks it. `points` are in order.
    """
    values = [NAN] * ((last - first).days + 1)
    for day, value in points:
        if value is not None and first <= day <= last:
            values[(day - first).days] = value
    for (start, low), (end, high) in itertools.pairwise(points):
        apart = (end - start).days
        if low is None or high is None or not 0 < apart <= MOST_APART:
            continue
        for step in range(1, apart):
            place = (start - first).days + step
            if 0 <= place < len(values):
                values[place] = low + (high - low) * step / apart
    return values
