"""Versions learnt earlier, tried on the days that came after them."""

from dataclasses import dataclass

import numpy as np

from health.calculations.accuracy.drift import InTheLarge, in_the_large
from health.calculations.accuracy.groups import Area
from health.calculations.accuracy.ranking import auc
from health.calculations.accuracy.report import verdict
from health.calculations.accuracy.resampling import cases_of, ranges
from health.calculations.churn.grid import apart
from health.calculations.churn.model import ChurnModel
from health.calculations.landmarks import Landmarks

# Rows beyond so many are left out by lot.
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Learnt:
    """A version that is in use, or was: what it learnt, and until which day."""

    number: int
    day: int  # since 2000-01-01
    model: ChurnModel


@dataclass(frozen=True, slots=True)
class VersionLine:
    """How it did on days after it was learnt: it cannot have seen what it was asked."""

    number: int
    day: int
    cases: int
    leavers: int
    ranked: Area
    level: InTheLarge | None


def version_line(
    rows: Landmarks, version: Learnt, *, horizon: int, seed: int, resamples: int
) -> VersionLine | None:
    """This will try a version on later days whose window is over; None where none is.

    None too where the features are others by now. Cost: one scoring.
    """
    later = rows.known_for(horizon) & (rows.day >= version.day)
    days = apart(rows.day[later], horizon=horizon)
    places = np.flatnonzero(later & np.isin(rows.day, days))
    if not len(places) or rows.names != version.model.design.names:
        return None
    if len(places) > MOST:
        places = np.random.default_rng(seed).choice(places, MOST, replace=False)
    tried = rows.chosen(places)
    p, cases = version.model.score(tried).p, cases_of(tried, horizon)
    (found,) = ranges(
        [auc(p, cases.left, cases.day)], cases.customer, seed=seed, resamples=resamples
    )
    leavers = int(cases.left.sum())
    # The newest day alone: a customer that stayed stands once for every day, a leaver's
    # last row once, so the last rows of all would hold too many leavers.
    last = cases.day == cases.day.max()
    return VersionLine(
        version.number,
        version.day,
        len(cases),
        leavers,
        Area(found, verdict(found, leavers)),
        in_the_large(p[last], cases.left[last]),
    )
