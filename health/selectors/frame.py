"""The measures of customers as of any day, reading only what was known then.

One statement per table of facts streams a range of customers along a covering index (all
of them begin with the customer), so the cost per customer is the same at any size.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from common.dates import POSTGRES_EPOCH
from health.calculations.facts import Facts
from health.selectors.facts.ages import SourceAges, source_ages
from health.selectors.facts.moment import Moment
from health.selectors.facts.whole import facts_read

__all__ = [
    "Moment",
    "SourceAges",
    "database_now",
    "facts_of",
    "source_ages",
    "to_postgres_days",
]


def facts_of(
    moment: Moment,
    ages: SourceAges,
    *,
    first: int,
    last: int,
    late: Mapping[str, int] | None = None,
) -> Facts:
    """This will return the facts of the current customers in an id range as columns.

    Current: a customer by then that has not left, or has subscribed again since. Ages
    are days before the day, −1 for never. The windows of a `late` source (days late) end
    with its last day on time: its silence is not its customers'. Cost: 13 statements, one
    pass over the range of each table; two more where somebody pays in another currency or
    usage was corrected.
    """
    facts = facts_read(moment, first=first, last=last, late=late or {})
    size = len(facts["customer_id"])
    facts["usage_source_age"] = _constant(ages.usage, size)
    facts["ticket_source_age"] = _constant(ages.tickets, size)
    facts["invoice_source_age"] = _constant(ages.invoices, size)
    return facts


def database_now() -> dt.datetime:
    """This will return the database's time, the one that leases and ends count in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def _constant(value: int, size: int) -> NDArray[Any]:
    return np.full(size, value, dtype=np.int32)


def to_postgres_days(as_of: dt.date, age: NDArray[Any]) -> NDArray[np.int32]:
    """This will turn ages in days (−1 for none) into PostgreSQL day numbers (or −1)."""
    base = (as_of - POSTGRES_EPOCH).days
    return np.where(age < 0, -1, base - age).astype(np.int32)
