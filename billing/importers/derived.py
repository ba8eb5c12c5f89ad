"""What a folder does not say but its other tables show. SQL over whole tables."""

from collections.abc import Sequence
from typing import Any

from billing.enums import ChangeKind, ChurnKind
from billing.importers.changelog import DISCOUNTS_ENDED
from customers.importing.load import Load
from customers.importing.upsert import day_start

START, CHANGE, END = (
    ChangeKind.START.value,
    ChangeKind.CHANGE.value,
    ChangeKind.END.value,
)
# One amount per subscription and day: the last invoice of the day speaks.
AMOUNTS = """
WITH amounts AS (
    SELECT DISTINCT ON (b.id, GREATEST(i.issued_on, b.started_on))
           b.id AS subscription_id, b.customer_id, b.interval_months, b.ended_on,
           GREATEST(i.issued_on, b.started_on) AS day,
           i.mrr, i.currency, i.recorded_at
    FROM import_without_mrr w
    JOIN billing_subscription b ON b.external_id = w.external_id
    JOIN billing_invoice i ON i.customer_id = b.customer_id AND i.subscription_id = b.id
    WHERE i.mrr IS NOT NULL
    ORDER BY b.id, GREATEST(i.issued_on, b.started_on), i.issued_on DESC, i.id DESC),
followed AS (
    SELECT *, lag(mrr) OVER w AS before, row_number() OVER w AS place
    FROM amounts WINDOW w AS (PARTITION BY subscription_id ORDER BY day))
"""
STARTS = f"""
{AMOUNTS}
UPDATE billing_subscriptionchange t SET mrr = f.mrr, currency = f.currency,
       list_mrr = CASE WHEN t.list_mrr >= f.mrr THEN t.list_mrr END
FROM followed f
WHERE f.place = 1 AND t.subscription_id = f.subscription_id AND t.kind = '{START}'
  AND t.state = 'active'
  AND (t.mrr, t.currency) IS DISTINCT FROM (f.mrr, f.currency)
"""
CHANGES = f"""
{AMOUNTS}
INSERT INTO billing_subscriptionchange AS t
       (subscription_id, customer_id, kind, effective_on, recorded_at, mrr, currency,
        quantity, interval_months, renews_on, discount, plan_id)
SELECT f.subscription_id, f.customer_id, '{CHANGE}', f.day, f.recorded_at, f.mrr,
       f.currency, b.quantity, f.interval_months,
       CASE WHEN b.renews_on > f.day THEN b.renews_on END, b.discount, b.plan_id
FROM followed f JOIN billing_subscriptionchange b
     ON b.subscription_id = f.subscription_id AND b.kind = '{START}'
WHERE f.place > 1 AND f.mrr <> f.before AND (f.ended_on IS NULL OR f.day < f.ended_on)
ORDER BY f.customer_id, f.subscription_id, f.day
ON CONFLICT (subscription_id, effective_on, kind, revision) DO UPDATE
   SET mrr = EXCLUDED.mrr, currency = EXCLUDED.currency
   WHERE (t.mrr, t.currency) IS DISTINCT FROM (EXCLUDED.mrr, EXCLUDED.currency)
"""
# Trials that end are no churn; customers of whom a file told churn keep only that.
CHURN = f"""
INSERT INTO billing_churnevent
       (customer_id, external_id, left_on, kind, reason, secondary_reason, preventable,
        competitor, comment, recorded_at, recorded_assumed)
SELECT b.customer_id, NULL, max(b.ended_on), '{ChurnKind.VOLUNTARY.value}', '', '', NULL,
       '', '', LEAST(GREATEST({day_start("max(b.ended_on)")}, max(e.recorded_at)), %(now)s),
       true
FROM billing_subscription b
LEFT JOIN billing_subscriptionchange e ON e.subscription_id = b.id AND e.kind = '{END}'
WHERE NOT b.is_trial AND NOT EXISTS (
    SELECT 1 FROM billing_churnevent x
    WHERE x.customer_id = b.customer_id AND x.external_id IS NOT NULL)
GROUP BY b.customer_id
HAVING count(*) = count(b.ended_on) AND NOT EXISTS (
    SELECT 1 FROM billing_churnevent x
    WHERE x.customer_id = b.customer_id AND x.left_on >= max(b.ended_on))
ORDER BY b.customer_id
ON CONFLICT (customer_id, left_on) DO NOTHING
"""


def mrr_from_invoices(cursor: Any, load: Load) -> Sequence[str]:
    """This will fill the change logs of subscriptions that came without an amount.

    The start takes the first invoice's monthly amount; every invoice that shows another
    one than the invoice before adds a change, known when that invoice was.
    """
    cursor.execute(STARTS, load.parameters())
    starts = cursor.rowcount
    cursor.execute(CHANGES, load.parameters())
    changes = cursor.rowcount
    if not starts and not changes:
        return ()
    note = (
        f"Subscriptions without an amount: {starts} starts and {changes} changes of "
        "monthly amounts were taken from the invoices."
    )
    return (note,)


def discounts_ended(cursor: Any, load: Load) -> Sequence[str]:
    """This will let discounts end on their day where the folder tells nothing after it."""
    if "discount_until" not in load.present:
        return ()
    cursor.execute(DISCOUNTS_ENDED, load.parameters())
    if not cursor.rowcount:
        return ()
    return (f"Discounts that end: {cursor.rowcount} were booked for their day.",)


def churn_from_ends(cursor: Any, load: Load) -> Sequence[str]:
    """This will note as left whose last paid subscription has ended."""
    cursor.execute(CHURN, load.parameters())
    if not cursor.rowcount:
        return ()
    note = (
        f"The folder tells no churn events: {cursor.rowcount} were taken from the day "
        "the customer's last subscription ended."
    )
    return (note,)
