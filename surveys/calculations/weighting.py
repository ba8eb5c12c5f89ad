"""The Net Promoter Score by customers and by revenue instead of by answers."""

from dataclasses import dataclass
from math import floor

import numpy as np
import numpy.typing as npt

from surveys.calculations.estimates import Estimate
from surveys.calculations.nps import nps_interval

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weighted:
    """A weighted score. `estimate.answers` is what the votes are worth after weighting.

    `voters` counts those with a weight above nought.
    """

    estimate: Estimate
    voters: int


def votes(*, high: Floats, answers: Floats, low: Floats) -> Floats:
    """This will return each customer's one vote: the mean of its people, −1 to 1."""
    means: Floats = (high - low) / answers
    return means


def weighted_nps(means: Floats, weights: Floats) -> Weighted | None:
    """This will weigh one vote per customer; None where nobody has a weight.

    Σwv/Σw, in points. The interval is the one of the plain score (calculations.nps) with
    the effective number of votes (Σw)²/Σw², so one customer with most of the revenue
    makes it wide. Equal weights give the account-weighted score. Source: L. Kish, Survey
    Sampling (1965), section 11.7. Customers without a positive weight do not vote.
    """
    has_weight = weights > 0
    means, weights = means[has_weight], weights[has_weight]
    total = float(weights.sum())
    if not total:
        return None
    mean = float((weights * means).sum() / total)
    square = float((weights * means**2).sum() / total)
    size = effective_size(weights)
    low, high = nps_interval(mean=mean, square=square, size=size)
    return Weighted(Estimate(100 * mean, low, high, floor(size)), int(has_weight.sum()))


def effective_size(weights: Floats) -> float:
    """This will return how many equal votes the weights are worth (Kish).

    A sum of floats is a hair off, so it is rounded: ten equal votes are worth ten.
    """
    return round(float(weights.sum() ** 2 / (weights**2).sum()), 6)
