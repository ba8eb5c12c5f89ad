"""What we meant to do for customers and have not done in time."""

import numpy as np
from numpy.typing import NDArray

from health.calculations.groups import Groups
from health.selectors.facts.reading import Facts, Reader

STATEMENT = """
SELECT customer_id, count(*)::int FROM customers_task
WHERE customer_id BETWEEN %(first)s AND %(last)s AND due_on < %(as_of)s
  AND created_at < %(known)s AND (closed_at IS NULL OR closed_at >= %(known)s)
GROUP BY customer_id ORDER BY customer_id
"""


def task_facts(reader: Reader, ids: NDArray[np.int64]) -> Facts:
    """This will count the tasks that were open past their day. One statement."""
    rows = reader.rows(STATEMENT, {"customer_id": "bigint", "tasks": "integer"})
    groups = Groups(ids, rows["customer_id"])
    return {"tasks_overdue": groups.spread(rows["tasks"][groups.rows], 0)}
