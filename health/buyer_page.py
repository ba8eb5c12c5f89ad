"""What the page of a forecast tells of a customer that buys without a subscription."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from health.calculations.buyers import Bought, Buyers, who_buys
from health.calculations.buyers_forecast import Terms, buyers_forecast
from health.models import Standing
from health.services.customer_forecast import CustomerForecast

YEAR = 12


@dataclass(frozen=True, slots=True)
class BuyerYear:
    """A year to come; of the last one only the months within the horizon."""

    number: int
    purchases: float  # expected in it
    alive: float  # the chance of being a customer at its end


@dataclass(frozen=True, slots=True)
class Expected:
    """What was learnt of all buyers, and what it says of this one."""

    customers: int
    returned: int
    spend: float  # of a purchase
    worth: float  # what is left of it
    years: list[BuyerYear]


@dataclass(frozen=True, slots=True)
class BuyerPage:
    """What a customer bought so far, and what it may be expected to buy."""

    purchases: int
    first: dt.date
    last: dt.date
    limit: float  # below this chance of being alive customers count as gone
    expected: Expected | None  # None where too few have come back to learn from

    @property
    def once(self) -> bool:
        return self.purchases == 1


def buyer_page(standing: Standing, found: CustomerForecast) -> BuyerPage | None:
    """This will tell of a customer's purchases; None where it has had a subscription."""
    facts = found.facts
    if not who_buys(facts)[0]:
        return None
    economics = standing.run.parameters["economics"]
    terms = Terms(
        margin=economics["margin"],
        ticket_cost=economics["support_cost"],
        discount_rate=economics["discount_rate"],
        months=economics["horizon_months"],
        gone_below=economics.get("gone_below", 0.0),
    )
    buyers = found.content.buyers
    bought = Bought.of(facts, np.array([0]))

    # The facts count from the last day on which invoices were on time.
    end = standing.run.as_of - dt.timedelta(
        days=standing.run.parameters.get("late", {}).get("invoices", 0)
    )

    def ago(name: str) -> dt.date:
        return end - dt.timedelta(days=int(facts[name][0]))

    return BuyerPage(
        purchases=int(facts["purchases"][0]),
        first=ago("first_purchase_days"),
        last=ago("last_purchase_days"),
        limit=terms.gone_below,
        expected=_expected(buyers, bought, terms) if buyers else None,
    )


def _expected(buyers: Buyers, bought: Bought, terms: Terms) -> Expected:
    said = buyers_forecast(buyers, bought, terms)
    months = terms.months
    return Expected(
        customers=buyers.purchases.customers_,
        returned=buyers.purchases.repeaters_,
        spend=float(said.spend[0]),
        worth=float(said.worth[0]),
        years=[
            BuyerYear(
                number=number,
                purchases=float(said.purchases[0, start : start + YEAR].sum()),
                alive=float(said.survival[0, min(start + YEAR, months) - 1]),
            )
            for number, start in enumerate(range(0, months, YEAR), 1)
        ],
    )
