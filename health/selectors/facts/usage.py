"""How much customers used the product."""

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from health.calculations.usage_days import UNCOUNTED, Usage, usage_of_days
from health.selectors.facts.reading import Facts, Reader
from health.selectors.facts.usage_months import (
    is_plain,
    month_rows,
    months_until,
    usage_of_months,
)

# Ranges with fewer ids are read day by day: a statement over a year of months takes longer
# to plan than so few rows take to read.
FEW = 50
STATEMENT = """
SELECT customer_id, day, period_days::int, active_users, events, features,
  coalesce(key_events, %(uncounted)s)
FROM customers_usagedaily
WHERE customer_id {which}
  AND day BETWEEN %(begin)s AND %(end)s AND recorded_on <= %(as_of)s
ORDER BY customer_id, day
"""
RANGE = "BETWEEN %(first)s AND %(last)s"
SOME = "= ANY(%(some)s)"
COLUMNS = {
    "customer_id": "bigint",
    "day": "date",
    "period": "integer",
    "users": "integer",
    "events": "integer",
    "features": "integer",
    "key_events": "integer",
}


def usage_facts(
    reader: Reader, ids: NDArray[np.int64], since: NDArray[np.int32]
) -> Facts:
    """This will return use, its trends and breadth. One statement, two with corrections.

    `since` are the customers' first days: trends of the young count their own days.
    """
    if reader.last - reader.first < FEW:
        usage = _by_day(reader, ids, RANGE)
    else:
        usage = _by_month(reader, ids)
    return _facts(usage, reader.window.source_day("usage"), since)


def _by_month(reader: Reader, ids: NDArray[np.int64]) -> Usage:
    end = reader.window.last_day("usage")
    months = months_until(end)
    rows = month_rows(reader, months, end)
    usage = usage_of_months(ids, rows, months, end)
    plain = is_plain(rows)
    if plain.all():
        return usage
    odd = np.intersect1d(rows["customer_id"][~plain], ids)
    exact = _by_day(reader, odd, SOME)
    at = np.searchsorted(ids, odd)
    for field in fields(Usage):
        getattr(usage, field.name)[at] = getattr(exact, field.name)
    return usage


def _by_day(reader: Reader, ids: NDArray[np.int64], which: str) -> Usage:
    window = reader.window
    rows = reader.rows(
        STATEMENT.format(which=which),
        COLUMNS,
        begin=window.last_day("usage", 365),
        end=window.last_day("usage"),
        uncounted=int(UNCOUNTED),
        some=ids.tolist() if which is SOME else [],
    )
    return usage_of_days(ids, rows, window.source_day("usage"))


def _facts(usage: Usage, day: int, since: NDArray[np.int32]) -> Facts:
    none = np.iinfo(np.int32).min

    def ago(last: NDArray[np.int64]) -> NDArray[np.int32]:
        return np.where(last == none, -1, day - last).astype(np.int32)

    def mean(
        total: NDArray[np.float64], days: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        return np.where(days > 0, total / np.maximum(days, 1), 0.0)

    # A day without a row is a day without use, unless rows stand for whole periods.
    own_recent = np.clip(day - since + 1, 1, 31)
    own_earlier = np.clip(day - since - 30, 1, 90)
    rolled = usage.rolled_up
    return {
        "usage_days": usage.days.astype(np.int32),
        "rolled_up": rolled,
        "unused_days": ago(usage.unused),
        "active_days": usage.active.astype(np.int32),
        "active_days_14": usage.active_14.astype(np.int32),
        "users_recent": mean(usage.users_recent, usage.covered_recent),
        "users_earlier": mean(usage.users_earlier, usage.covered_earlier),
        "users_peak": usage.users_peak,
        "events_recent": mean(
            usage.events_recent, np.where(rolled, usage.covered_recent, own_recent)
        ),
        "events_earlier": mean(
            usage.events_earlier, np.where(rolled, usage.covered_earlier, own_earlier)
        ),
        "features_peak": usage.features_peak,
        "features_before": usage.features_before,
        "key_known": usage.key_known,
        "key_days": ago(usage.key),
    }
