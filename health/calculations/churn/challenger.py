"""Is gradient boosting clearly better than the regression? Only then it is used.

Both are tried on the same days, which neither knew, and without the customers, each with its
slope put right as it would be published. Trees are used where all of this holds:

- at least 500 have left, and the history is long enough to be tried out of time;
- they put more pairs of a leaver and a stayer in the right order, and their chances are
  nearer to what happened, by log-loss and by Brier skill: the 95 % range of each of the
  three differences, customers drawn anew, lies above 0;
- it matters: half a point of the area under the curve and 1 % of the log-loss at least;
- it is no matter of one period: both hold in the older half of the days and in the newer.

So where the regression is right they are hardly ever chosen (`script/bench boosting` counts),
and what they cost, a coarser interval, is paid for by what they see.
"""

import numpy as np

from health.calculations.accuracy.probability import log_loss, probability, skill
from health.calculations.accuracy.ranking import auc
from health.calculations.accuracy.resampling import Cases, differences
from health.calculations.backtest import Range
from health.calculations.churn.metrics import Challenger
from health.calculations.scoring import Floats

# Departures from which on trees can be expected to draw level.
ENOUGH = 500
# Smaller differences are none: of the area under the curve; a share of the log-loss.
AREA_MATTERS, LOSS_MATTERS = 0.005, 0.01


def challenge(
    cases: Cases,
    champion: Floats,
    challenger: Floats,
    *,
    rounds: int = 0,
    seed: int,
    resamples: int,
) -> Challenger | None:
    """This will compare log-odds (m,) of both, forecast for the same cases.

    `rounds` is how many trees the challenger has. None where nobody left or nobody stayed. Differences are such that above 0 the
    challenger is better. Cost: six passes over the cases a resample.
    """
    found = _apart(cases, champion, challenger, seed=seed, resamples=resamples)
    if found is None:
        return None
    order, right, loss = found
    usual = float(
        log_loss(probability(champion), cases.left)(np.ones((1, len(cases))))[0]
    )
    better = (
        min(order.low, right.low, loss.low) > 0.0
        and order.value >= AREA_MATTERS
        and loss.value >= LOSS_MATTERS * usual
        and all(_ahead(cases, champion, challenger, half) for half in _halves(cases))
    )
    return Challenger(order, right, better=better, loss=loss, rounds=rounds)


def _apart(
    cases: Cases, champion: Floats, challenger: Floats, *, seed: int, resamples: int
) -> tuple[Range, Range, Range] | None:
    """This will measure how far the challenger is ahead: in order, skill and log-loss."""
    ours, theirs = (
        (
            auc(eta, cases.left, cases.day),
            skill(probability(eta), cases.left),
            log_loss(probability(eta), cases.left),
        )
        for eta in (champion, challenger)
    )
    # The loss is better where it is less, so there the challenger is taken from ours.
    pairs = (
        (theirs[0], ours[0]),
        (theirs[1], ours[1]),
        (ours[2], theirs[2]),
    )
    order, right, loss = (
        differences(one, [other], cases.customer, seed=seed, resamples=resamples)[0]
        for one, other in pairs
    )
    if order is None or right is None or loss is None:
        return None
    return order, right, loss


def _halves(cases: Cases) -> list[np.ndarray]:
    """This will part the cases into older and newer days; not where there is one day."""
    days = np.unique(cases.day)
    if len(days) < 2:
        return []
    newer = np.isin(cases.day, days[len(days) // 2 :])
    return [~newer, newer]


def _ahead(
    cases: Cases, champion: Floats, challenger: Floats, some: np.ndarray
) -> bool:
    """This will say whether the challenger is ahead in order and in log-loss."""
    here, ones = cases.chosen(some), np.ones((1, int(some.sum())))
    (ours_order, ours_loss), (order, loss) = (
        (
            auc(eta[some], here.left, here.day)(ones)[0],
            log_loss(probability(eta[some]), here.left)(ones)[0],
        )
        for eta in (champion, challenger)
    )
    return bool(order > ours_order and loss < ours_loss)
