"""What the customers there are will bring, and what would change it.

Worked out from the sums that a run keeps by group (a segment and a plan), month by month:
customers expected to be there, revenue and tickets, each times the chance of being there.

    expected margin = Σ_{t=1..T} (margin · revenue_t − cost of a ticket · tickets_t) / (1+r)^(t/12)
    profit a year   = the same over the first 12 months, not discounted
    lifetime        = Σ_{t=1..T} there_t / customers, in months within the horizon

The sums are linear in margin and costs, so these, the discount rate and a shorter horizon
are exact. Retention is not: every month's chance of leaving is cut in one proportion, ln S
is scaled by one factor for all groups (proportional hazards; Cox 1972, Regression models
and life-tables), as if the customers of a group were alike.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from health.calculations.clv import MONTHS_IN_FORECAST, Floats, discounts
from health.calculations.economics import MOST_RETENTION

YEAR = 12
LEAST_RETENTION = 1.0 - MOST_RETENTION
# Halvings of the interval that the factor is looked for in, and its ends, as logarithms.
HALVINGS, WIDEST = 60, 12.0


@dataclass(frozen=True, slots=True)
class Paths:
    """What g groups will bring: (g,) now and (g, months) from month 1 on."""

    customers: Floats
    mrr: Floats
    alive: Floats
    revenue: Floats
    tickets: Floats
    growth: float = 0.0  # of the revenue of those who stay, as a logarithm a month

    @property
    def months(self) -> int:
        """How far the paths look ahead."""
        return int(self.alive.shape[1])

    def chosen(self, groups: NDArray[np.bool_]) -> Self:
        """This will return some of the groups, by a mask (g,)."""
        return replace(
            self,
            customers=self.customers[groups],
            mrr=self.mrr[groups],
            alive=self.alive[groups],
            revenue=self.revenue[groups],
            tickets=self.tickets[groups],
        )


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the company reckons with. Shares are 0 to 1, amounts in its currency."""

    margin: float
    ticket_cost: float
    discount_rate: float
    horizon: int  # months


