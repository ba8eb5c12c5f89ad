"""When subscriptions come up for renewal. Days are counted from 2000-01-01."""

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int32]
EPOCH = np.datetime64("2000-01-01")


def days_to_anniversary(day: int, started: Days, months: Days) -> Days:
    """This will count the days from a day to the end of the period that it lies in.

    Periods of `months` follow each other from `started` on. One that would end on a day
    that its month does not have ends on the month's last day.
    """
    today, begin = EPOCH + np.int64(day), EPOCH + started.astype(np.int64)
    this, first = today.astype("M8[M]"), begin.astype("M8[M]")
    nth, today_nth = (begin - first).astype(int), (today - this).astype(int)
    whole = (this - first).astype(int) - (today_nth < nth)
    end = first + (whole // months + 1) * months
    length = ((end + 1).astype("M8[D]") - end.astype("M8[D]")).astype(int)
    due = end.astype("M8[D]") + np.minimum(nth, length - 1)
    days: Days = (due - today).astype(np.int32)
    return days
