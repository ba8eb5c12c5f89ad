"""How likely a customer without a subscription is one still, and how well that is known."""

import numpy as np
from numpy.typing import NDArray

from health.calculations.bgnbd import BGNBD
from health.calculations.buyers import Bought, Buyers
from health.calculations.buyers_curves import DIGITS
from health.calculations.clv import MONTHS_IN_FORECAST
from health.calculations.draws import Z90
from health.calculations.landmarks import MONTH_DAYS
from health.calculations.scoring import Floats

YEAR_DAYS = 12.0 * MONTH_DAYS
STEP = 0.01  # of ln r, α, a, b


def alive_now(model: BGNBD, bought: Bought) -> Floats:
    """This will return the chance of still being a customer, (n,)."""
    known = model.probability_alive(bought.x, bought.recency, bought.age)
    again = _comes_back(model, bought.age, YEAR_DAYS)
    new = _comes_back(model, np.zeros(1), YEAR_DAYS)
    return np.where(bought.x > 0.0, known, again / new)


def _comes_back(model: BGNBD, age: Floats, days: float) -> Floats:
    """This will return how likely one who bought once buys within so many days."""
    return np.asarray(-np.expm1(-model.r_ * np.log1p(days / (model.alpha_ + age))))


def interval(
    buyers: Buyers, bought: Bought, p90: Floats, alike: NDArray[np.intp]
) -> tuple[Floats, Floats]:
    """This will return the 80 % interval of p90: what is not known of the parameters.

    By the delta method, in log odds. `alike` (n,) has the same number for the same x and T.
    """
    if not buyers.doubt:
        return p90, p90
    _, places, where = np.unique(
        alike + 1j * bought.recency, return_index=True, return_inverse=True
    )
    rows = bought.chosen(places)
    slopes = np.stack(
        [
            (_odds(buyers.purchases, rows, step) - _odds(buyers.purchases, rows, -step))
            / (2.0 * STEP)
            for step in STEP * np.eye(4)
        ]
    )
    variance = np.einsum("in,ij,jn->n", slopes, np.array(buyers.doubt), slopes)
    half = (Z90 * np.sqrt(variance))[where]
    held = np.clip(p90, 1e-9, 1.0 - 1e-9)
    odds = np.log(held) - np.log1p(-held)
    return 1.0 / (1.0 + np.exp(half - odds)), 1.0 / (1.0 + np.exp(-half - odds))


def _odds(model: BGNBD, bought: Bought, step: Floats) -> Floats:
    """This will return p90 in log odds with parameters moved by a step of logarithms."""
    moved = BGNBD()
    place = np.log([model.r_, model.alpha_, model.a_, model.b_]) + step
    moved.r_, moved.alpha_, moved.a_, moved.b_ = np.exp(place).tolist()
    days = MONTHS_IN_FORECAST * MONTH_DAYS
    ahead = moved.ahead(bought.x, days, digits=DIGITS)
    stays = ahead.steps(days / (moved.alpha_ + bought.age))[0]
    still = np.clip(alive_now(moved, bought) * stays, 1e-9, 1.0 - 1e-9)
    return np.asarray(np.log1p(-still) - np.log(still))
