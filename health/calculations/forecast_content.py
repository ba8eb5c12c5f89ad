"""What a version of the forecasts holds: all that a night needs to forecast anybody."""

from dataclasses import dataclass
from typing import Any, Self

from health.calculations import lifetime_json
from health.calculations.buyers import Buyers
from health.calculations.churn.bands import BandRates
from health.calculations.churn.choosing import Method
from health.calculations.churn.frozen_json import from_json, to_json
from health.calculations.churn.model import ChurnModel
from health.calculations.conformal import NONE, Widening
from health.calculations.contribution import NO_TICKETS, Growth, TicketRates
from health.calculations.landmarks import Landmarks
from health.calculations.lifetime import Lifetimes
from health.calculations.rates import Estimate, shrunken_share
from health.calculations.sum_ranges import SumDoubt


@dataclass(frozen=True, slots=True)
class ForecastContent:
    """The parts of a version; none of them ever changes once it is saved.

    `churn` is None where `method` is no model; the band's rate is used then.
    `base` is the company's own rate of leaving within 90 days. `buyers` are those without
    a subscription; None where there are too few to learn from.
    """

    method: Method
    churn: ChurnModel | None
    bands: BandRates  # by number of the band
    base: Estimate
    lifetimes: Lifetimes  # fitted
    growth: Growth
    tickets: TicketRates
    widening: Widening  # by plan
    buyers: Buyers | None = None
    sums: SumDoubt | None = None  # None in versions of older releases

    def as_json(self) -> dict[str, Any]:
        """This will return what `from_json` reads back without losing a bit."""
        return {
            "method": str(self.method),
            "churn": None if self.churn is None else self.churn.as_json(),
            "bands": self.bands.as_json(),
            "base": to_json(self.base),
            "lifetimes": lifetime_json.as_json(self.lifetimes),
            "growth": to_json(self.growth),
            "tickets": to_json(self.tickets),
            "widening": to_json(self.widening),
            "buyers": None if self.buyers is None else self.buyers.as_json(),
            "sums": to_json(self.sums),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """This will read what `as_json` wrote."""
        return cls(
            method=Method(data["method"]),
            churn=data["churn"] and ChurnModel.from_json(data["churn"]),
            bands=BandRates.from_json(data["bands"]),
            base=from_json(Estimate, data["base"]),
            lifetimes=lifetime_json.from_json(data["lifetimes"]),
            growth=from_json(Growth, data["growth"]),
            tickets=from_json(TicketRates, data["tickets"]),
            widening=from_json(Widening, data["widening"]),
            buyers=data["buyers"] and Buyers.from_json(data["buyers"]),
            sums=data.get("sums") and from_json(SumDoubt, data["sums"]),
        )

    @classmethod
    def assumed(cls, prior: tuple[float, ...], nobody: Landmarks) -> Self:
        """This will return what holds where nothing has been learnt yet.

        `prior` are the rates by band that the scorecard assumes; `nobody` are no rows.
        """
        base = sum(prior) / len(prior)
        bands = tuple(shrunken_share(0, 0, towards=rate) for rate in prior)
        return cls(
            method=Method.PRIOR,
            churn=None,
            bands=BandRates(bands, 0.0),
            base=shrunken_share(0, 0, towards=base),
            lifetimes=Lifetimes().fit(nobody),
            growth=Growth(0.0, 0.0),
            tickets=NO_TICKETS,
            widening=NONE,
        )
