"""What surveys ask of subscriptions, in SQL.

Why SQL: the last change of every subscription of thousands of customers, and the month in
which an interval without a written date renews, are one pass over one index here.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db import connection

# The running subscriptions as they stand on a day: the last change, unless it is the end
# or the customer has left since the subscription began.
RUNNING = """
WITH change AS (
  SELECT c.customer_id, c.subscription_id, c.effective_on, c.kind, c.mrr, c.currency,
         c.interval_months, c.renews_on, c.id, min(c.effective_on) OVER (
           PARTITION BY c.customer_id, c.subscription_id) AS started_on
    FROM billing_subscriptionchange c
   WHERE c.effective_on <= %(on)s AND {which}
),
gone AS (
  SELECT c.customer_id, max(c.left_on) AS left_on FROM billing_churnevent c
   WHERE c.left_on <= %(on)s AND {which} GROUP BY c.customer_id
),
last AS (
  SELECT DISTINCT ON (c.customer_id, c.subscription_id) c.*
    FROM change c LEFT JOIN gone g USING (customer_id)
   WHERE g.left_on IS NULL OR c.started_on > g.left_on
   ORDER BY c.customer_id, c.subscription_id, c.effective_on DESC, c.id DESC
),
running AS (SELECT * FROM last WHERE kind <> 'end'),
rate AS (
  SELECT %(currency)s::varchar AS currency, 1::numeric AS rate
  UNION ALL
  (SELECT DISTINCT ON (currency) currency, rate FROM accounts_exchangerate
    WHERE valid_on <= %(on)s AND currency <> %(currency)s
    ORDER BY currency, valid_on DESC)
)
"""
ALL = "TRUE"
SOME = "c.customer_id = ANY(%(customers)s)"

# Without a written date it renews when the interval that contains the day is over.
RENEWALS = """
, renewal AS (
  SELECT customer_id, min(CASE
    WHEN renews_on >= %(on)s THEN renews_on
    WHEN interval_months > 1 THEN (started_on + make_interval(months =>
      (floor((extract(year FROM age(%(on)s::timestamp, started_on)) * 12
              + extract(month FROM age(%(on)s::timestamp, started_on)))
             / interval_months) + 1)::int * interval_months))::date
  END) AS renews_on
    FROM running GROUP BY customer_id
)
SELECT customer_id, renews_on FROM renewal
 WHERE renews_on BETWEEN %(on)s AND %(last)s ORDER BY customer_id
"""

PLANS = """
SELECT DISTINCT ON (r.customer_id) r.customer_id, p.key, p.name
  FROM running r JOIN billing_subscription s ON s.id = r.subscription_id
  JOIN billing_plan p ON p.id = s.plan_id LEFT JOIN rate ON rate.currency = r.currency
 ORDER BY r.customer_id, r.mrr * rate.rate DESC NULLS LAST, r.subscription_id
"""

REVENUE = """
SELECT r.customer_id, sum(r.mrr * rate.rate)
  FROM running r LEFT JOIN rate ON rate.currency = r.currency
 GROUP BY r.customer_id
HAVING sum(r.mrr * rate.rate) > 0 AND NOT bool_or(r.mrr > 0 AND rate.rate IS NULL)
 ORDER BY r.customer_id
"""


def renewals_of_all(
    *, first: dt.date, last: dt.date, currency: str
) -> dict[int, dt.date]:
    """This will return the next renewal from a day on, where it comes by another."""
    values = {"on": first, "last": last, "currency": currency}
    return dict(_rows(ALL, RENEWALS, values))


def dearest_plans(
    customers: Collection[int], *, on: dt.date, currency: str
) -> dict[int, tuple[str, str]]:
    """This will return key and name of the plan that each customer pays most for."""
    values = {"on": on, "customers": list(customers), "currency": currency}
    return {pk: (key, name) for pk, key, name in _rows(SOME, PLANS, values)}


def monthly_revenue(
    customers: Collection[int], *, on: dt.date, currency: str
) -> dict[int, Decimal]:
    """This will return what customers pay a month; nobody whose sum is not known."""
    values = {"on": on, "customers": list(customers), "currency": currency}
    return dict(_rows(SOME, REVENUE, values))


def _rows(
    which: str, question: str, values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    statement = RUNNING.format(which=which) + question
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
