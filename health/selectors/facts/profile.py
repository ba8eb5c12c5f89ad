"""What customers were taken for on the day: the last line of the log known by then."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.groups import Groups
from health.selectors.facts.reading import Facts, Reader, Rows

STATEMENT = """
SELECT customer_id, coalesce(segment_id, 0), coalesce(parent_id, 0),
  stage = 'onboarding', recorded_at
FROM customers_profilechange
WHERE customer_id BETWEEN %(first)s AND %(last)s AND recorded_at < %(known)s
ORDER BY customer_id, recorded_at, id
"""
COLUMNS = {
    "customer_id": "bigint",
    "segment_id": "bigint",
    "parent_id": "bigint",
    "onboarding": "boolean",
    "recorded_at": "bigint",
}


def profile_facts(reader: Reader, customers: Rows) -> Facts:
    """This will return segment, parent and days of onboarding as known on the day.

    Customers without a line of their own are what their row says. One statement.
    """
    rows = reader.rows(STATEMENT, COLUMNS)
    groups = Groups(customers["customer_id"], rows["customer_id"])
    logged = groups.count() > 0
    onboarding = rows["onboarding"][groups.rows]
    places = np.arange(len(onboarding))
    # The last run of onboarding begins after the last line that says something else.
    other = groups.runs.reduce(np.maximum, np.where(onboarding, -1, places))
    began = np.minimum(np.maximum(other + 1, groups.runs.begins), groups.runs.ends - 1)
    since = np.where(
        logged,
        groups.spread(rows["recorded_at"][groups.rows][began], 0),
        customers["recorded_at"],
    )
    is_onboarding = np.where(
        logged, groups.last(onboarding, False), customers["onboarding"]
    )
    days = np.maximum(reader.window.days_since(since), 0)

    def as_known(name: str) -> NDArray[Any]:
        value = groups.last(rows[name][groups.rows], 0)
        return np.where(logged, value, customers[name])

    return {
        "segment_id": as_known("segment_id"),
        "parent_id": as_known("parent_id"),
        "onboarding_days": np.where(is_onboarding, days, -1).astype(np.int32),
    }
