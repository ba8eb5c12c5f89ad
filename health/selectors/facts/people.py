"""The people we know at customers, and who of them left."""

import numpy as np
from numpy.typing import NDArray

from health.calculations.groups import Groups
from health.selectors.facts.moment import FAR_DAY
from health.selectors.facts.reading import Facts, Reader

STATEMENT = """
SELECT customer_id, id, is_primary OR is_executive, is_executive, is_admin,
  CASE WHEN left_on <= %(as_of)s AND left_recorded_at < %(known)s
    THEN left_on ELSE '-infinity' END
FROM customers_contact
WHERE customer_id BETWEEN %(first)s AND %(last)s AND recorded_at < %(known)s
ORDER BY customer_id
"""
COLUMNS = {
    "customer_id": "bigint",
    "id": "bigint",
    "sponsor": "boolean",
    "executive": "boolean",
    "admin": "boolean",
    "left_on": "date",
}
NOT_LEFT = -FAR_DAY - 1


def people_facts(
    reader: Reader, ids: NDArray[np.int64]
) -> tuple[Facts, NDArray[np.int64]]:
    """This will count people and days since they left, and list the executives' ids.

    Those who left are still counted as known. One statement.
    """
    rows = reader.rows(STATEMENT, COLUMNS)
    groups = Groups(ids, rows["customer_id"])
    people = {name: column[groups.rows] for name, column in rows.items()}

    def left_days(kept: NDArray[np.bool_]) -> NDArray[np.int32]:
        last = groups.highest(np.where(kept, people["left_on"], NOT_LEFT), NOT_LEFT)
        days = reader.window.day - last.astype(np.int64)
        return np.where(last == NOT_LEFT, -1, days).astype(np.int32)

    facts = {
        "contacts_known": groups.count(),
        "admins_known": groups.count(people["admin"]),
        "executives_known": groups.count(people["executive"]),
        "sponsor_left_days": left_days(people["sponsor"]),
        "admin_left_days": left_days(people["admin"]),
    }
    return facts, np.sort(people["id"][people["executive"]])
