"""Filling the table of renewals, and what follows from it, by one statement each.

Raw: INSERT … SELECT over a million subscriptions; the statements stand with the selectors.
"""

import datetime as dt
from typing import Any

from django.db import connection, transaction

from insights.selectors.renewals_sql import (
    CANDIDATES,
    CANDIDATES_CLEAR,
    CHARGES,
    CLEAR,
    COMING,
    NOTE,
    OUTCOMES,
    PAST,
)

DAY = dt.timedelta(days=1)
# So late a checkpoint is still in time, and so long after a renewal people still leave.
GRACE = 30
# Outcomes are looked at again for so long.
WATCHED = 60
# Without anybody foreseen yet, so many are thought to leave at a renewal.
ASSUMED = 0.1


@transaction.atomic
def renewals_fill_range(
    *,
    first: int,
    last: int,
    today: dt.date,
    horizon: dt.date,
    currency: str,
    base: float | None,
    factors: list[float],
) -> None:
    """This will make the rows of a range of customers anew, in one transaction."""
    month = today.replace(day=1)
    values: dict[str, Any] = {
        "first": first,
        "last": last,
        "today": today,
        "month": month,
        "horizon": horizon,
        "currency": currency,
        "base": ASSUMED if base is None else base,
        "factors": factors,
    }
    now, then = values | {"on": today}, values | {"on": month - DAY}
    with connection.cursor() as cursor:
        for statement, told in (
            (CLEAR, values),
            (COMING, now),
            (PAST, then),
            (CANDIDATES_CLEAR, values),
            (CANDIDATES, now),
        ):
            cursor.execute(statement, told)


def checkpoints_insert(
    *, days: int, after: int, today: dt.date, now: dt.datetime
) -> list[int]:
    """This will note the machine's view of renewals within `days` and behind `after` days.

    Returns the ids of the new ones.
    """
    values: dict[str, Any] = {
        "days": days,
        "today": today,
        "now": now,
        "grace": GRACE,
        "from": today + (after + 1) * DAY,
        "to": today + days * DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE, values)
        return [pk for (pk,) in cursor.fetchall()]


def outcomes_note(*, today: dt.date, currency: str) -> int:
    """This will note how renewals of the last sixty days went; how many changed."""
    values: dict[str, Any] = {
        "today": today,
        "currency": currency,
        "grace": GRACE,
        "from": today - WATCHED * DAY,
        "to": today - DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(OUTCOMES, values)
        return int(cursor.rowcount)


def charges_count(*, today: dt.date) -> dict[str, list[int]]:
    """This will count a year's yearly charges and those taken back.

    {"told": [charges, back], "silent": [charges, back]}
    """
    values = {"today": today, "from": today - 365 * DAY}
    counts = {"told": [0, 0], "silent": [0, 0]}
    with connection.cursor() as cursor:
        cursor.execute(CHARGES, values)
        for told, charges, back in cursor.fetchall():
            counts["told" if told else "silent"] = [charges, back]
    return counts
