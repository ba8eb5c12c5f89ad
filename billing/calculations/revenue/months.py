"""Days and months as numbers: days from 2000-01-01, months from January 1970."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
EPOCH = np.datetime64("2000-01-01", "D")


def month_of(days: Array) -> NDArray[np.int64]:
    """This will return the months that days lie in."""
    return (EPOCH + days.astype(np.int64)).astype("M8[M]").astype(np.int64)


def first_day(months: Array | int) -> NDArray[np.int64]:
    """This will return the first days of months."""
    starts = np.asarray(months, dtype=np.int64).astype("M8[M]").astype("M8[D]")
    return (starts - EPOCH).astype(np.int64)


def last_day(months: Array) -> NDArray[np.int64]:
    """This will return the last days of months."""
    return first_day(np.asarray(months, dtype=np.int64) + 1) - 1


def months_later(days: Array, months: Array) -> NDArray[np.int64]:
    """This will return the same days so many months later; the 31st becomes a last day."""
    month = month_of(days)
    place = days.astype(np.int64) - first_day(month)
    return np.minimum(first_day(month + months) + place, last_day(month + months))
