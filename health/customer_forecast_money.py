"""What a customer is worth, line by line, so that what is shown adds up."""

from dataclasses import dataclass
from decimal import Decimal

from health.calculations.facts import Facts
from health.calculations.scoring import round_to_sum
from health.models import Standing

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Worth:
    """Whole amounts in the company's currency; costs are below 0.

    margin + support + acquisition = earned, and earned + expected = value. `paid` is what
    the margin is a share of, `tickets` what support costs count.
    """

    paid: float
    share: float  # the margin, 0..1
    tickets: int
    margin: int
    support: int
    acquisition: int
    earned: int
    expected: int
    value: int


def worth_of(standing: Standing, facts: Facts) -> Worth:
    """This will part a customer's value into what it earned and what is to come."""
    economics = standing.run.parameters["economics"]
    share, cost = economics["margin"], economics["support_cost"]
    paid, tickets = float(facts["earned"][0]), int(facts["tickets_total"][0])
    parts = [paid * share, -tickets * cost, -float(facts["acquisition_cost"][0])]
    earned, value = round(sum(parts)), round(standing.clv)
    margin, support, acquisition = round_to_sum(parts, earned)
    return Worth(
        paid,
        share,
        tickets,
        margin,
        support,
        acquisition,
        earned,
        value - earned,
        value,
    )


@dataclass(frozen=True, slots=True)
class Textbook:
    """(yearly revenue × years) − acquisition cost, as people know it."""

    yearly: Decimal
    years: float
    acquisition: float
    value: Decimal


def textbook_of(standing: Standing, facts: Facts) -> Textbook | None:
    """This will take the simple formula apart; None where a customer pays nothing."""
    yearly = standing.mrr * MONTHS
    if not yearly:
        return None
    acquisition = float(facts["acquisition_cost"][0])
    years = (float(standing.clv_textbook) + acquisition) / float(yearly)
    return Textbook(yearly, years, acquisition, standing.clv_textbook)


def lost_by_leaving(standing: Standing) -> float | None:
    """This will return what leaving within 90 days would lose; None if it cannot be."""
    if not standing.churn:
        return None
    return float(standing.value_at_risk) / standing.churn
