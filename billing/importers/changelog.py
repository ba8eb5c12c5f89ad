"""SQL that keeps the change logs of a batch of subscriptions.

Raw SQL, because each statement compares thousands of rows with what the log says last.
"""

from billing.enums import ChangeAction, ChangeKind, SubscriptionState
from customers.importing.upsert import day_start, known_at

START, CHANGE, END = (
    ChangeKind.START.value,
    ChangeKind.CHANGE.value,
    ChangeKind.END.value,
)
ACTIVE, TRIAL, PAUSED = (
    SubscriptionState.ACTIVE.value,
    SubscriptionState.TRIAL.value,
    SubscriptionState.PAUSED.value,
)
# The checked rows with the subscriptions they became.
WRITTEN = """
FROM import_stage s JOIN billing_subscription b ON b.external_id = s.subscription_id
"""
BATCH = "WHERE s.line > %(first)s AND s.line <= %(last)s"
COLUMNS = (
    "subscription_id, customer_id, kind, effective_on, recorded_at, mrr, currency, "
    "quantity, interval_months, renews_on, discount, plan_id, list_mrr, discount_until, "
    "state"
)
# Files speak of per cent, the log of a share.
DISCOUNT = "s.discount_percent / 100"
RECORDED = known_at("s.recorded_at", day_start("b.started_on"))
# A trial is worth nothing until it is paid; what it will cost stands before discount.
TRIAL_OF = "COALESCE(s.is_trial, false)"
STATE = f"CASE WHEN {TRIAL_OF} THEN '{TRIAL}' ELSE '{ACTIVE}' END"
# The start of the log. A subscription without an amount waits for its invoices.
STARTS = f"""
INSERT INTO billing_subscriptionchange ({COLUMNS})
SELECT b.id, b.customer_id, '{START}', b.started_on, {RECORDED},
       CASE WHEN {TRIAL_OF} THEN 0 ELSE COALESCE(s.mrr, 0) END,
       b.currency, COALESCE(s.seats, 0), b.interval_months, s.renews_on, {DISCOUNT},
       b.plan_id, COALESCE(s.list_mrr, CASE WHEN {TRIAL_OF} THEN s.mrr END),
       s.discount_until, {STATE}
{WRITTEN} JOIN import_touched w ON w.id = b.id AND w.created {BATCH}
ORDER BY b.customer_id, b.id
"""
# What a row says of today, where it says anything, else what `{of}` said.
TOLD = """
({mrr}, COALESCE(s.seats, {of}.quantity),
 COALESCE(s.interval_months, {of}.interval_months),
 COALESCE(s.renews_on, '-infinity'), COALESCE(s.discount_percent / 100, {of}.discount),
 b.plan_id, COALESCE(s.list_mrr, {of}.list_mrr),
 COALESCE(s.discount_until, {of}.discount_until),
 CASE s.is_trial WHEN true THEN 'trial' WHEN false THEN 'active' ELSE {of}.state END)
IS DISTINCT FROM
({of}.mrr, {of}.quantity, {of}.interval_months,
 CASE WHEN s.renews_on IS NULL THEN '-infinity' ELSE {of}.renews_on END,
 {of}.discount, {of}.plan_id, {of}.list_mrr, {of}.discount_until, {of}.state)
"""
# A trial's amount is none.
MRR = "CASE WHEN s.is_trial THEN 0 ELSE COALESCE(s.mrr, {of}.mrr) END"


def _told(of: str) -> str:
    return TOLD.format(of=of, mrr=MRR.format(of=of))


