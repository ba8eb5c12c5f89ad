"""What was published on a day, and what happened in the 90 days after it."""

from dataclasses import dataclass

import numpy as np

from health.calculations.accuracy.drift import Drift, InTheLarge, in_the_large
from health.calculations.accuracy.groups import Area
from health.calculations.accuracy.ranking import auc
from health.calculations.accuracy.report import verdict
from health.calculations.accuracy.resampling import Bools, Ints, ranges
from health.calculations.scoring import Floats

RESAMPLES = 200


@dataclass(frozen=True, slots=True)
class Published:
    """n customers as they were published; NaN where a score was unknown."""

    customer: Ints
    churn: Floats
    score: Floats
    left: Bools  # within the horizon


@dataclass(frozen=True, slots=True)
class LiveDay:
    """One day whose window is over. `customers` are all of the day, also if few were
    drawn to measure it by."""

    day: str  # ISO
    customers: int
    leavers: int
    level: InTheLarge
    chance: Area
    score: Area


@dataclass(frozen=True, slots=True)
class Checked:
    """What is kept of a night's check. `version` is the model's number the drift is of."""

    version: int | None
    drifted: int  # customers looked at
    drifts: tuple[Drift, ...]
    live_on: str  # the day on which `live` was last measured; "" for never
    live: tuple[LiveDay, ...]


def live_day(day: str, published: Published, *, seed: int) -> LiveDay | None:
    """This will hold a day's published chances and scores against who left.

    None where nobody was published. Cost: some hundred passes over the customers.
    """
    if not len(published.churn):
        return None
    return LiveDay(
        day,
        len(published.churn),
        int(published.left.sum()),
        in_the_large(published.churn, published.left),
        _area(published, published.churn, seed),
        _area(published, -published.score, seed),
    )


def _area(published: Published, column: Floats, seed: int) -> Area:
    known = ~np.isnan(column)
    left = published.left[known]
    (found,) = ranges(
        [auc(column[known], left)],
        published.customer[known],
        seed=seed,
        resamples=RESAMPLES,
    )
    return Area(found, verdict(found, int(left.sum())))
