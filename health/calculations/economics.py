"""Which customers are worth winning, and what would change that.

For each group of customers won (a source, a campaign, a segment, a plan, a cohort):

    CLV      what a customer of the group brings in all, before the cost of winning it
    CAC      what was spent, divided by the customers it brought
    gain     CLV − CAC, and the ratio CLV / CAC
    payback  months until the margin of an average customer has paid for winning it
    most     what may be spent to win one more customer: CLV / wanted ratio

All customers won count, also those that have left since.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.clv import discounts
from health.calculations.conformal import Ranges
from health.calculations.lifetime_value import YEARLY_DISCOUNT
from health.calculations.scoring import Floats

MOST_RETENTION = 0.999
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Acquisition:
    """Per group, (g,) each; ranges are P10 to P90. NaN where there is nothing to divide."""

    group: NDArray[np.int64]
    customers: NDArray[np.int64]
    clv: Floats
    clv_range: Ranges
    cac: Floats
    gain: Floats  # of a customer
    gain_range: Ranges
    ratio: Floats  # CLV / CAC; infinite where nothing was spent
    payback: Floats  # months; NaN where it is not reached
    most: Floats  # to spend on one more customer
    profit: Floats  # of the whole group

    @property
    def ranked(self) -> NDArray[np.intp]:
        """The groups by gain of a customer, the best first; equals by their number."""
        return np.lexsort((self.group, -self.gain))

    @property
    def sure_loss(self) -> NDArray[np.bool_]:
        """Groups whose customers cost more than they bring, even at P90."""
        return np.asarray(self.gain_range.high < 0.0)


def acquisition(
    group: NDArray[np.integer[Any]],
    drawn: Floats,
    *,
    spend: dict[int, float],
    paths: Floats,
    seed: int,
    wanted_ratio: float = 1.0,
) -> Acquisition:
    """This will weigh what n customers bring against what was spent to win them.

    `group` (n,); `drawn` (n, d) draws of all that each brings, past and to come, before
    the cost of winning it; `spend` by group, 0 if missing; `paths` (n, months) the margin
    expected of each in the months since its start, 0 once it has left. The ranges hold
    what the draws hold and that other customers might have come (the Bayesian bootstrap,
    Rubin 1981). Cost: O(n · d).
    """
    groups, place, count = np.unique(group, return_inverse=True, return_counts=True)
    lots = np.random.default_rng(seed)
    weight = lots.standard_exponential(drawn.shape)
    mean = _by_group(place, drawn * weight) / _by_group(place, weight)
    clv = _by_group(place, drawn.mean(axis=1, keepdims=True))[:, 0] / count
    spent = np.array([spend.get(int(one), 0.0) for one in groups])
    cac = spent / count
    ranges = Ranges.of(mean)
    gain = clv - cac
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = clv / cac
    return Acquisition(
        group=groups.astype(np.int64),
        customers=count.astype(np.int64),
        clv=clv,
        clv_range=ranges,
        cac=cac,
        gain=gain,
        gain_range=Ranges(ranges.low - cac, ranges.mid - cac, ranges.high - cac),
        ratio=ratio,
        payback=payback_months(_by_group(place, paths) / count[:, None], cac),
        most=np.maximum(clv, 0.0) / wanted_ratio,
        profit=gain * count,
    )


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


def _by_group(place: NDArray[np.intp], columns: Floats) -> Floats:
    """This will add rows (n, d) by group, (g, d)."""
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    return np.asarray(np.add.reduceat(columns[order], starts, axis=0))


@dataclass(frozen=True, slots=True)
class Variables:
    """What the formula of the value is made of. Shares are 0 to 1, amounts per customer."""

    revenue: float  # a month
    margin: float
    support: float  # a month
    acquisition_cost: float


@dataclass(frozen=True, slots=True)
class Change:
    """What if: all are differences, `price` and the costs as shares of what they were."""

    retention: float = 0.0  # of the customers left after a year, 0.05 for five points
    price: float = 0.0
    margin: float = 0.0
    support: float = 0.0
    acquisition_cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a customer brings, what it leaves after the cost of winning it, and how."""

    clv: float
    profit: float
    retention: float  # after a year
    lifetime: float  # expected months within the horizon


def changed(variables: Variables, change: Change) -> Variables:
    """This will apply a change. A dearer product costs no more to deliver.

    So of a higher price all is margin: revenue·margin grows by revenue·price.
    """
    revenue = variables.revenue * (1.0 + change.price)
    gross = variables.revenue * (variables.margin + change.margin + change.price)
    return replace(
        variables,
        revenue=revenue,
        margin=gross / revenue if revenue > 0.0 else 0.0,
        support=variables.support * (1.0 + change.support),
        acquisition_cost=variables.acquisition_cost * (1.0 + change.acquisition_cost),
    )


def retained_more(alive: Floats, points: float) -> Floats:
    """This will lift a survival curve (months,) so that so much more is left after a year.

    Every month's chance of leaving is cut in the same proportion: ln S is scaled by one
    factor. A retention of 0 stays 0, and none passes 99.9 %.
    """
    year = float(alive[min(MONTHS, len(alive)) - 1])
    if not 0.0 < year < 1.0:
        return alive
    wanted = min(max(year + points, 1e-6), MOST_RETENTION)
    return np.asarray(np.power(alive, np.log(wanted) / np.log(year)))


def outcome(
    alive: Floats,
    variables: Variables,
    change: Change | None = None,
    *,
    discount_rate: float = YEARLY_DISCOUNT,
) -> Outcome:
    """This will value a new customer with survival S(1..months), shape (months,).

    Its first month is paid at the end of month 1 if it is still there then.
    """
    change = change or Change()
    now = changed(variables, change)
    there = retained_more(alive, change.retention)
    worth = float(there @ discounts(discount_rate, len(there)))
    clv = (now.revenue * now.margin - now.support) * worth
    return Outcome(
        clv=clv,
        profit=clv - now.acquisition_cost,
        retention=float(there[min(MONTHS, len(there)) - 1]),
        lifetime=float(there.sum()),
    )
