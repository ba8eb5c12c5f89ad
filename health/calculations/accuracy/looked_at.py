"""The past days on which all scores are held against what happened, each the same.

With a model these are the days it forecast out of time, with what it said there; without
one all days whose window is over.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.accuracy.probability import probability
from health.calculations.accuracy.resampling import Bools, Cases, cases_of
from health.calculations.churn.calibration import Calibration
from health.calculations.churn.grid import apart
from health.calculations.churn.learners import learner_of
from health.calculations.churn.model import ChurnModel
from health.calculations.churn.threads import one_thread
from health.calculations.churn.validation import (
    MOST_ROWS,
    Lesson,
    forecasts,
    turns_of,
)
from health.calculations.past_frames import PastFrames
from health.calculations.scoring import Floats


@dataclass(frozen=True, slots=True)
class LookedAt:
    """n customers on days whose window is over; `p` (n,) is NaN without a model.

    `counted` are those of days whose windows do not overlap: one departure, one case. The
    others only tell since when somebody was at risk.
    """

    frames: PastFrames
    p: Floats
    counted: Bools
    horizon: int
    customers: int  # before some were drawn by lot

    @property
    def modelled(self) -> bool:
        """Whether there is a model's forecast to look at."""
        return bool(len(self.p)) and not bool(np.isnan(self.p).any())

    @property
    def cases(self) -> Cases:
        """Everybody, with what became of them."""
        return cases_of(self.frames.rows, self.horizon)

    def chosen(self, rows: NDArray[np.bool_]) -> "LookedAt":
        """This will return some of them."""
        return LookedAt(
            self.frames.chosen(rows),
            self.p[rows],
            self.counted[rows],
            self.horizon,
            self.customers,
        )


def looked_at(
    frames: PastFrames, model: ChurnModel | None, *, horizon: int, seed: int
) -> LookedAt:
    """This will choose the rows, and let the model forecast them as it was measured.

    With the seed the model was trained with the forecasts are those of its metrics.
    Customers beyond some 40,000 rows are left out by lot. Cost: with a model one fit for
    each stretch and fold (24), else nothing.
    """
    known = frames.chosen(frames.rows.known_for(horizon))
    customers = len(np.unique(known.rows.customer))
    if model is None:
        drawn = known.chosen(_lot(known.rows.customer, seed))
        p = np.full(len(drawn), np.nan)
    else:
        with one_thread():
            places, eta = _forecast(known, model, horizon=horizon, seed=seed)
        drawn, p = known.chosen(places), probability(_bolder(eta, model.calibration))
    days = drawn.rows.day
    counted = np.isin(days, apart(days, horizon=horizon))
    return LookedAt(drawn, p, counted, horizon, customers)


def _forecast(
    known: PastFrames, model: ChurnModel, *, horizon: int, seed: int
) -> tuple[NDArray[np.intp], Floats]:
    learner = learner_of(strength=model.strength, rounds=model.rounds)

    def forecast(lesson: Lesson) -> Floats:
        return learner(lesson.columns, lesson.left, lesson.customer)(lesson.tried)

    turns = turns_of(known.rows, horizon=horizon, seed=seed)
    return forecasts(known.rows, turns, forecast, horizon=horizon)


def _bolder(eta: Floats, calibration: Calibration) -> Floats:
    """This will turn the slope; the level is left as it was forecast, out of time."""
    middle = calibration.middle
    return np.asarray(middle + calibration.slope * (eta - middle))


def _lot(customer: NDArray[np.int64], seed: int) -> Bools:
    """This will take whole customers by lot, about as many as MOST_ROWS rows."""
    distinct, place = np.unique(customer, return_inverse=True)
    share = MOST_ROWS / max(1, len(customer))
    return np.asarray(np.random.default_rng(seed).random(len(distinct))[place] < share)
