"""What all customers without a subscription had bought by a day: what is learnt from.

Raw SQL by COPY: one grouped pass over invoices that would be a million objects.
"""

import datetime as dt

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from common.copy import read_copy
from customers.models import Customer
from health.calculations.buyers import Bought
from health.calculations.scoring import Floats
from health.selectors.facts.moment import Moment, Window
from health.selectors.facts.rates import RATES

# Of more customers some are left out, evenly; so many tell as much as all.
MOST = 1_000_000
# As the facts count purchases (facts/purchases.py), of everybody at once.
STATEMENT = f"""
WITH {RATES},
bought AS (
  SELECT i.customer_id, i.issued_on, sum(i.total::float8 * r.rate) AS amount,
         bool_and(r.rate IS NOT NULL) AS known,
         row_number() OVER (PARTITION BY i.customer_id ORDER BY i.issued_on) AS place
    FROM billing_invoice i JOIN customers_customer c ON c.id = i.customer_id
    LEFT JOIN rate r ON r.currency = i.currency
   WHERE i.issued_on <= %(as_of)s AND i.recorded_at < %(known)s
     AND c.customer_since <= %(as_of)s AND c.recorded_at < %(known)s
     AND c.id %% %(every)s = 0
     AND NOT EXISTS (SELECT FROM billing_subscriptionchange s
       WHERE s.customer_id = c.id AND s.effective_on <= %(as_of)s
         AND s.recorded_at < %(known)s)
   GROUP BY i.customer_id, i.issued_on
),
ticket AS (
  SELECT customer_id, count(*) AS opened FROM customers_supportticket
   WHERE opened_at < %(known)s AND recorded_at < %(known)s GROUP BY customer_id
)
SELECT b.customer_id, count(*)::int, max(b.issued_on) - min(b.issued_on), %(end)s - min(b.issued_on),
  coalesce(avg(b.amount) FILTER (WHERE b.place > 1), 0),
  coalesce(max(t.opened), 0)::int
FROM bought b LEFT JOIN ticket t USING (customer_id)
GROUP BY b.customer_id HAVING bool_and(b.known) ORDER BY b.customer_id
"""
COLUMNS = {
    "customer_id": "bigint",
    "purchases": "integer",
    "recency": "integer",
    "age": "integer",
    "mean": "double",
    "tickets": "integer",
}


# Of everybody, whether it had a subscription or not.
SINCE = f"""
WITH {RATES}
SELECT i.customer_id, coalesce(sum(i.total::float8 * r.rate), 0)
  FROM billing_invoice i LEFT JOIN rate r ON r.currency = i.currency
 WHERE i.issued_on > %(after)s AND i.issued_on <= %(as_of)s
   AND i.recorded_at < %(known)s
 GROUP BY i.customer_id ORDER BY i.customer_id
"""
SPENT = {"customer_id": "bigint", "amount": "double"}


def bought_by_all(moment: Moment, *, late: int = 0) -> Bought:
    """This will return what `bought_by` does, without who it was."""
    return bought_by(moment, late=late)[1]


def spent_since(moment: Moment, *, after: dt.date) -> tuple[NDArray[np.int64], Floats]:
    """This will return who bought after a day, by number, and for how much.

    At the rates of the moment. Cost: a pass over the invoices since.
    """
    query_parameters = {
        "as_of": moment.as_of,
        "known": moment.known_before,
        "currency": moment.currency,
        "after": after,
    }
    with connection.cursor() as cursor:
        query = cursor.mogrify(SINCE, query_parameters).decode()
        rows = read_copy(cursor, query, SPENT)
    return rows["customer_id"], rows["amount"]


def bought_by(moment: Moment, *, late: int = 0) -> tuple[NDArray[np.int64], Bought]:
    """This will return who never had a subscription, and what it had bought at a moment.

    Days count from the last day on which invoices were on time, `late` days before. Cost:
    a pass over invoices and tickets; at most a million rows.
    """
    query_parameters = {
        "as_of": moment.as_of,
        "known": moment.known_before,
        "currency": moment.currency,
        "end": Window(moment, {"invoices": late}).last_day("invoices"),
        "every": -(-Customer.objects.count() // MOST) or 1,
    }
    with connection.cursor() as cursor:
        query = cursor.mogrify(STATEMENT, query_parameters).decode()
        rows = read_copy(cursor, query, COLUMNS)
    return rows["customer_id"], Bought(
        x=rows["purchases"] - 1.0,
        recency=rows["recency"].astype(np.float64),
        age=rows["age"].astype(np.float64),
        mean=rows["mean"],
        tickets=rows["tickets"].astype(np.float64),
    )
