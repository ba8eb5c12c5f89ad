"""Forecasts of the past without hindsight, and what they say about a model."""

from dataclasses import dataclass

import numpy as np

from health.calculations.accuracy.ranking import auc
from health.calculations.accuracy.report import (
    auc_difference,
    calibrated,
    ranked,
)
from health.calculations.accuracy.resampling import (
    Cases,
    cases_of,
    differences,
    ranges,
)
from health.calculations.churn import boosting, calibration
from health.calculations.churn.calibration import SLOPE_SPREAD, TREES_SPREAD
from health.calculations.churn.challenger import challenge
from health.calculations.churn.design import CATEGORIES, CONTRACT, Design
from health.calculations.churn.grid import apart
from health.calculations.churn.learners import Learner, held
from health.calculations.churn.metrics import (
    TOO_GOOD,
    Caution,
    Challenger,
    Gain,
    Metrics,
)
from health.calculations.churn.validation import (
    Lesson,
    Places,
    Turns,
    forecasts,
)
from health.calculations.landmarks import Landmarks
from health.calculations.scoring import Floats


@dataclass(frozen=True, slots=True)
class Tried:
    """Log-odds of m rows, each forecast by a model that knew neither it nor later."""

    places: Places  # of the rows, (m,)
    eta: Floats  # (m,)
    contract: Floats  # (m,) of one that learns from the facts of the contract alone
    names: tuple[str, ...]  # of g groups of columns
    without: Floats  # (g, m), with the group's columns held at the average

    def chosen(self, rows: Places) -> "Tried":
        """This will return some of the forecasts, by place among the m."""
        return Tried(
            self.places[rows],
            self.eta[rows],
            self.contract[rows],
            self.names,
            self.without[:, rows],
        )


def tried(
    rows: Landmarks,
    turns: Turns,
    *,
    learner: Learner,
    horizon: int,
    contract: tuple[str, ...] = (),
) -> Tried:
    """This will forecast every turn with a model, and with parts of it.

    `contract` names features that tell of the contract too, and not of behaviour.
    """
    names = tuple(dict.fromkeys((*CONTRACT, *CATEGORIES, *rows.names)))

    def forecast(lesson: Lesson) -> Floats:
        whole = learner(lesson.columns, lesson.left, lesson.customer)
        groups = np.array(lesson.design.groups)
        facts = ~lesson.design.behaviour | np.isin(groups, contract)
        alone = learner(lesson.columns[:, facts], lesson.left, lesson.customer)
        found = [whole(lesson.tried), alone(lesson.tried[:, facts])]
        found += [whole(held(lesson.tried, groups == name)) for name in names]
        return np.stack(found)

    places, found = forecasts(rows, turns, forecast, horizon=horizon)
    return Tried(places, found[0], found[1], names, found[2:])


def challenged(
    rows: Landmarks,
    turns: Turns,
    forecast: Tried,
    *,
    horizon: int,
    seed: int,
    resamples: int,
) -> Challenger | None:
    """This will let boosted trees forecast the same turns, and compare.

    With as many rounds as lose least: fewer than these are too timid, which a slope mends
    only in part. None where it cannot be tried out of time.
    """
    if not turns.out_of_time:
        return None

    tried_rounds = boosting.ROUNDS

    def boosted(lesson: Lesson) -> Floats:
        found = boosting.learn_boosted(
            lesson.columns, lesson.left, lesson.customer, rounds=tried_rounds[-1]
        )
        return found.staged(lesson.tried, tried_rounds)

    places, staged = forecasts(rows, turns, boosted, horizon=horizon)
    left, customer = rows.left_within(horizon)[places], rows.customer[places]
    lost = np.logaddexp(0.0, np.where(left, -staged, staged)).mean(axis=1)
    best = int(np.argmin(lost))
    # As they would be published: each with its slope put right.
    theirs = calibration.turned(staged[best], left, customer, TREES_SPREAD)
    ours = calibration.turned(forecast.eta, left, customer, SLOPE_SPREAD)
    once = np.isin(places, counted(rows, forecast, horizon=horizon).places)
    return challenge(
        cases_of(rows.chosen(places[once]), horizon),
        ours[once],
        theirs[once],
        rounds=tried_rounds[best],
        seed=seed,
        resamples=resamples,
    )


def counted(rows: Landmarks, forecast: Tried, *, horizon: int) -> Tried:
    """This will keep forecasts of days whose windows do not overlap: one departure, one
    case."""
    days = rows.day[forecast.places]
    chosen = np.isin(days, apart(days, horizon=horizon))
    return forecast.chosen(np.flatnonzero(chosen))


def measured(
    rows: Landmarks,
    forecast: Tried,
    p: Floats,
    design: Design,
    *,
    calls: int,
    out_of_time: bool,
    losses: tuple[tuple[float, float], ...],
    challenger: Challenger | None,
    seed: int,
    resamples: int,
) -> Metrics:
    """This will measure counted forecasts; `p` (m,) are their calibrated chances."""
    here = rows.chosen(forecast.places)
    cases = cases_of(here, design.horizon)
    draw = {"seed": seed, "resamples": resamples}
    order = ranked(cases, p, calls=calls, **draw)
    (contract,) = ranges(
        [auc(forecast.contract, cases.left, cases.day)], cases.customer, **draw
    )
    return Metrics(
        out_of_time=out_of_time,
        ranked=order,
        calibrated=calibrated(cases, p, **draw),
        contract=contract,
        behaviour=auc_difference(cases, forecast.eta, forecast.contract, **draw),
        gains=_gains(cases, forecast, **draw),
        challenger=challenger,
        losses=losses,
        cautions=(
            *(() if out_of_time else (Caution("not_out_of_time"),)),
            *(
                (Caution("too_good"),)
                if order.auc is not None and order.auc.value > TOO_GOOD
                else ()
            ),
            *suspects(here, cases, design),
        ),
    )


def suspects(rows: Landmarks, cases: Cases, design: Design) -> tuple[Caution, ...]:
    """This will name the features that tell leavers from stayers all alone."""
    ones, columns = np.ones((1, len(rows))), design.matrix(rows)
    found = dict.fromkeys(
        group
        for group, column in zip(design.groups, columns.T, strict=True)
        if abs(auc(column, cases.left)(ones)[0] - 0.5) > TOO_GOOD - 0.5
    )
    return tuple(Caution("too_good", name) for name in found)


def _gains(
    cases: Cases, forecast: Tried, *, seed: int, resamples: int
) -> tuple[Gain, ...]:
    """This will measure what each group of columns adds to the area under the curve."""
    base, *others = (
        auc(eta, cases.left, cases.day) for eta in (forecast.eta, *forecast.without)
    )
    found = differences(base, others, cases.customer, seed=seed, resamples=resamples)
    return tuple(
        Gain(name, gained)
        for name, gained in zip(forecast.names, found, strict=True)
        if gained is not None
    )
