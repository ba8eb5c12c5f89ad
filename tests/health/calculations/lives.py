"""Lives drawn many times, to hold closed forms against."""

import numpy as np

from health.calculations.clv import discounts
from health.calculations.contribution import Contribution
from health.calculations.draws import SHARES
from health.calculations.scoring import Floats


def margin_draws(
    alive: Floats,
    contribution: Contribution,
    *,
    discount_rate: float,
    seed: int,
    draws: int,
) -> Floats:
    """This will draw the discounted margin of n customers from their curves (n, months).

    Lifetimes stratified, then the drift of revenue (the mean of a random walk over L months
    has a third of the variance of its end), then tickets. Returns (n, draws).
    """
    lots = np.random.default_rng(seed)
    n, months = alive.shape
    growth = contribution.growth
    layers = np.argsort(lots.random((n, draws)), axis=1)
    lot = (layers + lots.random((n, draws))) / draws
    lasts = (lot[:, :, None] < alive[:, None, :]).sum(axis=2)
    earned = _summed(discounts(discount_rate, months, growth=growth.mean))[lasts]
    swing = growth.spread * np.sqrt(lasts / 3.0)
    drift = np.exp(swing * lots.standard_normal((n, draws)))
    tickets = lots.poisson(contribution.tickets[:, None] * lasts)
    today = _summed(discounts(discount_rate, months))[lasts]
    each = contribution.ticket_cost * today / np.maximum(lasts, 1)
    return np.asarray(contribution.gross[:, None] * earned * drift - tickets * each)


def quantiles(drawn: Floats) -> Floats:
    """This will return P10, P50 and P90 of each row of draws, (n, 3)."""
    return np.asarray(np.quantile(drawn, SHARES, axis=-1).T)


def _summed(values: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(values)])
