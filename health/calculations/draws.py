"""What customers may bring, drawn many times: how long they stay, and what happens then.

For each of b fitted models (each learnt from customers drawn anew) the lifetime of every
customer is drawn d times from its survival curve, stratified, so that few draws tell much;
then tickets and the revenue's drift. An interval made of the models alone is far too narrow:
it holds what is not known of the average, and nothing of the customer's fate.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from health.calculations.clv import discounts
from health.calculations.contribution import Contribution
from health.calculations.scoring import Floats

DRAWS = 20
# From the middle to P90 of a normal distribution.
Z90 = 1.2815515655446004
SHARES = (0.1, 0.5, 0.9)


def margin_draws(
    survivals: Sequence[Floats],
    contribution: Contribution,
    *,
    discount_rate: float,
    seed: int,
    draws: int = DRAWS,
) -> Floats:
    """This will draw the discounted margin of n customers over the months of the curves.

    `survivals` are b arrays (n, months); returns (n, b · draws). Column j of two customers
    comes from the same model, so columns may be added over customers. Cost: n · b · draws ·
    months comparisons; hand in some 10,000 customers at a time.
    """
    lots = np.random.default_rng(seed)
    return np.hstack(
        [_drawn(lots, alive, contribution, discount_rate, draws) for alive in survivals]
    )


def published_draws(
    p: Floats, low: Floats, high: Floats, *, count: int, seed: int
) -> Floats:
    """This will draw a published probability from its 80 % interval, (count, n).

    Normal in log odds; all customers move together, since they share the model.
    """
    lots = np.random.default_rng(seed).standard_normal((count, 1))
    odds, least, most = (_log_odds(column) for column in (p, low, high))
    drawn = odds + lots * (most - least) / (2.0 * Z90)
    return np.asarray(1.0 / (1.0 + np.exp(-drawn)))


def _log_odds(p: Floats) -> Floats:
    held = np.clip(p, 1e-9, 1.0 - 1e-9)
    return np.asarray(np.log(held) - np.log1p(-held))


def _drawn(
    lots: np.random.Generator,
    alive: Floats,
    contribution: Contribution,
    discount_rate: float,
    draws: int,
) -> Floats:
    n, months = alive.shape
    growth = contribution.growth
    lasts = _lifetimes(lots, alive, draws)
    earned = _summed(discounts(discount_rate, months, growth=growth.mean))[lasts]
    # The mean of a random walk over L months has a third of the variance of its end.
    drift = np.exp(
        growth.spread * np.sqrt(lasts / 3.0) * lots.standard_normal((n, draws))
    )
    tickets = lots.poisson(contribution.tickets[:, None] * lasts)
    today = _summed(discounts(discount_rate, months))[lasts]
    each = contribution.ticket_cost * today / np.maximum(lasts, 1)
    return np.asarray(contribution.gross[:, None] * earned * drift - tickets * each)


def _lifetimes(
    lots: np.random.Generator, alive: Floats, draws: int
) -> NDArray[np.int64]:
    """This will draw for how many months each is there, (n, draws), one from each layer."""
    n, months = alive.shape
    layers = np.argsort(lots.random((n, draws)), axis=1)
    lot = (layers + lots.random((n, draws))) / draws
    lasts = np.zeros((n, draws), dtype=np.int64)
    for month in range(months):
        lasts += lot < alive[:, [month]]
    return lasts


def _summed(values: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(values)])


def quantiles(drawn: Floats) -> Floats:
    """This will return P10, P50 and P90 of each row of draws, (n, 3)."""
    return np.asarray(np.quantile(drawn, SHARES, axis=-1).T)
