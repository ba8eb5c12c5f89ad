"""What can learn a lesson: the regression, or boosted trees."""

from collections.abc import Callable

import numpy as np

from health.calculations.accuracy.resampling import Bools, Ints
from health.calculations.churn.boosting import learn_boosted
from health.calculations.churn.logistic import Matrix, learn, log_odds_of
from health.calculations.scoring import Floats

# From columns (n, d) to log-odds (n,).
Learnt = Callable[[Matrix], Floats]
# From columns (n, d), who left and whose rows they are, to what was learnt.
Learner = Callable[[Matrix, Bools, Ints], Learnt]


def regression(strength: float) -> Learner:
    """This will learn a logistic regression, held back so firmly."""

    def learner(columns: Matrix, left: Bools, customer: Ints) -> Learnt:
        beta, _ = learn(columns, left, customer, strength=strength)
        return lambda tried: log_odds_of(tried, beta)

    return learner


def trees(rounds: int) -> Learner:
    """This will learn so many boosted trees."""

    def learner(columns: Matrix, left: Bools, customer: Ints) -> Learnt:
        return learn_boosted(columns, left, customer, rounds=rounds).log_odds

    return learner


def learner_of(*, strength: float, rounds: int) -> Learner:
    """This will return what a model is learnt with: trees, or the regression without."""
    return trees(rounds) if rounds else regression(strength)


def held(columns: Matrix, some: Bools) -> Matrix:
    """This will hold some of the columns at the average."""
    return np.where(some, 0.0, columns)