# A later file that tells another amount tells of a change, which we learn now: neither
# what the log began with nor what it says of today.
CHANGES = f"""
WITH written AS (
INSERT INTO billing_subscriptionchange AS t ({COLUMNS})
SELECT b.id, b.customer_id, '{CHANGE}', %(today)s, %(now)s, {MRR.format(of="n")},
       b.currency, COALESCE(s.seats, n.quantity), b.interval_months,
       COALESCE(s.renews_on, n.renews_on), COALESCE({DISCOUNT}, n.discount), b.plan_id,
       COALESCE(s.list_mrr, CASE WHEN s.mrr IS NULL OR s.mrr <= n.list_mrr
                                 THEN n.list_mrr END),
       COALESCE(s.discount_until, n.discount_until),
       CASE s.is_trial WHEN true THEN '{TRIAL}' WHEN false THEN '{ACTIVE}'
                       ELSE n.state END
{WRITTEN}
JOIN billing_subscriptionchange f ON f.subscription_id = b.id AND f.kind = '{START}'
CROSS JOIN LATERAL (
    SELECT l.* FROM billing_subscriptionchange l
    WHERE l.customer_id = b.customer_id AND l.subscription_id = b.id AND l.kind <> '{END}'
      AND (l.effective_on <= %(today)s OR l.kind = '{START}')
    ORDER BY l.effective_on DESC, l.id DESC LIMIT 1) n
{BATCH} AND (b.ended_on IS NULL OR b.ended_on > %(today)s) AND b.started_on <= %(today)s
  AND {_told("f")}
  AND {_told("n")}
ORDER BY b.customer_id, b.id
ON CONFLICT (subscription_id, effective_on, kind, revision) DO UPDATE
   SET mrr = EXCLUDED.mrr, quantity = EXCLUDED.quantity, renews_on = EXCLUDED.renews_on,
       interval_months = EXCLUDED.interval_months, discount = EXCLUDED.discount,
       plan_id = EXCLUDED.plan_id, recorded_at = EXCLUDED.recorded_at,
       list_mrr = EXCLUDED.list_mrr, discount_until = EXCLUDED.discount_until,
       state = EXCLUDED.state
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
# Only ends that a file told are moved by one (revision 0); what was booked here stays.
ENDS = f"""
WITH moved AS (
UPDATE billing_subscriptionchange e SET effective_on = b.ended_on, recorded_at = %(now)s
{WRITTEN} {BATCH} AND e.subscription_id = b.id AND e.kind = '{END}'
  AND e.revision = 0 AND e.effective_on <> b.ended_on
RETURNING e.subscription_id),
written AS (
INSERT INTO billing_subscriptionchange ({COLUMNS})
SELECT b.id, b.customer_id, '{END}', b.ended_on,
       CASE WHEN EXISTS (SELECT 1 FROM import_touched w WHERE w.id = b.id AND w.created)
            THEN LEAST(COALESCE(s.ended_recorded_at,
                       GREATEST({day_start("b.ended_on")}, s.recorded_at)), %(now)s)
            ELSE COALESCE(s.ended_recorded_at, %(now)s) END,
       0, b.currency, 0, b.interval_months, NULL, NULL, b.plan_id, NULL, NULL, '{ACTIVE}'
{WRITTEN} {BATCH} AND b.ended_on IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM billing_subscriptionchange e
    WHERE e.subscription_id = b.id AND e.kind = '{END}')
ORDER BY b.customer_id, b.id
RETURNING subscription_id)
INSERT INTO import_touched SELECT subscription_id, false FROM moved
UNION ALL SELECT subscription_id, false FROM written
"""
# Where nothing is told after a discount, it ends on its day; we know since we know of it.
# Without an amount before discount it is reckoned from the share.
DISCOUNTS_ENDED = f"""
WITH last AS (
    SELECT DISTINCT ON (l.subscription_id) l.*
    FROM billing_subscriptionchange l WHERE l.kind <> '{END}'
    ORDER BY l.subscription_id, l.effective_on DESC, l.id DESC)
INSERT INTO billing_subscriptionchange ({COLUMNS}, action)
SELECT l.subscription_id, l.customer_id, '{CHANGE}', l.discount_until, l.recorded_at,
       CASE WHEN l.state = '{ACTIVE}'
            THEN COALESCE(l.list_mrr, round(l.mrr / (1 - l.discount), 2)) ELSE 0 END,
       l.currency, l.quantity, l.interval_months,
       CASE WHEN l.renews_on > l.discount_until THEN l.renews_on END, NULL, l.plan_id,
       COALESCE(l.list_mrr, round(l.mrr / (1 - l.discount), 2)), NULL, l.state,
       '{ChangeAction.DISCOUNT_ENDED.value}'
FROM last l JOIN billing_subscription b ON b.id = l.subscription_id
WHERE l.discount_until > l.effective_on AND l.revision = 0
  AND (l.list_mrr IS NOT NULL OR l.discount < 1)
  AND (b.ended_on IS NULL OR b.ended_on > l.discount_until)
ORDER BY l.customer_id, l.subscription_id
ON CONFLICT (subscription_id, effective_on, kind, revision) DO NOTHING
"""
