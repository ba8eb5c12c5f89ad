"""What a customer brings and costs in a month: revenue, its growth, and support.

    contribution = margin · revenue − cost of a ticket · tickets

never revenue itself. Rates of tickets are pulled towards the plan's by a gamma prior whose
strength the data tell (Gelman et al., Bayesian Data Analysis, 3rd edition, section 2.6).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.landmarks import MONTH_DAYS, Landmarks
from health.calculations.scoring import Floats

# Customer-months without growth that are thought of before any are seen.
GROWTH_PRIOR_MONTHS = 600.0
MOST_GROWTH = 0.01  # a month; beyond it a forecast over years is not believed
MOST_SPREAD = 0.2


@dataclass(frozen=True, slots=True)
class Growth:
    """How the revenue of customers that stay moves, of its logarithm and per month."""

    mean: float
    spread: float  # standard deviation


@dataclass(frozen=True, slots=True)
class Contribution:
    """What n customers bring in the coming month, and how it moves."""

    gross: Floats  # (n,) revenue · margin
    tickets: Floats  # (n,) expected in a month
    ticket_cost: float
    growth: Growth = Growth(0.0, 0.0)

    @property
    def support(self) -> Floats:
        """What support costs in a month, (n,)."""
        return self.tickets * self.ticket_cost

    def chosen(self, rows: NDArray[Any]) -> "Contribution":
        """This will return some of the customers, by a mask or by places."""
        return Contribution(
            self.gross[rows], self.tickets[rows], self.ticket_cost, self.growth
        )


def earned_so_far(
    paid: Floats,
    tickets: Floats,
    acquisition_cost: Floats,
    *,
    margin: float,
    ticket_cost: float,
) -> Floats:
    """This will return paid · margin − tickets · cost − acquisition cost, (n,)."""
    return paid * margin - tickets * ticket_cost - acquisition_cost


@dataclass(frozen=True, slots=True)
class TicketRates:
    """How many tickets customers of a plan open in a month, and how much alike they are."""

    plans: tuple[int, ...]
    rates: tuple[float, ...]  # a month
    rest: float  # of plans that were not seen
    shape: float  # of the gamma prior; the larger, the more alike

    def of(
        self, tickets: Floats, months: Floats, plan: NDArray[np.integer[Any]]
    ) -> Floats:
        """This will estimate each customer's tickets a month from those of so many months.

        Pulled towards its plan's rate; a customer without months has just that. (n,).
        """
        rate = np.full(len(plan), self.rest)
        for known, value in zip(self.plans, self.rates, strict=True):
            rate[plan == known] = value
        return np.where(
            rate > 0.0,
            (tickets + self.shape) / (months + self.shape / np.maximum(rate, 1e-9)),
            0.0,
        )


NO_TICKETS = TicketRates((), (), 0.0, 1.0)


def learn_ticket_rates(
    tickets: Floats, months: Floats, plan: NDArray[np.integer[Any]]
) -> TicketRates:
    """This will learn rates from n customers' tickets in so many months each.

    Customers of a plan are as alike as the data tell: entirely where they differ no more
    than chance makes them.
    """
    if not len(plan):
        return NO_TICKETS
    plans, place = np.unique(plan, return_inverse=True)
    counted, exposed = (np.bincount(place, column) for column in (tickets, months))
    rates = counted / np.maximum(exposed, 1e-9)
    expected = rates[place] * months
    beyond_chance = ((tickets - expected) ** 2 - expected).sum()
    likeness = (expected**2).sum() / max(float(beyond_chance), 1e-9)
    return TicketRates(
        tuple(plans.tolist()),
        tuple(rates.tolist()),
        float(tickets.sum() / max(float(months.sum()), 1e-9)),
        max(min(float(likeness), 1e6), 1e-9),
    )


def ticket_rates(
    tickets: Floats, months: Floats, group: NDArray[np.integer[Any]]
) -> Floats:
    """This will estimate each customer's tickets a month, learnt from the same customers."""
    return learn_ticket_rates(tickets, months, group).of(tickets, months, group)


def revenue_growth(rows: Landmarks) -> Growth:
    """This will learn how revenue moves from the same customers on following days.

    The mean is pulled towards none and held within 1 % a month. Customers that pay nothing
    on one of the days are left out.
    """
    order = np.lexsort((rows.day, rows.customer))
    who, day, paid = rows.customer[order], rows.day[order], rows.mrr[order]
    same = (who[1:] == who[:-1]) & (paid[1:] > 0.0) & (paid[:-1] > 0.0)
    step = np.log(paid[1:][same] / paid[:-1][same])
    months = float(np.diff(day)[same].sum()) / MONTH_DAYS
    mean = float(step.sum()) / (months + GROWTH_PRIOR_MONTHS)
    spread = float(np.sqrt((step**2).sum() / max(months, 1.0)))
    return Growth(
        float(np.clip(mean, -MOST_GROWTH, MOST_GROWTH)), min(spread, MOST_SPREAD)
    )
