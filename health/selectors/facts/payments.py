"""Tries to collect invoices."""

import numpy as np
from numpy.typing import NDArray

from health.calculations.groups import Groups
from health.selectors.facts.moment import DAY
from health.selectors.facts.reading import Facts, Reader

WINDOW = 60
STATEMENT = """
SELECT customer_id, count(*)::int,
  count(DISTINCT invoice_id)
    FILTER (WHERE state = 'failed' AND happened_at >= %(begin)s)::int
FROM billing_payment
WHERE customer_id BETWEEN %(first)s AND %(last)s
  AND happened_at < %(known)s AND recorded_at < %(known)s
GROUP BY customer_id ORDER BY customer_id
"""
COLUMNS = {"customer_id": "bigint", "seen": "integer", "failed": "integer"}


def payment_facts(reader: Reader, ids: NDArray[np.int64]) -> Facts:
    """This will count payments, and invoices of which one failed in 60 days.

    Trying again is our doing, so many tries of one invoice count once. One statement.
    """
    days = WINDOW + reader.window.late.get("payments", 0)
    begin = reader.window.moment.known_before - days * DAY
    rows = reader.rows(STATEMENT, COLUMNS, begin=begin)
    groups = Groups(ids, rows["customer_id"])
    return {
        "payments_seen": groups.spread(rows["seen"][groups.rows], 0),
        "payments_failed": groups.spread(rows["failed"][groups.rows], 0),
    }