@dataclass(frozen=True, slots=True)
class Change:
    """What if: differences, but for the last two, which take the place of what counts."""

    retention: float = 0.0  # of the customers there after a year: 0.05 for five points
    price: float = 0.0  # as a share of today's
    lost: float = 0.0  # share of the customers that leave because of it, at once
    margin: float = 0.0  # points of today's price, 0.05 for five
    ticket_cost: float = 0.0  # as a share of today's
    discount_rate: float | None = None
    horizon: int | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """What the groups will bring, (g,) each; amounts in the company's currency."""

    customers: Floats
    expected: Floats  # margin over the horizon, discounted
    year: Floats  # margin of the coming 12 months
    months: Floats  # months of customers within the horizon
    kept: Floats  # customers there after a year

    def chosen(self, groups: NDArray[np.bool_]) -> "Worth":
        """This will return some of the groups, by a mask (g,)."""
        return Worth(
            self.customers[groups],
            self.expected[groups],
            self.year[groups],
            self.months[groups],
            self.kept[groups],
        )

    @property
    def whole(self) -> "Outcome":
        """All groups together."""
        customers = float(self.customers.sum())
        total = float(self.expected.sum())
        return Outcome(
            customers=customers,
            total=total,
            each=_ratio(total, customers),
            year=float(self.year.sum()),
            lifetime=_ratio(float(self.months.sum()), customers),
            kept=_ratio(float(self.kept.sum()), customers),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What some customers will bring. NaN by customer where there is none."""

    customers: float
    total: float  # margin over the horizon, discounted
    each: float  # of it, by customer
    year: float  # margin of the coming 12 months
    lifetime: float  # months within the horizon
    kept: float  # share there after a year


def _ratio(value: float, by: float) -> float:
    return value / by if by else float("nan")


@dataclass(frozen=True, slots=True)
class Averages:
    """The variables of the formula: what an average customer is like. NaN of nobody."""

    value: float  # margin over the horizon, discounted
    revenue: float  # recurring, a month
    kept: float  # share there after a year
    lifetime: float  # months within the horizon
    service: float  # cost of its tickets, a month


def averages(paths: Paths, assumptions: Assumptions) -> Averages:
    """This will work the variables out over all groups; tickets are those of month 1."""
    found = worth(paths, assumptions).whole
    tickets, there = paths.tickets[:, 0].sum(), paths.alive[:, 0].sum()
    return Averages(
        value=found.each,
        revenue=_ratio(float(paths.mrr.sum()), found.customers),
        kept=found.kept,
        lifetime=found.lifetime,
        service=_ratio(assumptions.ticket_cost * float(tickets), float(there)),
    )


def worth(paths: Paths, assumptions: Assumptions) -> Worth:
    """This will value paths. Cost: O(g · months)."""
    until = min(assumptions.horizon, paths.months)
    monthly = _contribution(paths, assumptions)
    return Worth(
        customers=paths.customers,
        expected=monthly[:, :until] @ discounts(assumptions.discount_rate, until),
        year=monthly[:, :YEAR].sum(axis=1),
        months=paths.alive[:, :until].sum(axis=1),
        kept=_after_a_year(paths),
    )


def _contribution(paths: Paths, assumptions: Assumptions) -> Floats:
    return assumptions.margin * paths.revenue - assumptions.ticket_cost * paths.tickets


def _after_a_year(paths: Paths) -> Floats:
    kept: Floats = paths.alive[:, min(YEAR, paths.months) - 1]
    return kept


def changed(assumptions: Assumptions, change: Change) -> Assumptions:
    """This will apply a change to what is reckoned with.

    A dearer product costs no more to deliver, so of a higher price all is margin: of 110
    for what was 100 at a margin of 80 %, 90 remain. Points of margin are of today's price.
    """
    left = assumptions.margin + change.margin + change.price
    price = 1.0 + change.price
    rate, horizon = change.discount_rate, change.horizon
    return Assumptions(
        margin=left / price if price > 0.0 else 0.0,
        ticket_cost=assumptions.ticket_cost * (1.0 + change.ticket_cost),
        discount_rate=assumptions.discount_rate if rate is None else rate,
        horizon=assumptions.horizon if horizon is None else horizon,
    )


def moved(paths: Paths, change: Change) -> Paths:
    """This will apply a change to what customers do and pay."""
    kept = retained(paths, change.retention)
    there, paid = 1.0 - change.lost, 1.0 + change.price
    return replace(
        kept,
        customers=kept.customers * there,
        mrr=kept.mrr * (there * paid),
        alive=kept.alive * there,
        revenue=kept.revenue * (there * paid),
        tickets=kept.tickets * there,
    )


def what_if(paths: Paths, assumptions: Assumptions, change: Change) -> Worth:
    """This will value paths after a change."""
    return worth(moved(paths, change), changed(assumptions, change))


def retained(paths: Paths, points: float) -> Paths:
    """This will keep so much more of all customers over a year, 0.05 for five points.

    Between 0.1 % and 99.9 % of them. Revenue and tickets fall more slowly in the same
    proportion as the customers do, by what is left of each: never above what there would
    be if everybody stayed. With no points nothing changes, to the last bit.
    """
    factor = hazard_factor(paths, points)
    if factor == 1.0:
        return paths
    customers = paths.customers[:, None]
    month = np.arange(1, paths.months + 1)
    grown = paths.mrr[:, None] * np.exp(paths.growth * month)
    near = _left(paths.alive, customers)[:, :1]
    # Without recurring revenue, or of tickets, what all would bring is told by month 1.
    revenue = np.where(grown > 0.0, grown, _over(paths.revenue[:, :1], near))
    tickets = _over(paths.tickets[:, :1], near)
    return replace(
        paths,
        alive=_scaled(paths.alive, customers, factor),
        revenue=_scaled(paths.revenue, revenue, factor),
        tickets=_scaled(paths.tickets, tickets, factor),
    )


def _over(part: Floats, share: Floats) -> Floats:
    return np.divide(part, share, out=np.zeros_like(part), where=share > 0.0)


def _left(series: Floats, whole: Floats) -> Floats:
    """This will return the shares that are left of what would be there, 0 to 1."""
    share = np.divide(series, whole, out=np.zeros_like(series), where=whole > 0.0)
    return np.clip(share, 0.0, 1.0)


def _scaled(series: Floats, whole: Floats, factor: float) -> Floats:
    """This will scale ln of the share that is left; nothing left stays nothing."""
    left = _left(series, whole)
    lift = np.power(left, factor - 1.0, out=np.zeros_like(left), where=left > 0.0)
    return series * lift


def hazard_factor(paths: Paths, points: float) -> float:
    """This will return what all chances of leaving are multiplied by, roughly.

    Exactly: what ln S is multiplied by in every group, so that of all customers so many
    points more are there after a year; found by halving. 1 where there is nothing to find.
    """
    everybody = float(paths.customers.sum())
    left = _left(_after_a_year(paths), paths.customers)
    kept = _ratio(float(paths.customers @ left), everybody)
    if not points or not 0.0 < kept < 1.0:
        return 1.0
    wanted = min(kept + points, max(kept, MOST_RETENTION))
    wanted = max(wanted, min(kept, LEAST_RETENTION))
    low, high = -WIDEST, WIDEST
    for _turn in range(HALVINGS):
        middle = (low + high) / 2.0
        share = float(paths.customers @ np.power(left, np.exp(middle))) / everybody
        low, high = (middle, high) if share > wanted else (low, middle)
    return float(np.exp((low + high) / 2.0))


def lost_at_most(
    paths: Paths, assumptions: Assumptions, change: Change
) -> float | None:
    """This will return the share of customers that may leave before a price loses money.

    The whole value is proportional to the customers that stay, so 1 − before / after,
    where both hold all of the change but its price and who leaves because of it. Below 0
    for a lower price: so many more must come. None where either is not above 0.
    """
    stay = replace(change, lost=0.0)
    before = what_if(paths, assumptions, replace(stay, price=0.0)).whole.total
    after = what_if(paths, assumptions, stay).whole.total
    return 1.0 - before / after if before > 0.0 and after > 0.0 else None


def risk_scaled(
    at_risk: Floats, paths: Paths, then: Assumptions, now: Assumptions
) -> Floats:
    """This will estimate (g,) values at risk by other settings than they were made with.

    What a customer would be missed for lies behind month 3; a group's is scaled as that
    part of its path is. Exact where the customers of a group are alike.
    """
    was, will = _later(paths, then), _later(paths, now)
    scale = np.divide(will, was, out=np.ones_like(was), where=was > 0.0)
    return at_risk * np.maximum(scale, 0.0)


def _later(paths: Paths, assumptions: Assumptions) -> Floats:
    until = min(assumptions.horizon, paths.months)
    rates = discounts(assumptions.discount_rate, until)[MONTHS_IN_FORECAST:]
    later: Floats = (
        _contribution(paths, assumptions)[:, MONTHS_IN_FORECAST:until] @ rates
    )
    return later
