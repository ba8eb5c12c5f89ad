"""What is expected to be lost within 90 days, by stage, laid out for the page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from billing.calculations.rates import Rate, within
from billing.selectors.revenue_rows import MonthRow
from insights.churn_lines import lost_of
from insights.revenue_words import value_name
from insights.selectors.churn_forecast import StageForecast

MONTHS = 3


@dataclass(frozen=True, slots=True)
class AheadLine:
    """A stage; what is not known of it is None."""

    name: str
    customers: int
    mrr: float
    lost: float | None
    low: float | None
    high: float | None
    mrr_lost: float | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """All stages, and their sum."""

    lines: list[AheadLine]
    customers: int
    mrr: float
    lost: float
    mrr_lost: float
    failed: float | None  # of `lost`: because a payment fails


def ahead_learnt(rows: Sequence[StageForecast]) -> Ahead:
    """This will lay out the sums of the customers' own forecasts."""
    lines = [
        AheadLine(
            value_name("stage", row.stage, {}),
            row.customers,
            row.mrr,
            row.lost,
            row.low,
            row.high,
            row.mrr_lost,
        )
        for row in rows
    ]
    return _summed(lines, sum(row.failed for row in rows))


def ahead_observed(rows: Sequence[MonthRow], *, now: dt.date) -> Ahead:
    """This will carry the monthly shares of the months before `now` on for three months."""
    of: dict[str, list[MonthRow]] = {}
    for row in rows:
        of.setdefault(row.value, []).append(row)
    lines = []
    for stage, same in sorted(of.items()):
        past = [row for row in same if row.month < now]
        here = [row for row in same if row.month == now]
        found = lost_of(past, len(past))
        lines.append(_observed(stage, here, found.customers_rate, found.revenue_rate))
    return _summed([line for line in lines if line.customers or line.mrr], None)


def _observed(
    stage: str, here: list[MonthRow], customers: Rate | None, money: Rate | None
) -> AheadLine:
    paying = sum(row.customers_closing for row in here)
    paid = float(sum(row.closing for row in here))
    rate = within(customers, MONTHS) if customers else None
    worth = within(money, MONTHS) if money else None
    return AheadLine(
        value_name("stage", stage, {}),
        paying,
        paid,
        rate.share * paying if rate else None,
        rate.low * paying if rate and rate.low is not None else None,
        rate.high * paying if rate and rate.high is not None else None,
        worth.share * paid if worth else None,
    )


def _summed(lines: list[AheadLine], failed: float | None) -> Ahead:
    return Ahead(
        lines,
        sum(line.customers for line in lines),
        sum(line.mrr for line in lines),
        sum(line.lost or 0.0 for line in lines),
        sum(line.mrr_lost or 0.0 for line in lines),
        failed,
    )
