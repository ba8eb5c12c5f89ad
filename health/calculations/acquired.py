"""Whom it pays to win: what customers bring against what was spent on winning them.

For each group of customers won (a source, a campaign, a segment, a plan, a cohort), those
that have left since among them:

    CLV      what a customer of the group brings in all, before the cost of winning it
    CAC      what was spent, divided by the customers it brought
    gain     CLV − CAC, and the ratio CLV / CAC
    payback  months until the margin of an average customer has paid for winning it
    most     what may be spent to win one more customer: CLV / wanted ratio

All of it follows from sums that can be added up part by part, so that a million customers
need no more memory than a thousand, and no draws.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from health.calculations.conformal import Ranges
from health.calculations.draws import Z90
from health.calculations.scoring import Floats

# Of fewer customers nothing is said: one good or bad one would turn the verdict round.
FEW = 20
YEAR = 12
# How far the sum of a forecast is off, as long as nobody has seen it: a share of it. The
# assumption counts as much as three years that came true.
ASSUMED_MISS, ASSUMED_YEARS = 0.10, 3.0


@dataclass(frozen=True, slots=True)
class GroupSums:
    """Sums over the customers of g groups, (g,) each."""

    group: NDArray[np.int64]
    customers: Floats
    value: Floats  # what each brings in all
    squares: Floats  # of those values
    spread: Floats  # the variance of each customer's own value
    future: Floats  # the part of `value` that has yet to come
    spent: Floats
    margin: Floats  # (g, months) by month since the start, of those through the month
    through: Floats  # (g, months) customers that are through the month, or have left


@dataclass(frozen=True, slots=True)
class Acquisition:
    """Per group, (g,) each; ranges are P10 to P90. NaN where there is nothing to divide."""

    group: NDArray[np.int64]
    customers: NDArray[np.int64]
    clv: Floats
    clv_range: Ranges
    spent: Floats
    cac: Floats
    gain: Floats  # of a customer
    gain_range: Ranges
    ratio: Floats  # CLV / CAC; infinite where nothing was spent
    payback: Floats  # months; NaN where it is not reached
    most: Floats  # to spend on one more customer
    profit: Floats  # of the whole group

    @property
    def ranked(self) -> NDArray[np.intp]:
        """The groups by gain of a customer, the best first; equals by their number.

        Groups without customers come last, those that cost most at the very end.
        """
        return np.lexsort((self.group, self.spent, -self.gain))

    @property
    def few(self) -> NDArray[np.bool_]:
        """Groups that are too small to say anything of."""
        return np.asarray(self.customers < FEW)

    @property
    def sure_loss(self) -> NDArray[np.bool_]:
        """Groups whose customers cost more than they bring, even at P90."""
        return np.asarray((self.gain_range.high < 0.0) & ~self.few)

    @property
    def sure_gain(self) -> NDArray[np.bool_]:
        """Groups whose customers bring more than they cost, even at P10."""
        return np.asarray((self.gain_range.low > 0.0) & ~self.few)


def acquisition(
    sums: GroupSums, *, miss: float = ASSUMED_MISS, wanted_ratio: float = 1.0
) -> Acquisition:
    """This will weigh what customers bring against what was spent to win them.

    The range of a group's mean holds three doubts, added as variances: that other
    customers might have come (how far they differ), how each one's life goes (its own
    range), and that the forecast of all of them is off together, by `miss` as a share of
    what is yet to come. Means of 20 and more are taken as normal.
    """
    count = sums.customers
    with np.errstate(divide="ignore", invalid="ignore"):
        clv, cac = sums.value / count, sums.spent / count
        ratio = clv / cac
        room = Z90 * np.sqrt(_variance(sums, clv) + (miss * sums.future / count) ** 2)
    gain = clv - cac
    paid_back = np.where(gain >= 0.0, _payback(sums, cac), np.nan)
    return Acquisition(
        group=sums.group,
        customers=count.astype(np.int64),
        clv=clv,
        clv_range=Ranges(clv - room, clv, clv + room),
        spent=sums.spent,
        cac=cac,
        gain=gain,
        gain_range=Ranges(gain - room, gain, gain + room),
        ratio=ratio,
        payback=paid_back,
        most=np.maximum(clv, 0.0) / wanted_ratio,
        profit=sums.value - sums.spent,
    )


def _variance(sums: GroupSums, mean: Floats) -> Floats:
    """This will return the variance of a group's mean that comes from its customers.

    The unbiased variance between them over n, as Rubin's Bayesian bootstrap (Annals of
    Statistics 9, 1981) has it but for n + 1, and the mean of their own over n.
    """
    count = sums.customers
    between = np.maximum(sums.squares - count * mean**2, 0.0)
    unbiased = between / np.maximum(count - 1.0, 1.0)
    return np.asarray((unbiased + sums.spread / count) / count)


def own_spread(low: Floats, mid: Floats, high: Floats) -> Floats:
    """This will return the variance of values with these P10, P50 and P90, (n,).

    The distribution is put together of two halves of normal ones that meet at P50, each
    with its own standard deviation s: (s₁² + s₂²)/2 − (s₂ − s₁)²/2π.
    """
    below = np.maximum(mid - low, 0.0) / Z90
    above = np.maximum(high - mid, 0.0) / Z90
    return np.asarray((below**2 + above**2) / 2 - (above - below) ** 2 / (2 * np.pi))


def believed_miss(expected: float, realised: float) -> float:
    """This will say how far sums of forecasts are off, as a share, after one year's check.

    The root mean square of the miss of last year's forecast and of three years that were
    off as assumed: one year alone is luck. Without a forecast of a year ago the assumption.
    """
    if expected <= 0.0:
        return ASSUMED_MISS
    seen = (realised / expected - 1.0) ** 2
    mean = (ASSUMED_YEARS * ASSUMED_MISS**2 + seen) / (ASSUMED_YEARS + 1.0)
    return float(np.sqrt(mean))


def _payback(sums: GroupSums, cost: Floats) -> Floats:
    """This will return the months until a customer has paid for itself, (g,).

    As far as enough customers are through a month it is what they brought on average,
    those that left included. After that it goes on at the pace of the last year, falling
    by the same share every month, so that all that is expected comes in at last.
    """
    enough = np.minimum(np.maximum(sums.customers, 1.0), FEW)[:, None]
    known = np.logical_and.accumulate(sums.through >= enough, axis=1)
    paths = np.divide(
        sums.margin, sums.through, out=np.zeros_like(sums.margin), where=known
    )
    months, earned = known.sum(axis=1).astype(np.float64), paths.sum(axis=1)
    seen = payback_months(paths, cost)
    late = np.arange(paths.shape[1]) >= (months - YEAR)[:, None]
    pace = (paths * late).sum(axis=1) / np.clip(months, 1.0, YEAR)
    future = sums.future / np.maximum(sums.customers, 1.0)
    later = months + _fading(cost - earned, pace, future)
    return np.where(np.isnan(seen), later, seen)


def _fading(rest: Floats, pace: Floats, total: Floats) -> Floats:
    """This will return the months in which `rest` of `total` comes in, NaN if it does not.

    The first month brings `pace`, each one after it the same share less: k months bring
    total · (1 − (1 − pace/total)^k).
    """
    possible = (pace > 0.0) & (rest > 0.0) & (total > rest)
    share = np.divide(pace, total, out=np.zeros_like(pace), where=possible)
    part = np.divide(rest, total, out=np.zeros_like(rest), where=possible)
    with np.errstate(divide="ignore", invalid="ignore"):
        months = np.log1p(-part) / np.log1p(-np.minimum(share, 1.0))
        straight = rest / pace
    return np.where(possible, np.where(share < 1.0, months, straight), np.nan)


def payback_months(paths: Floats, cost: Floats) -> Floats:
    """This will return after how many months margins (g, months) have paid a cost (g,).

    On a straight line within the month; 0 where there was no cost, NaN where the months
    do not suffice.
    """
    earned = np.concatenate(
        [np.zeros((len(paths), 1)), np.cumsum(paths, axis=1)], axis=1
    )
    paid = earned >= cost[:, None]
    month = paid.argmax(axis=1)
    rows = np.arange(len(paths))
    before = np.maximum(month - 1, 0)
    step = earned[rows, month] - earned[rows, before]
    part = np.divide(
        cost - earned[rows, before], step, out=np.zeros(len(paths)), where=step > 0.0
    )
    return np.where(paid.any(axis=1), np.where(month > 0, before + part, 0.0), np.nan)
