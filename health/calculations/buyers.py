"""Customers who buy without a subscription: what is learnt of all of them together.

How often they come back is the BG/NBD model's (`bgnbd`), what a purchase is worth the
gamma-gamma model's (`gamma_gamma`). Times are in days, and all that is bought on one day is
one purchase. What becomes of each of them is in `buyers_forecast`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from health.calculations.acquired import ASSUMED_MISS
from health.calculations.bgnbd import BGNBD
from health.calculations.bgnbd_likelihood import Histories, cost
from health.calculations.churn.frozen_json import from_json, to_json
from health.calculations.conformal import NONE, Widening
from health.calculations.contribution import (
    NO_TICKETS,
    TicketRates,
    learn_ticket_rates,
)
from health.calculations.facts import Facts
from health.calculations.gamma_gamma import GammaGamma, frequency_value_correlation
from health.calculations.scoring import Floats

# With fewer buyers, or fewer who came back, nothing is learnt.
LEAST_BUYERS, LEAST_RETURNING = 100, 30
PURCHASES = ("r_", "alpha_", "a_", "b_", "log_likelihood_", "customers_", "repeaters_")
SPEND = ("p_", "q_", "gamma_", "log_likelihood_", "customers_")
# How far ln r, α, a, b may lie from 0 before anything is known, and the step that tells how
# the slope of the likelihood changes.
SPREAD, STEP = 4.0, 1e-4

Doubt = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Bought:
    """What n buyers have bought so far, (n,) each."""

    x: Floats  # purchases after the first
    recency: Floats  # days from the first purchase to the last
    age: Floats  # days since the first purchase
    mean: Floats  # of the purchases after the first; 0 without any
    tickets: Floats  # support tickets so far

    @classmethod
    def of(cls, facts: Facts, rows: NDArray[Any]) -> Self:
        """This will take buyers out of the facts of a day, by a mask or by places."""
        first = facts["first_purchase_days"][rows].astype(np.float64)
        return cls(
            x=facts["purchases"][rows] - 1.0,
            recency=first - facts["last_purchase_days"][rows],
            age=first,
            mean=facts["purchase_mean"][rows],
            tickets=facts["tickets_total"][rows].astype(np.float64),
        )

    def chosen(self, rows: NDArray[Any]) -> Self:
        """This will return some of the buyers, by a mask or by places."""
        columns = (self.x, self.recency, self.age, self.mean, self.tickets)
        return type(self)(*(column[rows] for column in columns))


def who_buys(facts: Facts) -> NDArray[np.bool_]:
    """This will say who buys and never had a subscription, as known on the day, (n,)."""
    return np.asarray(facts["purchases"] > 0)


@dataclass(frozen=True, slots=True)
class Buyers:
    """What was learnt of customers that buy without a subscription; times in days.

    `doubt` is the covariance of ln r, α, a, b; `correlation` that of how often and how
    much they buy, which the model supposes to be about 0 (None: cannot be told). `widening`
    and `miss` are what a forecast of a year ago teaches of ranges, and of sums.
    """

    purchases: BGNBD
    spend: GammaGamma | None  # None where nobody has come back with an amount
    tickets: TicketRates = NO_TICKETS  # for each purchase
    doubt: Doubt = ()
    correlation: float | None = None
    widening: Widening = NONE
    miss: float = ASSUMED_MISS  # of sums, as a share

    def as_json(self) -> dict[str, Any]:
        """This will return what `from_json` reads back without losing a bit."""
        return {
            "purchases": _kept(self.purchases, PURCHASES),
            "spend": None if self.spend is None else _kept(self.spend, SPEND),
            "tickets": to_json(self.tickets),
            "doubt": to_json(self.doubt),
            "correlation": self.correlation,
            "widening": to_json(self.widening),
            "miss": self.miss,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """This will read what `as_json` wrote."""
        purchases, spend = BGNBD(), None
        vars(purchases).update(data["purchases"])
        if data["spend"] is not None:
            spend = GammaGamma()
            vars(spend).update(data["spend"])
        return cls(
            purchases,
            spend,
            from_json(TicketRates, data["tickets"]),
            tuple(tuple(row) for row in data["doubt"]),
            data["correlation"],
            # Older versions were not checked.
            from_json(Widening, data["widening"]) if "widening" in data else NONE,
            data.get("miss", ASSUMED_MISS),
        )


def learn_buyers(bought: Bought) -> Buyers | None:
    """This will learn from n buyers; None where too few bought, or too few came back.

    The same rows give the same result. Cost: that of `BGNBD.fit`, 20 s for a million who
    all differ.
    """
    x, mean = bought.x, bought.mean
    if len(x) < LEAST_BUYERS or np.count_nonzero(x) < LEAST_RETURNING:
        return None
    purchases = BGNBD().fit(x, bought.recency, bought.age)
    paid = np.where(mean > 0.0, x, 0.0)
    everyone = np.zeros(len(x), dtype=np.int64)
    return Buyers(
        purchases,
        GammaGamma().fit(paid, mean) if paid.any() else None,
        learn_ticket_rates(bought.tickets, x + 1.0, everyone),
        _doubt(purchases, bought),
        frequency_value_correlation(paid, mean),
    )


def _doubt(model: BGNBD, bought: Bought) -> Doubt:
    """This will say how well the parameters are known: the inverse of the information.

    With a weak normal prior around 0, so that it exists where a shape is at its edge.
    """
    unit = max(float(bought.age.max()), 1.0)
    rows = Histories.counted(bought.x, bought.recency / unit, bought.age / unit)
    place = np.log([model.r_, model.alpha_ / unit, model.a_, model.b_])
    slopes = [
        (cost(rows, place + step)[1] - cost(rows, place - step)[1]) / (2.0 * STEP)
        for step in STEP * np.eye(4)
    ]
    information = len(bought.x) * np.array(slopes)
    values, vectors = np.linalg.eigh((information + information.T) / 2.0)
    certain = np.maximum(values, 0.0) + SPREAD**-2
    found = (vectors / certain) @ vectors.T
    return tuple(tuple(row) for row in found.tolist())


def _kept(model: BGNBD | GammaGamma, names: Iterable[str]) -> dict[str, float]:
    return {name: getattr(model, name) for name in names}
