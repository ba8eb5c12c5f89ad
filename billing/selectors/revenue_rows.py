"""What the selectors of the ledger return: rows of plain values."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DayRow:
    """Recurring revenue on a day, in one currency; "" is all converted."""

    day: dt.date
    currency: str
    opening: Decimal = ZERO
    new: Decimal = ZERO
    reactivation: Decimal = ZERO
    expansion: Decimal = ZERO
    contraction: Decimal = ZERO
    churn: Decimal = ZERO
    revaluation: Decimal = ZERO
    closing: Decimal = ZERO
    customers: int = 0
    customers_new: int = 0
    customers_back: int = 0
    customers_lost: int = 0


@dataclass(frozen=True, slots=True)
class MonthRow:
    """Recurring revenue and customers of a month, for one value of a dimension.

    Amounts are in the company's currency. `year_ago` is what was paid twelve months before
    the month's end; `kept_without` is what is left of it from customers who never stopped
    (GRR = kept_without / year_ago), `kept_with_expansion` the same with what they pay more
    (NRR).
    """

    month: dt.date
    dimension: str
    value: str
    opening: Decimal = ZERO
    new: Decimal = ZERO
    reactivation: Decimal = ZERO
    expansion: Decimal = ZERO
    contraction: Decimal = ZERO
    churn: Decimal = ZERO
    churn_involuntary: Decimal = ZERO
    revaluation: Decimal = ZERO
    closing: Decimal = ZERO
    customers_opening: int = 0
    customers_new: int = 0
    customers_back: int = 0
    customers_lost: int = 0
    customers_lost_involuntary: int = 0
    customers_closing: int = 0
    year_ago: Decimal = ZERO
    kept_with_expansion: Decimal = ZERO
    kept_without: Decimal = ZERO
    renewals_due: int = 0
    renewals_kept: int = 0
    renewals_due_mrr: Decimal = ZERO
    renewals_kept_mrr: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class CohortRow:
    """What is left of the customers who first paid in a month, so many months later."""

    cohort: dt.date
    age: int
    customers: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class MovementRow:
    """A line of the ledger, with its customer's name."""

    id: int
    customer_id: int
    customer: str
    day: dt.date
    currency: str
    kind: int
    amount: Decimal
    before: Decimal
    after: Decimal
    converted: Decimal | None


@dataclass(frozen=True, slots=True)
class ConventionRow:
    """What a preset says of a month, in the company's currency."""

    preset: str
    month: dt.date
    opening: Decimal = ZERO
    new: Decimal = ZERO
    reactivation: Decimal = ZERO
    expansion: Decimal = ZERO
    contraction: Decimal = ZERO
    churn: Decimal = ZERO
    revaluation: Decimal = ZERO
    closing: Decimal = ZERO
    customers_lost: int = 0
    customers_new: int = 0


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A customer of whom a preset says another thing than the conventions in force.

    Amounts are the preset's less those in force, in the customer's currency; `closing`
    holds until the customer's next row.
    """

    preset: str
    month: dt.date
    customer_id: int
    customer: str
    currency: str
    new: Decimal
    reactivation: Decimal
    expansion: Decimal
    contraction: Decimal
    churn: Decimal
    closing: Decimal
