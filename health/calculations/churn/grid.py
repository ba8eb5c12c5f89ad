"""Which past days teach, and which one is tried.

A window of labels is the `horizon` days after a day. Two days whose windows overlap see
the same departure twice; that is fine for learning (resampling goes by customer), but what
is counted ("of 143 customers …") needs windows that do not overlap.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.accuracy.resampling import Ints
from health.calculations.landmarks import Landmarks

EPOCH = np.datetime64("2000-01-01", "D")


@dataclass(frozen=True, slots=True)
class Grid:
    """Days since 2000-01-01, oldest first."""

    days: tuple[int, ...]  # one a month
    labelled: tuple[int, ...]  # whose window is over today
    test: int | None  # the last of these: the day that is tried
    training: tuple[int, ...]  # whose window was over on that day


@dataclass(frozen=True, slots=True)
class TimeSplit:
    """Rows that teach and rows that are tried, by place; no window reaches past the day."""

    test_day: int
    train: NDArray[np.intp]
    test: NDArray[np.intp]


def month_grid(available: Ints, *, today: int, horizon: int) -> Grid:
    """This will choose one day a month, the last there is, and say what each is good for.

    `available` are the days that can be read, in any order; days after today are left out.
    """
    days = np.unique(np.asarray(available, dtype=np.int64))
    days = days[days <= today]
    months = (EPOCH + days).astype("datetime64[M]")
    last = np.append(months[1:] != months[:-1], True) if len(days) else days == days
    chosen = days[last]
    labelled = chosen[chosen + horizon <= today]
    test = int(labelled[-1]) if len(labelled) else None
    training = labelled[labelled + horizon <= test] if test is not None else labelled
    return Grid(
        tuple(chosen.tolist()), tuple(labelled.tolist()), test, tuple(training.tolist())
    )


def apart(days: Ints, *, horizon: int) -> list[int]:
    """This will choose days whose windows do not overlap, the last one first."""
    chosen: list[int] = []
    for day in np.unique(days)[::-1].tolist():
        if not chosen or day + horizon <= chosen[-1]:
            chosen.append(day)
    return chosen


def split_by_time(rows: Landmarks, *, test_day: int, horizon: int) -> TimeSplit:
    """This will split rows into those whose window was over on a day, and those of the day.

    Rows of the day whose own window is not over cannot be tried and are in neither.
    """
    tried = (rows.day == test_day) & rows.known_for(horizon)
    return TimeSplit(
        test_day,
        np.flatnonzero(rows.labelled_before(test_day, horizon)),
        np.flatnonzero(tried),
    )
