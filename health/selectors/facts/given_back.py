"""What of the money that came in was given back, or never had to come."""

import numpy as np
from numpy.typing import NDArray

from health.calculations.groups import Groups
from health.selectors.facts.invoices import PAID
from health.selectors.facts.rates import RATES
from health.selectors.facts.reading import Reader

NOTED = "n.issued_on <= %(as_of)s AND n.recorded_at < %(known)s"
BACK = "b.happened_at < %(known)s AND b.recorded_at < %(known)s"
# Only invoices with a credit note or a refund are looked at: they are few. Credit notes are
# net, money that moved is with tax and is reckoned down by the invoice's own share of it.
# A refund that goes with a credit note is one loss and not two: what is kept is neither
# more than what is left of the invoice, nor more than what came in less what went back.
# Where no payments are told, as much came in as was left to pay.
SUMS = f"""
touched AS (
  SELECT n.invoice_id FROM billing_creditnote n
  WHERE n.customer_id BETWEEN %(first)s AND %(last)s AND {NOTED}
  UNION
  SELECT p.invoice_id FROM billing_refund b JOIN billing_payment p ON p.id = b.payment_id
  WHERE b.customer_id BETWEEN %(first)s AND %(last)s AND {BACK}),
sums AS (
  SELECT i.customer_id, i.currency, i.paid_on, i.total::float8 AS total,
    (SELECT coalesce(sum(n.amount), 0)::float8 FROM billing_creditnote n
      WHERE n.invoice_id = i.id AND {NOTED}) AS credited,
    (SELECT coalesce(sum(p.amount), 0)::float8 FROM billing_payment p
      WHERE p.invoice_id = i.id AND p.state = 'succeeded'
        AND p.happened_at < %(known)s AND p.recorded_at < %(known)s) AS paid,
    (SELECT coalesce(sum(b.amount), 0)::float8 FROM billing_refund b
      JOIN billing_payment p ON p.id = b.payment_id
      WHERE p.invoice_id = i.id AND {BACK}) AS back,
    coalesce(i.total / nullif(i.total + i.tax, 0), 1)::float8 AS net
  FROM touched t JOIN billing_invoice i ON i.id = t.invoice_id
  WHERE i.issued_on <= %(as_of)s AND i.recorded_at < %(known)s AND {PAID})
"""
LOST = """
r.rate * (s.total - least(s.total - s.credited,
    greatest(s.paid * s.net, s.total - s.credited) - s.back * s.net))
"""
STATEMENT = f"""
WITH {RATES}, {SUMS}
SELECT s.customer_id, coalesce(sum({LOST}), 0)
FROM sums s LEFT JOIN rate r ON r.currency = s.currency
GROUP BY s.customer_id ORDER BY s.customer_id
"""
COLUMNS = {"customer_id": "bigint", "lost": "double"}


def given_back(reader: Reader, ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """This will return what of the earned is to be taken off, by customer. One statement.

    From the day on which the credit note, refund or chargeback was known; in the company's
    currency.
    """
    rows = reader.rows(STATEMENT, COLUMNS)
    groups = Groups(ids, rows["customer_id"])
    lost: NDArray[np.float64] = groups.spread(rows["lost"][groups.rows], 0.0)
    return lost
