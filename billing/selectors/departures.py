"""Who has just left: nothing of theirs runs any more.

Raw SQL, because every customer's log is asked for its last word on a day.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from billing.enums import CaseState, ChangeKind, PaymentState

# How long ago somebody may have left to be asked about: later nobody remembers.
RECENT_DAYS = 30
END = ChangeKind.END.value
START = ChangeKind.START.value
# The last word of each subscription, of some customers, on a day.
LAST = """
SELECT DISTINCT ON (c.customer_id, c.subscription_id)
       c.customer_id, c.kind, c.effective_on, c.recorded_at
FROM billing_subscriptionchange c JOIN {whose} w ON w.customer_id = c.customer_id
WHERE c.effective_on <= %(today)s
ORDER BY c.customer_id, c.subscription_id, c.effective_on DESC, c.id DESC
"""
# Never what the first import told of the past: we have known nothing of it at the time.
# Trials that were never paid are no departures.
GONE = f"""
WITH began AS (SELECT coalesce(min(started_at), '-infinity') AS at
               FROM customers_importrun),
ended AS (
    SELECT DISTINCT e.customer_id FROM billing_subscriptionchange e, began
    WHERE e.kind = '{END}' AND e.effective_on > %(since)s AND e.effective_on <= %(today)s
      AND GREATEST(e.recorded_at, e.effective_on::timestamp AT TIME ZONE %(zone)s)
          > began.at),
last AS ({LAST.format(whose="ended")}),
gone AS (
    SELECT customer_id, max(effective_on) AS left_on FROM last GROUP BY customer_id
    HAVING bool_and(kind = '{END}') AND max(effective_on) > %(since)s),
since AS (
    SELECT g.customer_id, g.left_on,
           max(c.effective_on) FILTER (WHERE c.kind = '{START}'
               OR c.action = 'reactivated') AS back_on,
           bool_or(c.mrr > 0) AS paid
    FROM gone g JOIN billing_subscriptionchange c ON c.customer_id = g.customer_id
     AND c.effective_on <= g.left_on
    GROUP BY g.customer_id, g.left_on)
SELECT s.customer_id, s.left_on, EXISTS (
    SELECT 1 FROM billing_invoice i WHERE i.customer_id = s.customer_id
    AND i.paid_on IS NULL AND (i.due_on < s.left_on OR EXISTS (
        SELECT 1 FROM billing_payment p WHERE p.invoice_id = i.id
        AND p.state = '{PaymentState.FAILED.value}'
        AND p.happened_at > (s.left_on - 30)::timestamp AT TIME ZONE %(zone)s)))
    OR EXISTS (
        SELECT 1 FROM billing_dunningcase d WHERE d.customer_id = s.customer_id
        AND d.state = '{CaseState.LOST.value}'
        AND d.closed_at > (s.left_on - 30)::timestamp AT TIME ZONE %(zone)s) AS unpaid
FROM since s
WHERE s.paid AND NOT EXISTS (
    SELECT 1 FROM billing_churnevent x WHERE x.customer_id = s.customer_id
    AND x.left_on >= LEAST(s.back_on + 1, s.left_on))
ORDER BY s.customer_id
"""
RUNNING = f"""
WITH asked AS (SELECT unnest(%(customers)s::bigint[]) AS customer_id),
last AS ({LAST.format(whose="asked")})
SELECT DISTINCT customer_id FROM last WHERE kind <> '{END}' ORDER BY customer_id
"""


@dataclass(frozen=True, slots=True)
class Departure:
    """A customer that left on a day, and whether money was still owed."""

    customer_id: int
    left_on: dt.date
    unpaid: bool


def departures_unnoted(*, today: dt.date, zone: str) -> list[Departure]:
    """This will list who left in the last 30 days without a churn event. One query.

    Reads only ends of these days (an index of their own) and those customers' logs.
    """
    since = today - dt.timedelta(days=RECENT_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(GONE, {"today": today, "since": since, "zone": zone})
        return [Departure(*row) for row in cursor.fetchall()]


def customers_running(customers: Sequence[int], *, today: dt.date) -> set[int]:
    """This will keep the customers of whom a subscription runs on a day. One query."""
    with connection.cursor() as cursor:
        cursor.execute(RUNNING, {"today": today, "customers": list(customers)})
        return {customer_id for (customer_id,) in cursor.fetchall()}
