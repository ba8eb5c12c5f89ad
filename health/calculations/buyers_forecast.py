"""What will become of each customer that buys without a subscription.

Nobody tells when such a customer leaves. Under the BG/NBD model (`bgnbd`) with the purchases
x after the first, the last of them t_x after it, and T since the first:

    alive    = P(alive), where x > 0
             = P(buys within a year | silent for T) / P(a new customer does),  where x = 0
    S(t)     = alive · E[(1 + p·t/(α+T))^−(r+x)]
    p90      = 1 − S(3)
    value    = worth of a purchase · Σ_t purchases expected in month t / (1 + d)^(t/12)
    at risk  = p90 · Σ_{t>3} the same / S(3)
    gone     : alive < the company's setting

So p90 is, as everywhere, the chance of being gone in 90 days; here the customer may be gone
already without having told. Under the model somebody who bought once is alive for certain,
for only a purchase gives the occasion to leave. How far that customer has gone nevertheless
shows in how much less likely it is to come back than somebody who bought today: as if so
many of a hundred were like new still, and the others gone. Their value stays the model's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.buyers import Bought, Buyers
from health.calculations.buyers_alive import alive_now, interval
from health.calculations.buyers_curves import Curves
from health.calculations.clv import MONTHS_IN_FORECAST, discounts
from health.calculations.draws import SHARES
from health.calculations.scoring import Floats

# Who came back before, and is likelier gone in 90 days than not, may leave.
LIKELY_GONE = 0.5
# The mean spend of somebody who bought once or twice may have no variance; it is kept.
LEAST_SHAPE = 0.5


@dataclass(frozen=True, slots=True)
class Terms:
    """What the company reckons with; `gone_below` is a share of alive."""

    margin: float
    ticket_cost: float
    discount_rate: float
    months: int
    gone_below: float


@dataclass(frozen=True, slots=True)
class BuyersForecast:
    """Per customer, (n,) each; amounts are contribution margin, discounted to the day."""

    alive: Floats  # now
    gone: NDArray[np.bool_]
    may_leave: NDArray[np.bool_]  # came back before, and is likelier gone in 90 days
    p90: Floats
    p90_low: Floats  # with `p90_high` what is not known of the parameters, 80 %
    p90_high: Floats
    worth: Floats  # contribution margin of a purchase
    spend: Floats  # revenue of a purchase
    expected: Floats
    low: Floats  # P10 of what will be, P50 and P90
    mid: Floats
    high: Floats
    variance: Floats  # of what will be
    staying: Floats  # what is expected of it if it is not gone
    at_risk: Floats  # value at risk, 0 of those gone
    textbook: Floats  # next year's revenue × years
    survival: Floats  # (n, months)
    purchases: Floats  # (n, months), expected in each


def buyers_forecast(buyers: Buyers, bought: Bought, terms: Terms) -> BuyersForecast:
    """This will forecast n buyers.

    Cost: what is to come is reckoned once for each different (x, T); 4 s for a million
    customers, and memory for two tables (n, months).
    """
    model, months = buyers.purchases, terms.months
    alive = alive_now(model, bought)
    ahead = Curves.of(model, bought, months)
    stays = ahead.stays[ahead.where]
    believed = np.where(bought.x > 0.0, alive, 1.0)
    purchases = believed[:, None] * ahead.bought[ahead.where]
    spend, unlike = _spend(buyers, bought)
    worth = terms.margin * spend - terms.ticket_cost * _tickets(buyers, bought)
    survival = alive[:, None] * stays
    discount = discounts(terms.discount_rate, months)
    still = survival[:, MONTHS_IN_FORECAST - 1]
    later = purchases[:, MONTHS_IN_FORECAST:] @ discount[MONTHS_IN_FORECAST:]
    gone, p90 = alive < terms.gone_below, 1.0 - still
    counted = purchases @ discount
    low, high = interval(buyers, bought, p90, ahead.where)
    *ranges, variance = _ranges(ahead, believed, bought, unlike, counted * worth)
    lost = np.divide(
        p90 * worth * later, still, out=np.zeros_like(p90), where=still > 0
    )
    years = survival.sum(axis=1) / 12.0
    return BuyersForecast(
        alive=alive,
        gone=gone,
        may_leave=~gone & (bought.x > 0.0) & (p90 >= LIKELY_GONE),
        p90=p90,
        p90_low=low,
        p90_high=high,
        worth=worth,
        spend=spend,
        expected=counted * worth,
        low=ranges[0],
        mid=ranges[1],
        high=ranges[2],
        variance=variance,
        staying=(ahead.bought[ahead.where] @ discount) * worth,
        at_risk=np.where(gone, 0.0, lost),
        textbook=purchases[:, :12].sum(axis=1) * spend * years,
        survival=survival,
        purchases=purchases,
    )


def _spend(buyers: Buyers, bought: Bought) -> tuple[Floats, Floats]:
    """This will return a purchase's expected amount, and E(sum²) of one and of two, as
    shares of its square: (n,) and (2, n)."""
    model, size = buyers.spend, len(bought.x)
    if model is None:
        return np.zeros(size), np.ones((2, size))
    paid = np.where(bought.mean > 0.0, bought.x, 0.0)
    shape = model.p_ * paid + model.q_
    between = (shape - 1.0) / np.maximum(shape - 2.0, LEAST_SHAPE)
    unlike = np.stack((between / model.p_, between))
    return model.expected_value(paid, bought.mean), unlike


def _tickets(buyers: Buyers, bought: Bought) -> Floats:
    """This will return the support tickets that come with a purchase, (n,)."""
    everyone = np.zeros(len(bought.x), dtype=np.int64)
    return buyers.tickets.of(bought.tickets, bought.x + 1.0, everyone)


def _ranges(
    ahead: Curves, believed: Floats, bought: Bought, unlike: Floats, expected: Floats
) -> list[Floats]:
    """This will return P10, P50 and P90 of what each will bring and its variance, (n,).

    Nothing with the chance that it is gone or buys no more within the horizon; else a
    gamma distribution with the mean and variance of the purchases times their spend.
    """
    from scipy.special import gammaincinv  # noqa: PLC0415 - 30 MB in every process

    ever, mean, pairs = (
        column[ahead.where] for column in (ahead.ever, ahead.mean, ahead.pairs)
    )
    within, between = unlike
    square = between * (pairs + mean) + within * mean
    shape = 1.0 / np.maximum(square * ever / mean**2 - 1.0, 1e-6)
    some = believed * ever
    scale = np.divide(expected, some, out=np.zeros_like(some), where=some > 0) / shape
    found = np.zeros((3, len(some)))
    for row, share in enumerate(SHARES):
        above = np.divide(
            share - (1.0 - some), some, out=np.zeros_like(some), where=some > 0
        )
        rows = above > 0.0
        found[row, rows] = scale[rows] * gammaincinv(shape[rows], above[rows])
    # Where support costs more than a purchase brings, the most is the worst.
    variance = some * scale**2 * shape * (shape + 1.0) - expected**2
    return [*np.sort(found, axis=0), np.maximum(variance, 0.0)]
