"""What customers bought that never had a subscription, day by day."""

import numpy as np
from numpy.typing import NDArray

from health.calculations.groups import Groups
from health.selectors.facts.rates import RATES
from health.selectors.facts.reading import Facts, Reader

# A purchase is a day with invoices, paid or not: whether one is paid is known late, and of
# many shops not at all. One of nothing (a voucher) counts too: somebody came back. A currency
# without a rate is told of elsewhere.
STATEMENT = f"""
WITH {RATES}
SELECT i.customer_id, i.issued_on, coalesce(sum(i.total::float8 * r.rate), 0)
FROM billing_invoice i LEFT JOIN rate r ON r.currency = i.currency
WHERE {{whose}} AND i.issued_on <= %(as_of)s AND i.recorded_at < %(known)s
GROUP BY i.customer_id, i.issued_on ORDER BY i.customer_id, i.issued_on
"""
COLUMNS = {"customer_id": "bigint", "day": "date", "amount": "double"}
# Few buyers are looked up one by one, many are found by reading all that is in the range.
FEW = 10
RANGE = "i.customer_id BETWEEN %(first)s AND %(last)s"
SOME = "i.customer_id = ANY(%(some)s)"


def purchase_facts(
    reader: Reader,
    ids: NDArray[np.int64],
    subscribed: NDArray[np.bool_],
    invoices: NDArray[np.int32],
) -> Facts:
    """This will count days with purchases of those with invoices and no subscription.

    Days are counted from the source's last day on time. One statement, none where
    everybody has a subscription or nobody an invoice.
    """
    size = len(ids)
    buys = ids[~subscribed & (invoices > 0)]
    facts: Facts = {
        "purchases": np.zeros(size, dtype=np.int32),
        "first_purchase_days": np.full(size, -1, dtype=np.int32),
        "last_purchase_days": np.full(size, -1, dtype=np.int32),
        "purchase_mean": np.zeros(size),
    }
    if not len(buys):
        return facts
    few = len(buys) * FEW < size
    statement = STATEMENT.format(whose=SOME if few else RANGE)
    rows = reader.rows(statement, COLUMNS, some=buys.tolist() if few else [])
    groups = Groups(buys, rows["customer_id"])
    days, amounts = rows["day"][groups.rows], rows["amount"][groups.rows]
    end = reader.window.source_day("invoices")
    at = np.searchsorted(ids, buys[groups.present])
    first, last = groups.runs.first(days), groups.runs.last(days)
    counted = groups.runs.ends - groups.runs.begins
    again = groups.runs.reduce(np.add, amounts) - groups.runs.first(amounts)
    facts["purchases"][at] = counted
    facts["first_purchase_days"][at] = end - first
    facts["last_purchase_days"][at] = end - last
    facts["purchase_mean"][at] = np.where(
        counted > 1, again / np.maximum(counted - 1, 1), 0.0
    )
    return facts
