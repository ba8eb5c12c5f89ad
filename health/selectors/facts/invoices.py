"""What customers owed and paid."""

import numpy as np
from numpy.typing import NDArray

from health.calculations.groups import Groups
from health.selectors.facts.moment import FAR_DAY
from health.selectors.facts.rates import RATES
from health.selectors.facts.reading import Facts, Reader

# Days of a window of due dates, and those that a payment may be late without notice.
WINDOW = 180
GRACE = 3
PAID = "(paid_on <= %(as_of)s AND paid_recorded_at < %(known)s) IS TRUE"
OURS = """
FROM billing_invoice
WHERE customer_id BETWEEN %(first)s AND %(last)s
  AND issued_on <= %(as_of)s AND recorded_at < %(known)s
"""
STATEMENT = f"""
SELECT customer_id, count(*)::int,
  coalesce(min(due_on) FILTER (WHERE due_on < %(end)s AND NOT {PAID}), 'infinity'),
  count(*) FILTER (WHERE due_on > %(begin)s AND due_on <= %(end)s - {GRACE}
    AND (paid_on > due_on + {GRACE} OR NOT {PAID}))::int,
  coalesce(sum(total) FILTER (WHERE {PAID}), 0)::float8,
  bool_or(currency <> %(currency)s)
{OURS}
GROUP BY customer_id ORDER BY customer_id
"""
COLUMNS = {
    "customer_id": "bigint",
    "seen": "integer",
    "owed_since": "date",
    "late": "integer",
    "earned": "double",
    "foreign": "boolean",
}
# Only for customers with another currency than the company's: most companies have none.
FOREIGN = f"""
WITH {RATES}
SELECT i.customer_id, coalesce(sum(i.paid * r.rate), 0), bool_or(r.rate IS NULL)
FROM (SELECT customer_id, currency,
        coalesce(sum(total) FILTER (WHERE {PAID}), 0)::float8 AS paid
      {OURS} AND customer_id = ANY(%(some)s) GROUP BY customer_id, currency) i
LEFT JOIN rate r ON r.currency = i.currency
GROUP BY i.customer_id ORDER BY i.customer_id
"""
FOREIGN_COLUMNS = {
    "customer_id": "bigint",
    "earned": "double",
    "rate_missing": "boolean",
}


def invoice_facts(reader: Reader, ids: NDArray[np.int64]) -> Facts:
    """This will return what is overdue, was late, and came in. One or two statements."""
    end = reader.window.last_day("invoices")
    begin = reader.window.last_day("invoices", WINDOW)
    rows = reader.rows(STATEMENT, COLUMNS, end=end, begin=begin)
    groups = Groups(ids, rows["customer_id"])
    ours = {name: column[groups.rows] for name, column in rows.items()}
    owed = groups.spread(ours["owed_since"], FAR_DAY)
    days = reader.window.source_day("invoices") - owed.astype(np.int64)
    facts = {
        "invoices_seen": groups.spread(ours["seen"], 0),
        "overdue_days": np.where(owed == FAR_DAY, 0, days).astype(np.int32),
        "invoices_late": groups.spread(ours["late"], 0),
        "earned": groups.spread(ours["earned"], 0.0),
        "rate_missing": np.zeros(len(ids), dtype=np.bool_),
    }
    foreign = groups.at[ours["foreign"]]
    if len(foreign):
        some = ids[foreign].tolist()
        rows = reader.rows(FOREIGN, FOREIGN_COLUMNS, some=some)
        facts["earned"][foreign] = rows["earned"]
        facts["rate_missing"][foreign] = rows["rate_missing"]
    return facts
