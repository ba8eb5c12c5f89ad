"""How long each source has been silent. Raw SQL: each answer stops at the first row."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from health.selectors.facts.moment import DAY, Moment
from health.selectors.facts.reading import planned

# Days that are looked at one by one before the newest of all is asked for.
LOOKED_BACK = 62
# The days of a partition stand together, and a small index knows where. The planner would
# rather look for the first row of a day by reading the whole month.
BY_DAY = (
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off;"
    " SET LOCAL enable_indexonlyscan = off"
)
USED = """
SELECT EXISTS (SELECT 1 FROM customers_usagedaily
  WHERE day = %(day)s AND recorded_on <= %(as_of)s)
"""
USED_BEFORE = """
SELECT max(day) FROM customers_usagedaily WHERE day < %(day)s AND recorded_on <= %(as_of)s
"""
OPENED = """
SELECT (max(opened_at) AT TIME ZONE %(zone)s)::date FROM customers_supportticket
WHERE opened_at < %(known)s AND recorded_at < %(known)s
"""
ISSUED = """
SELECT max(issued_on) FROM billing_invoice
WHERE issued_on <= %(as_of)s AND recorded_at < %(known)s
"""


@dataclass(frozen=True, slots=True)
class SourceAges:
    """Days since each source last spoke of anybody; −1 for never."""

    usage: int
    tickets: int
    invoices: int


def source_ages(moment: Moment) -> SourceAges:
    """This will return how old each source is.

    Cost: two statements, and one for each day without usage: milliseconds at any size.
    Usage that has been silent for two months costs a pass over what there is of it.
    """
    parameters: dict[str, Any] = {
        "as_of": moment.as_of,
        "known": moment.known_before,
        "zone": moment.time_zone,
    }
    with connection.cursor() as cursor:

        def day_of(statement: str) -> dt.date | None:
            cursor.execute(statement, parameters)
            return cursor.fetchone()[0]  # type: ignore[no-any-return]

        tickets, invoices = day_of(OPENED), day_of(ISSUED)
    return SourceAges(_usage_age(moment), _age(tickets, moment), _age(invoices, moment))


def _usage_age(moment: Moment) -> int:
    with planned(BY_DAY) as cursor:
        for age in range(LOOKED_BACK + 1):
            day = moment.as_of - age * DAY
            cursor.execute(USED, {"day": day, "as_of": moment.as_of})
            (found,) = cursor.fetchone()
            if found:
                return age
    with connection.cursor() as cursor:
        cursor.execute(USED_BEFORE, {"day": day, "as_of": moment.as_of})
        return _age(cursor.fetchone()[0], moment)


def _age(day: dt.date | None, moment: Moment) -> int:
    return -1 if day is None else (moment.as_of - day).days
