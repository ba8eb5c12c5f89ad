"""Learning a churn model, step by step."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from health.calculations.accuracy.drift import Reference, reference
from health.calculations.accuracy.probability import probability
from health.calculations.accuracy.resampling import RESAMPLES
from health.calculations.churn import calibration, challenger
from health.calculations.churn.boosting import learn_boosted, with_doubt
from health.calculations.churn.calibration import SLOPE_SPREAD, Calibration
from health.calculations.churn.causes import Causes, learn_causes
from health.calculations.churn.comparables import comparables
from health.calculations.churn.design import Design, learn_design
from health.calculations.churn.learners import learner_of
from health.calculations.churn.logistic import learn, log_odds_of
from health.calculations.churn.measuring import (
    Tried,
    challenged,
    counted,
    measured,
    tried,
)
from health.calculations.churn.metrics import Challenger
from health.calculations.churn.model import ChurnModel, Window
from health.calculations.churn.threads import one_thread
from health.calculations.churn.trees import Boosted
from health.calculations.churn.validation import (
    STRENGTHS,
    Turns,
    UnableToLearn,
    choose_strength,
    turns_of,
)
from health.calculations.landmarks import Landmarks
from health.calculations.scoring import Floats

__all__ = ["HORIZON", "Fitted", "Slope", "UnableToLearn", "fitted", "train"]
HORIZON = 90


@dataclass(frozen=True, slots=True)
class Slope:
    """How much bolder forecasts should be, around which log-odds, and the variance."""

    value: float = 1.0
    variance: float = SLOPE_SPREAD**2
    middle: float | None = None  # the mean of the fit's own, if None


@dataclass(frozen=True, slots=True)
class Fitted:
    """What one fit on all rows gives; `boosted` in the place of `beta`, or None."""

    design: Design
    beta: Floats
    covariance: Floats
    boosted: Boosted | None
    calibration: Calibration
    causes: Causes
    references: tuple[Reference, ...]
    score_reference: Reference


def train(
    rows: Landmarks,
    *,
    calls: int,
    seed: int,
    horizon: int = HORIZON,
    resamples: int = RESAMPLES,
    strengths: tuple[float, ...] = STRENGTHS,
    contract: tuple[str, ...] = (),
) -> ChurnModel:
    """This will learn who leaves within `horizon` days from rows whose window is over.

    `calls` is how many customers a day a person can call, for precision and recall;
    `contract` names features that tell of the contract and not of behaviour. Rows
    whose window is not over are left out, so handing in `rows.chosen(rows.labelled_before
    (day, horizon))` gives the model that could have been had on that day. Raises
    UnableToLearn where nobody left or nobody stayed (`choosing.choose` says so before).
    Cost: some hundred fits on at most 40,000 rows, then one on all; one thread.
    """
    with one_thread():
        return _train(rows, calls, seed, horizon, resamples, strengths, contract)


def fitted(
    rows: Landmarks,
    *,
    strength: float,
    horizon: int = HORIZON,
    slope: Slope,
    rounds: int = 0,
) -> Fitted:
    """This will fit labelled rows once, with a strength that is known, or so many trees.

    Level and references are taken from the last `horizon` days of the rows. Cost: the
    matrix of columns in memory (single precision if large) and some passes over it; eleven
    fits with trees.
    """
    with one_thread():
        return _fitted(rows, strength, horizon, slope, rounds)


def _train(
    rows: Landmarks,
    calls: int,
    seed: int,
    horizon: int,
    resamples: int,
    strengths: tuple[float, ...],
    contract: tuple[str, ...],
) -> ChurnModel:
    known = rows.chosen(rows.known_for(horizon))
    turns = turns_of(known, horizon=horizon, seed=seed)
    strength = choose_strength(known, turns, horizon=horizon, strengths=strengths)
    given: dict[str, Any] = {"horizon": horizon, "contract": contract}
    forecast = tried(
        known,
        turns,
        learner=learner_of(strength=strength.value, rounds=0),
        **given,
    )
    beside = _beside(known, turns, forecast, horizon, seed, resamples)
    rounds = beside.rounds if beside is not None and beside.better else 0
    if rounds:
        learner = learner_of(strength=strength.value, rounds=rounds)
        forecast = tried(known, turns, learner=learner, **given)
    slope = _slope(known, forecast, horizon, rounds)
    found = _fitted(known, strength.value, horizon, slope, rounds)
    once = counted(known, forecast, horizon=horizon)
    p = probability(_bolder(once.eta, slope))
    return ChurnModel(
        design=found.design,
        beta=tuple(found.beta.tolist()),
        covariance=tuple(map(tuple, found.covariance.tolist())),
        boosted=found.boosted,
        strength=strength.value,
        calibration=found.calibration,
        causes=found.causes,
        comparables=comparables(p, known.left_within(horizon)[once.places]),
        references=found.references,
        score_reference=found.score_reference,
        window=_window(known, horizon),
        metrics=measured(
            known,
            once,
            p,
            found.design,
            calls=calls,
            out_of_time=turns.out_of_time,
            losses=strength.losses,
            challenger=beside,
            seed=seed,
            resamples=resamples,
        ),
    )


def _beside(
    rows: Landmarks,
    turns: Turns,
    forecast: Tried,
    horizon: int,
    seed: int,
    resamples: int,
) -> Challenger | None:
    if _leavers(rows, horizon) < challenger.ENOUGH:
        return None
    return challenged(
        rows, turns, forecast, horizon=horizon, seed=seed, resamples=resamples
    )


def _fitted(
    rows: Landmarks, strength: float, horizon: int, slope: Slope, rounds: int
) -> Fitted:
    left = rows.left_within(horizon)
    design = learn_design(rows, horizon=horizon)
    columns = design.matrix(rows)
    late = rows.day > int(rows.day.max()) - horizon
    beta, spread, trees = np.empty(0), np.empty((0, 0)), None
    if rounds:
        trees = learn_boosted(columns, left, rows.customer, rounds=rounds)
        trees = with_doubt(trees, columns, left, rows.customer, late)
        eta = trees.log_odds(columns)
    else:
        beta, spread = learn(columns, left, rows.customer, strength=strength)
        eta = log_odds_of(columns, beta)
    causes = learn_causes(columns, left, rows.involuntary, rows.customer)
    del columns
    middle = float(eta.mean()) if slope.middle is None else slope.middle
    right = _bolder(eta, Slope(slope.value, slope.variance, middle))
    # Turning the slope moves the mean chance: it is put back before the level is judged.
    back = calibration.mean_kept(right, left)
    right = right[late] + back
    level, doubt = calibration.level(right, left[late], rows.customer[late])
    return Fitted(
        design,
        beta,
        spread,
        trees,
        Calibration(slope.value, back + level, middle, slope.variance, doubt),
        causes,
        tuple(reference(column) for column in rows.features[late].T),
        reference(probability(right + level)),
    )


def _slope(rows: Landmarks, forecast: Tried, horizon: int, rounds: int) -> Slope:
    left = rows.left_within(horizon)[forecast.places]
    customer = rows.customer[forecast.places]
    spread = calibration.TREES_SPREAD if rounds else SLOPE_SPREAD
    value, variance = calibration.slope(forecast.eta, left, customer, spread=spread)
    return Slope(value, variance, float(forecast.eta.mean()))


def _bolder(eta: Floats, slope: Slope) -> Floats:
    middle = slope.middle or 0.0
    return np.asarray(middle + slope.value * (eta - middle))


def _leavers(rows: Landmarks, horizon: int) -> int:
    return len(np.unique(rows.customer[rows.left_within(horizon)]))


def _window(rows: Landmarks, horizon: int) -> Window:
    return Window(
        int(rows.day.min()),
        int(rows.day.max()),
        horizon,
        len(rows),
        len(np.unique(rows.customer)),
        _leavers(rows, horizon),
        float(rows.left_within(horizon).mean()),
    )
