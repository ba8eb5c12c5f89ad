"""The measures of customers as of any day, reading only what was known then.

One statement per range of customers streams every fact table along its covering index
(all of them begin with the customer), so the cost per customer is the same at any size.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from common.copy import read_copy
from common.dates import POSTGRES_EPOCH
from health.calculations.facts import COLUMNS as ALL_COLUMNS
from health.calculations.facts import Facts
from health.selectors.frame_sql import COLUMNS, FACTS


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and the moment before which a fact had to be known to count."""

    as_of: dt.date
    known_before: dt.datetime
    time_zone: str
    currency: str


@dataclass(frozen=True, slots=True)
class SourceAges:
    """Days since each source last spoke of anybody; −1 for never."""

    usage: int
    tickets: int
    invoices: int


def facts_of(moment: Moment, ages: SourceAges, *, first: int, last: int) -> Facts:
    """This will return the facts of the current customers in an id range as columns.

    Current: a customer by then that has not left, or has subscribed again since. Ages
    are days before the day, −1 for never. Cost: one statement, one pass over the range.
    """
    parameters = {
        "as_of": moment.as_of,
        "known": moment.known_before,
        "zone": moment.time_zone,
        "currency": moment.currency,
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        query = cursor.mogrify(FACTS, parameters).decode()
        facts = read_copy(cursor, query, COLUMNS)
    size = len(facts["customer_id"])
    for name, kind in ALL_COLUMNS.items():
        if name not in facts:
            none = {"boolean": False}.get(kind, -1)
            facts[name] = np.full(
                size, none, dtype=np.bool_ if kind == "boolean" else float
            )
    facts["usage_source_age"] = _constant(ages.usage, size)
    facts["ticket_source_age"] = _constant(ages.tickets, size)
    facts["invoice_source_age"] = _constant(ages.invoices, size)
    return facts


def source_ages(moment: Moment) -> SourceAges:
    """This will return how old each source is. Three scans that stop at two months."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT
              (SELECT max(day) FROM customers_usagedaily
                WHERE day BETWEEN %(as_of)s - 62 AND %(as_of)s
                  AND recorded_on <= %(as_of)s),
              (SELECT max(opened_at AT TIME ZONE %(zone)s)::date
                 FROM customers_supportticket
                WHERE opened_at < %(known)s AND recorded_at < %(known)s),
              (SELECT max(issued_on) FROM billing_invoice
                WHERE issued_on <= %(as_of)s AND recorded_at < %(known)s)
            """,
            {
                "as_of": moment.as_of,
                "known": moment.known_before,
                "zone": moment.time_zone,
            },
        )
        usage, tickets, invoices = cursor.fetchone()
    return SourceAges(*(_age(day, moment.as_of) for day in (usage, tickets, invoices)))


def database_now() -> dt.datetime:
    """This will return the database's time, the one that leases and ends count in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def _age(day: dt.date | None, as_of: dt.date) -> int:
    return -1 if day is None else (as_of - day).days


def _constant(value: int, size: int) -> NDArray[Any]:
    return np.full(size, value, dtype=np.int32)


def to_postgres_days(as_of: dt.date, age: NDArray[Any]) -> NDArray[np.int32]:
    """This will turn ages in days (−1 for none) into PostgreSQL day numbers (or −1)."""
    base = (as_of - POSTGRES_EPOCH).days
    return np.where(age < 0, -1, base - age).astype(np.int32)
