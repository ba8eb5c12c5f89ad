"""The part of those who leave because a payment failed.

    p = p_voluntary + p_involuntary,  p_involuntary = p · s(x)

One model says who leaves, a second one, learnt from leavers alone, why: s is the chance
that a departure is involuntary. That is the competing-risks likelihood factored into
"leaves at all" and "of which cause" (Prentice et al., Biometrics 34, 1978), and the parts
add up by construction, which two regressions side by side would not. Where fewer than 50
left by either cause, s is one share for everybody, pulled a little towards a half
(Jeffreys' prior), because a failed payment is then too rare to be foretold.
"""

from dataclasses import dataclass

import numpy as np

from health.calculations.accuracy.probability import probability
from health.calculations.accuracy.resampling import Bools, Ints
from health.calculations.churn.logistic import Matrix, fit, log_odds_of
from health.calculations.scoring import Floats

ENOUGH = 50
# Held back firmly: leavers are few, and of one cause fewer.
STRENGTH = 0.03


@dataclass(frozen=True, slots=True)
class Causes:
    """Chance that who leaves does so because a payment failed."""

    share: float  # for everybody, if there are no coefficients
    beta: tuple[float, ...]  # (1 + d,), or empty
    voluntary: int  # customers who left so
    involuntary: int

    def shares(self, columns: Matrix) -> Floats:
        """This will return the share of each of n rows, (n,)."""
        if not self.beta:
            return np.full(len(columns), self.share)
        return probability(log_odds_of(columns, np.array(self.beta)))


def learn_causes(
    columns: Matrix, left: Bools, involuntary: Bools, customer: Ints
) -> Causes:
    """This will learn from those of n rows who left."""
    failed, chose = left & involuntary, left & ~involuntary
    few, many = (len(np.unique(customer[rows])) for rows in (failed, chose))
    share = (few + 0.5) / (few + many + 1.0)
    beta: tuple[float, ...] = ()
    if min(few, many) >= ENOUGH:
        found = fit(columns[left], involuntary[left], strength=STRENGTH)
        beta = tuple(found.tolist())
    return Causes(share, beta, many, few)
