"""Churn measured four ways, laid out for the page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.calculations.rates import Rate, customers_lost, revenue_lost
from billing.enums import MovementKind
from billing.selectors.revenue_rows import MonthRow
from insights.revenue_lines import rows_url
from insights.revenue_words import value_name

# A reason is known only of those who left: nobody stays with one, so it has no rate.
RATELESS = {"reason"}
# More values than anybody reads; the rest is summed.
LISTED = 30


@dataclass(frozen=True, slots=True)
class Lost:
    """Who and what was lost in a period; amounts are above zero.

    `customers_rate` and `revenue_rate` are a month's, None where there are too few for
    one. `leaked_rate` counts what those who stayed pay less.
    """

    customers: int
    involuntary: int
    opening: int  # customers at the beginnings of the months, summed
    revenue: Decimal
    revenue_involuntary: Decimal
    contraction: Decimal
    months: int
    customers_rate: Rate | None
    revenue_rate: Rate | None
    leaked_rate: Rate | None

    @property
    def voluntary(self) -> int:
        return self.customers - self.involuntary

    @property
    def revenue_voluntary(self) -> Decimal:
        return self.revenue - self.revenue_involuntary

    @property
    def mean_opening(self) -> int:
        """How many customers there were at the beginning of a month, on average."""
        return round(self.opening / self.months) if self.months else 0


def lost_of(rows: Sequence[MonthRow], months: int) -> Lost:
    """This will sum the months of everybody or of one value of a dimension."""
    gone = sum(row.customers_lost for row in rows)
    opening = sum(row.customers_opening for row in rows)
    began = [float(row.opening) for row in rows]
    churned = [float(row.churn) for row in rows]
    leaked = [float(row.churn + row.contraction) for row in rows]
    mean = opening / months if months else 0
    rated = customers_lost(gone, opening) if mean >= FEW_A_MONTH else None
    return Lost(
        customers=gone,
        involuntary=sum(row.customers_lost_involuntary for row in rows),
        opening=opening,
        revenue=-sum((row.churn for row in rows), Decimal(0)),
        revenue_involuntary=-sum((row.churn_involuntary for row in rows), Decimal(0)),
        contraction=-sum((row.contraction for row in rows), Decimal(0)),
        months=months,
        customers_rate=rated,
        revenue_rate=revenue_lost(churned, began),
        leaked_rate=revenue_lost(leaked, began),
    )


# Customers a month on average, for a share of them to say anything.
FEW_A_MONTH = 5


@dataclass(frozen=True, slots=True)
class ChurnLine:
    """A value of the dimension."""

    name: str
    lost: Lost
    share: float | None  # of all customers lost
    revenue_share: float | None
    url: str


def churn_lines(
    rows: Sequence[MonthRow],
    dimension: str,
    *,
    names: dict[str, str],
    period: tuple[dt.date, dt.date],
    months: int,
) -> list[ChurnLine]:
    """This will lay out the values, the one that lost most revenue first, 30 at most."""
    of: dict[str, list[MonthRow]] = {}
    for row in rows:
        of.setdefault(row.value, []).append(row)
    found = {value: lost_of(same, months) for value, same in of.items()}
    everybody = sum(lost.customers for lost in found.values())
    whole = sum((lost.revenue for lost in found.values()), Decimal(0))
    order = sorted(found, key=lambda v: (-found[v].revenue, -found[v].customers, v))
    return [
        ChurnLine(
            value_name(dimension, value, names),
            found[value],
            found[value].customers / everybody if everybody else None,
            float(found[value].revenue / whole) if whole else None,
            rows_url(*period, kinds=[MovementKind.CHURN], by=dimension, value=value)
            if found[value].customers
            else "",
        )
        for value in order[:LISTED]
        if found[value].customers or found[value].opening or found[value].revenue
    ]
