"""How strongly to hold the coefficients back, and forecasts made out of time.

The last stretches of the history are forecast one after the other by regressions that knew
only what was known when each began, and nothing at all of the customer: its fold was left
out. What these forecasts lose tells which strength is best; the forecasts of that strength
measure and calibrate the model and tell "of so many customers scored like this …".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.accuracy.resampling import Bools, Ints
from health.calculations.churn.design import Design, learn_design
from health.calculations.churn.logistic import Matrix, fit, log_odds_of
from health.calculations.landmarks import Landmarks
from health.calculations.scoring import Floats

Places = NDArray[np.intp]
STRENGTHS = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
FOLDS = 4
# So many stretches, each as long as the horizon, are forecast from the end backwards.
STRETCHES = 6
TOLERANCE = 1.0
# What a stretch must have to learn from, at least.
LEAST_EVENTS = 20
# Customers beyond so many rows are left out by lot: enough to choose and to measure.
MOST_ROWS = 40_000


class UnableToLearn(ValueError):
    """Too few left, or too few stayed."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One stretch and one fold: places of the rows that teach and of those forecast."""

    train: Places
    test: Places


@dataclass(frozen=True, slots=True)
class Turns:
    """All stretches and folds; without `out_of_time` customers are left out only."""

    turns: tuple[Turn, ...]
    out_of_time: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one turn gives to whatever learns: columns of both sides, and the labels."""

    design: Design
    columns: Matrix
    left: Bools
    customer: Ints
    tried: Matrix


def turns_of(rows: Landmarks, *, horizon: int, seed: int) -> Turns:
    """This will cut labelled rows in time and by customer.

    Where the history is too short to be cut in time, customers are left out fold by fold
    only. Raises UnableToLearn where there is nothing to learn from even so.
    """
    left = rows.left_within(horizon)
    fold, taken = _folds(rows.customer, seed), _lot(rows.customer, seed)
    found = [
        turn
        for train, test in _stretches(rows, horizon)
        if left[train].sum() >= LEAST_EVENTS
        for turn in _folded(train, test, fold, taken, left)
    ]
    if found:
        return Turns(tuple(found), out_of_time=True)
    everybody = np.arange(len(rows))
    found = list(_folded(everybody, everybody, fold, taken, left))
    if not found:
        msg = "Nothing can be learnt: nobody left, or nobody stayed."
        raise UnableToLearn(msg)
    return Turns(tuple(found), out_of_time=False)


@dataclass(frozen=True, slots=True)
class Strength:
    """The strength chosen, and what was lost with each: (strength, mean log-loss)."""

    value: float
    losses: tuple[tuple[float, float], ...]


def choose_strength(
    rows: Landmarks,
    turns: Turns,
    *,
    horizon: int,
    strengths: tuple[float, ...] = STRENGTHS,
) -> Strength:
    """This will choose among rising strengths by the mean log-loss of the forecasts.

    The firmest hold that loses at most one standard error (by customer) more than the
    best, because losses are flat around the best one and bold models age badly (Breiman
    et al., Classification and Regression Trees, 1984, section 3.4.3). Cost: one fit per
    strength and turn, on at most 40,000 rows.
    """

    def try_all(lesson: Lesson) -> Floats:
        fits = [fit(lesson.columns, lesson.left, strength=one) for one in strengths]
        return np.stack([log_odds_of(lesson.tried, beta) for beta in fits])

    places, eta = forecasts(rows, turns, try_all, horizon=horizon)
    left = rows.left_within(horizon)[places]
    lost = np.logaddexp(0.0, np.where(left, -eta, eta))
    mean = lost.mean(axis=1)
    apart = lost - lost[int(np.argmin(mean))]
    who = np.unique(rows.customer[places], return_inverse=True)[1]
    error = np.array([np.sqrt((np.bincount(who, one) ** 2).sum()) for one in apart])
    good = mean - mean.min() <= TOLERANCE * error / len(who)
    return Strength(
        strengths[int(np.argmax(good))],
        tuple(zip(strengths, mean.tolist(), strict=True)),
    )


def forecasts(
    rows: Landmarks,
    turns: Turns,
    learn: Callable[[Lesson], Floats],
    *,
    horizon: int,
) -> tuple[Places, Floats]:
    """This will let `learn` forecast every turn: places of rows (m,), and results (…, m).

    `learn` gets a lesson and returns what it makes of the tried rows, (…, of the turn).
    """
    left = rows.left_within(horizon)
    found = []
    for turn in turns.turns:
        known = rows.chosen(turn.train)
        design = learn_design(known, horizon=horizon)
        tried = design.matrix(rows.chosen(turn.test))
        lesson = Lesson(
            design, design.matrix(known), left[turn.train], known.customer, tried
        )
        found.append(learn(lesson))
    places = np.concatenate([turn.test for turn in turns.turns])
    order = np.argsort(places, kind="stable")
    return places[order], np.concatenate(found, axis=-1)[..., order]


def _stretches(rows: Landmarks, horizon: int) -> Iterator[tuple[Places, Places]]:
    """This will cut the end of a history into stretches, each with what was known then."""
    last = int(rows.day.max()) + 1 if len(rows) else 0
    for turn in range(1, STRETCHES + 1):
        end = last - (turn - 1) * horizon
        inside = (rows.day >= end - horizon) & (rows.day < end)
        if inside.any():
            begin = int(rows.day[inside].min())
            train = rows.labelled_before(begin, horizon)
            yield np.flatnonzero(train), np.flatnonzero(inside)


def _folded(
    train: Places, test: Places, fold: Ints, taken: Bools, left: Bools
) -> Iterator[Turn]:
    """This will leave out one fold of customers after the other."""
    for turn in range(FOLDS):
        known = train[(fold[train] != turn) & taken[train]]
        tried = test[(fold[test] == turn) & taken[test]]
        if len(tried) and 0 < left[known].sum() < len(known):
            yield Turn(known, tried)


def _folds(customer: Ints, seed: int) -> NDArray[Any]:
    """This will put each customer, with all its rows, into one fold by lot."""
    distinct, place = np.unique(customer, return_inverse=True)
    lots = np.random.default_rng(seed)
    return np.asarray(lots.permutation(len(distinct))[place] % FOLDS)


def _lot(customer: Ints, seed: int) -> Bools:
    """This will take whole customers by lot, about as many as MOST_ROWS rows."""
    distinct, place = np.unique(customer, return_inverse=True)
    lots = np.random.default_rng([seed, 1])
    share = MOST_ROWS / max(1, len(customer))
    return np.asarray(lots.random(len(distinct))[place] < share)
