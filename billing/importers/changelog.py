"""SQL that keeps the change logs of a batch of subscriptions.

Raw SQL, because each statement compares thousands of rows with what the log says last.
"""

from billing.enums import ChangeKind
from customers.importing.upsert import day_start, known_at

START, CHANGE, END = (
    ChangeKind.START.value,
    ChangeKind.CHANGE.value,
    ChangeKind.END.value,
)
# The checked rows with the subscriptions they became.
WRITTEN = """
FROM import_stage s JOIN billing_subscription b ON b.external_id = s.subscription_id
"""
BATCH = "WHERE s.line > %(first)s AND s.line <= %(last)s"
COLUMNS = (
    "subscription_id, customer_id, kind, effective_on, recorded_at, mrr, currency, "
    "quantity, interval_months, renews_on, discount, plan_id"
)
# Files speak of per cent, the log of a share.
DISCOUNT = "s.discount_percent / 100"
RECORDED = known_at("s.recorded_at", day_start("b.started_on"))
# The start of the log. A subscription without an amount waits for its invoices.
STARTS = f"""
INSERT INTO billing_subscriptionchange ({COLUMNS})
SELECT b.id, b.customer_id, '{START}', b.started_on, {RECORDED}, COALESCE(s.mrr, 0),
       b.currency, COALESCE(s.seats, 0), b.interval_months, s.renews_on, {DISCOUNT},
       b.plan_id
{WRITTEN} JOIN import_touched w ON w.id = b.id AND w.created {BATCH}
ORDER BY b.customer_id, b.id
"""
# A later file that tells another amount tells of a change, which we learn now: neither
# what the log began with nor what it says last.
CHANGES = f"""
WITH written AS (
INSERT INTO billing_subscriptionchange AS t ({COLUMNS})
SELECT b.id, b.customer_id, '{CHANGE}', %(today)s, %(now)s, COALESCE(s.mrr, n.mrr),
       b.currency, COALESCE(s.seats, n.quantity), b.interval_months,
       COALESCE(s.renews_on, n.renews_on), COALESCE({DISCOUNT}, n.discount), b.plan_id
{WRITTEN}
JOIN billing_subscriptionchange f ON f.subscription_id = b.id AND f.kind = '{START}'
CROSS JOIN LATERAL (
    SELECT l.* FROM billing_subscriptionchange l
    WHERE l.customer_id = b.customer_id AND l.subscription_id = b.id AND l.kind <> '{END}'
    ORDER BY l.effective_on DESC, l.id DESC LIMIT 1) n
{BATCH} AND (b.ended_on IS NULL OR b.ended_on > %(today)s) AND b.started_on <= %(today)s
  AND (COALESCE(s.mrr, f.mrr), COALESCE(s.seats, f.quantity),
       COALESCE(s.interval_months, f.interval_months),
       COALESCE(s.renews_on, '-infinity'), COALESCE({DISCOUNT}, f.discount), b.plan_id)
      IS DISTINCT FROM (f.mrr, f.quantity, f.interval_months,
       CASE WHEN s.renews_on IS NULL THEN '-infinity' ELSE f.renews_on END, f.discount,
       f.plan_id)
  AND (COALESCE(s.mrr, n.mrr), COALESCE(s.seats, n.quantity),
       COALESCE(s.interval_months, n.interval_months),
       COALESCE(s.renews_on, '-infinity'), COALESCE({DISCOUNT}, n.discount), b.plan_id)
      IS DISTINCT FROM (n.mrr, n.quantity, n.interval_months,
       CASE WHEN s.renews_on IS NULL THEN '-infinity' ELSE n.renews_on END, n.discount,
       n.plan_id)
ORDER BY b.customer_id, b.id
ON CONFLICT (subscription_id, effective_on, kind, revision) DO UPDATE
   SET mrr = EXCLUDED.mrr, quantity = EXCLUDED.quantity, renews_on = EXCLUDED.renews_on,
       interval_months = EXCLUDED.interval_months, discount = EXCLUDED.discount,
       plan_id = EXCLUDED.plan_id, recorded_at = EXCLUDED.recorded_at
RETURNING t.subscription_id)
INSERT INTO import_touched SELECT subscription_id, false FROM written
"""
# A later start: the log begins with it.
MOVED_STARTS = f"""
WITH written AS (
UPDATE billing_subscriptionchange f SET effective_on = b.started_on
{WRITTEN} {BATCH} AND f.subscription_id = b.id AND f.kind = '{START}'
  AND f.effective_on <> b.started_on
RETURNING f.subscription_id)
INSERT INTO import_touched SELECT subscription_id, false FROM written
"""
ENDS = f"""
WITH moved AS (
UPDATE billing_subscriptionchange e SET effective_on = b.ended_on, recorded_at = %(now)s
{WRITTEN} {BATCH} AND e.subscription_id = b.id AND e.kind = '{END}'
  AND e.effective_on <> b.ended_on
RETURNING e.subscription_id),
written AS (
INSERT INTO billing_subscriptionchange ({COLUMNS})
SELECT b.id, b.customer_id, '{END}', b.ended_on,
       CASE WHEN EXISTS (SELECT 1 FROM import_touched w WHERE w.id = b.id AND w.created)
            THEN LEAST(COALESCE(s.ended_recorded_at,
                       GREATEST({day_start("b.ended_on")}, s.recorded_at)), %(now)s)
            ELSE COALESCE(s.ended_recorded_at, %(now)s) END,
       0, b.currency, 0, b.interval_months, NULL, NULL, b.plan_id
{WRITTEN} {BATCH} AND b.ended_on IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM billing_subscriptionchange e
    WHERE e.subscription_id = b.id AND e.kind = '{END}')
ORDER BY b.customer_id, b.id
RETURNING subscription_id)
INSERT INTO import_touched SELECT subscription_id, false FROM moved
UNION ALL SELECT subscription_id, false FROM written
"""
