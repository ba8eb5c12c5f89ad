"""The table of renewals and candidates, made from the change log of subscriptions.

Why SQL: the next renewal, and the state that is booked for it, of a million subscriptions
is one pass over one index and one look-up each.
"""

# In what state each subscription is on a day, and when it renews after it: on the written
# date, else when the interval that contains the day is over (the rule of the scores).
RUNNING = """
WITH line AS (
  SELECT c.customer_id, c.subscription_id, c.effective_on, c.id, c.kind, c.mrr,
         c.interval_months, c.renews_on, c.currency, c.anchored_on,
         min(c.effective_on) OVER (
           PARTITION BY c.customer_id, c.subscription_id) AS started_on
    FROM billing_subscriptionchange c
   WHERE c.customer_id BETWEEN %(first)s AND %(last)s AND c.effective_on <= %(on)s
), gone AS (
  SELECT customer_id, max(left_on) AS left_on FROM billing_churnevent
   WHERE customer_id BETWEEN %(first)s AND %(last)s AND left_on <= %(on)s
   GROUP BY customer_id
), state AS (
  SELECT DISTINCT ON (l.customer_id, l.subscription_id) l.*
    FROM line l LEFT JOIN gone g USING (customer_id)
   WHERE g.left_on IS NULL OR l.started_on > g.left_on
   ORDER BY l.customer_id, l.subscription_id, l.effective_on DESC, l.id DESC
), running AS (
  SELECT s.*, CASE
    WHEN renews_on >= %(on)s THEN renews_on
    WHEN interval_months > 1 THEN (anchor + make_interval(months =>
      (floor((extract(year FROM past) * 12 + extract(month FROM past))
             / interval_months) + 1)::int * interval_months))::date
  END AS due_on
    FROM state s
    CROSS JOIN LATERAL (SELECT coalesce(s.anchored_on, s.started_on) AS anchor) a
    CROSS JOIN LATERAL (
      SELECT age(greatest(%(on)s::date, anchor)::timestamp, anchor) AS past) p
   WHERE kind <> 'end'
), rate AS (
  SELECT %(currency)s::varchar AS currency, 1::numeric AS rate
  UNION ALL
  (SELECT DISTINCT ON (currency) currency, rate FROM accounts_exchangerate
    WHERE valid_on <= %(today)s AND currency <> %(currency)s
    ORDER BY currency, valid_on DESC)
)
"""
# What the log has booked by a day: the last line of the subscription.
BOOKED = """
LATERAL (
  SELECT x.kind, x.mrr, x.interval_months, x.effective_on
    FROM billing_subscriptionchange x
   WHERE x.customer_id = {row}.customer_id AND x.subscription_id = {row}.subscription_id
     AND x.effective_on <= {day}
   ORDER BY x.effective_on DESC, x.id DESC LIMIT 1
) n
"""
COLUMNS = """
  customer_id, subscription_id, renews_on, notice_by, ends_on, interval_months,
  auto_renews, currency, mrr, amount, converted, chance, risky, weight, kept, final
"""
CLEAR = """
DELETE FROM billing_upcomingrenewal WHERE customer_id BETWEEN %(first)s AND %(last)s
"""
# Urgency is that of health.calculations.queue: 1 from 180 days on, 2 at 30 or fewer.
COMING = (
    RUNNING
    + f"""
INSERT INTO billing_upcomingrenewal ({COLUMNS})
SELECT m.customer_id, m.subscription_id, m.due_on, m.due_on - m.notice_days, m.ends_on,
       m.interval_months, m.auto_renews, m.currency, m.mrr, m.amount, m.converted,
       m.chance, m.risky,
       CASE WHEN m.ends_on IS NULL THEN
         coalesce(m.converted, 0) * (1 - coalesce(m.chance, 1 - %(base)s))
         * (1 + greatest(0, least(1, (180 - (m.due_on - %(today)s)) / 150.0)))
       ELSE 0 END,
       NULL, NULL
  FROM (
    SELECT r.customer_id, r.subscription_id, r.due_on, s.notice_days, s.auto_renews,
           r.currency, e.ends_on, v.interval_months, v.mrr,
           v.mrr * v.interval_months AS amount,
           round(v.mrr * v.interval_months * rate.rate, 2) AS converted,
           CASE WHEN e.ends_on IS NOT NULL THEN 0
                ELSE coalesce(h.stays, 1 - h.churn) END AS chance,
           e.ends_on IS NULL AND coalesce(h.band = 1
             OR 1 - coalesce(h.stays, 1 - h.churn) >= 2 * %(base)s, false) AS risky
      FROM running r
      JOIN billing_subscription s ON s.id = r.subscription_id
      CROSS JOIN {BOOKED.format(row="r", day="r.due_on")}
      CROSS JOIN LATERAL (
        SELECT CASE WHEN n.kind = 'end' THEN n.effective_on END AS ends_on) e
      CROSS JOIN LATERAL (
        SELECT CASE WHEN n.kind = 'end' THEN r.mrr ELSE n.mrr END AS mrr,
               CASE WHEN n.kind = 'end' THEN r.interval_months
                    ELSE n.interval_months END AS interval_months) v
      LEFT JOIN rate ON rate.currency = r.currency
      LEFT JOIN health_standing h ON h.customer_id = r.customer_id
     WHERE r.due_on <= %(horizon)s
  ) m
"""
)
# Those since the month began: what was due then, and what it came to.
PAST = (
    RUNNING
    + f"""
INSERT INTO billing_upcomingrenewal ({COLUMNS})
SELECT r.customer_id, r.subscription_id, r.due_on, NULL,
       CASE WHEN n.kind = 'end' THEN n.effective_on END, r.interval_months,
       s.auto_renews, r.currency, r.mrr, r.mrr * r.interval_months,
       round(r.mrr * r.interval_months * rate.rate, 2), NULL, false, 0, k.kept,
       CASE WHEN k.kept
            THEN round(least(n.mrr, r.mrr) * r.interval_months * rate.rate, 2)
            ELSE 0 END
  FROM running r
  JOIN billing_subscription s ON s.id = r.subscription_id
  CROSS JOIN {BOOKED.format(row="r", day="r.due_on")}
  CROSS JOIN LATERAL (
    SELECT n.kind <> 'end' AND n.mrr > 0 AND NOT EXISTS (
      SELECT FROM billing_churnevent q WHERE q.customer_id = r.customer_id
         AND q.left_on BETWEEN %(on)s AND %(today)s) AS kept) k
  LEFT JOIN rate ON rate.currency = r.currency
 WHERE r.due_on BETWEEN %(month)s AND %(today)s AND r.mrr > 0
ON CONFLICT (subscription_id, renews_on) DO NOTHING
"""
)
CANDIDATES_CLEAR = """
DELETE FROM billing_yearlycandidate WHERE customer_id BETWEEN %(first)s AND %(last)s
"""
# `factors` is the gain per unit of revenue at a chance of leaving of 0, 0.001 … 1, with
# straight lines between: to order by. Pages reckon the rows that they show exactly.
CANDIDATES = (
    RUNNING
    + f"""
INSERT INTO billing_yearlycandidate (customer_id, subscription_id, months, churn,
  currency, mrr, converted, gain)
SELECT m.customer_id, m.subscription_id, m.months, m.churn, m.currency, m.mrr,
       m.converted, m.converted * (
         (%(factors)s::float8[])[1 + floor(m.churn * 1000)::int]
         * (1 - (m.churn * 1000 - floor(m.churn * 1000)))
         + coalesce((%(factors)s::float8[])[2 + floor(m.churn * 1000)::int], 0)
         * (m.churn * 1000 - floor(m.churn * 1000)))
  FROM (
    SELECT r.customer_id, r.subscription_id, r.currency, r.mrr, h.churn::float8 AS churn,
           (extract(year FROM age(%(today)s::timestamp, t.since)) * 12
            + extract(month FROM age(%(today)s::timestamp, t.since)))::int AS months,
           round(r.mrr * rate.rate, 2) AS converted
      FROM running r
      JOIN billing_subscription s ON s.id = r.subscription_id
      JOIN customers_customer c ON c.id = r.customer_id
      JOIN health_standing h ON h.customer_id = r.customer_id
      JOIN rate ON rate.currency = r.currency
      CROSS JOIN LATERAL (
        SELECT coalesce(c.customer_since, r.started_on) AS since) t
      CROSS JOIN {BOOKED.format(row="r", day="%(horizon)s")}
     WHERE r.interval_months = 1 AND r.mrr > 0 AND s.parent_id IS NULL
       AND n.kind <> 'end' AND n.interval_months = 1
       AND h.band IN (2, 3) AND NOT h.at_risk AND h.churn BETWEEN 0 AND 1
       AND t.since > (%(today)s::date - interval '12 months')
  ) m
"""
)
# Of renewals within so many days and more than so many: what the machine thinks.
NOTE = """
INSERT INTO billing_renewalcheckpoint (customer_id, subscription_id, renews_on,
  days_before, noted_at, in_time, chance, band, risky, mrr, view, plan, settled_view,
  settled_note)
SELECT u.customer_id, u.subscription_id, u.renews_on, %(days)s, %(now)s,
       u.renews_on - %(today)s > %(days)s - %(grace)s, u.chance,
       CASE h.band WHEN 1 THEN 'at_risk' WHEN 2 THEN 'watch' WHEN 3 THEN 'healthy'
                   ELSE 'unknown' END,
       u.risky, coalesce(round(u.converted / u.interval_months, 2), 0), '', '', '', ''
  FROM billing_upcomingrenewal u
  LEFT JOIN health_standing h ON h.customer_id = u.customer_id
 WHERE u.kept IS NULL AND u.ends_on IS NULL AND u.amount > 0
   AND u.renews_on BETWEEN %(from)s AND %(to)s
ON CONFLICT (subscription_id, renews_on, days_before) DO NOTHING
RETURNING id
"""
# Who leaves within a month after it has not renewed: bookings lag behind.
OUTCOMES = f"""
WITH rate AS (
  SELECT %(currency)s::varchar AS currency, 1::numeric AS rate
  UNION ALL
  (SELECT DISTINCT ON (currency) currency, rate FROM accounts_exchangerate
    WHERE valid_on <= %(today)s AND currency <> %(currency)s
    ORDER BY currency, valid_on DESC)
), came AS (
  SELECT p.id, n.kind <> 'end' AND n.mrr > 0 AND NOT EXISTS (
           SELECT FROM billing_churnevent q WHERE q.customer_id = p.customer_id
              AND q.left_on BETWEEN p.noted_at::date
                AND least(p.renews_on + %(grace)s, %(today)s)) AS kept,
         round(n.mrr * rate.rate, 2) AS mrr
    FROM billing_renewalcheckpoint p
    JOIN billing_subscription s ON s.id = p.subscription_id
    CROSS JOIN {BOOKED.format(row="p", day="least(p.renews_on + %(grace)s, %(today)s)")}
    LEFT JOIN rate ON rate.currency = s.currency
   WHERE p.renews_on BETWEEN %(from)s AND %(to)s
)
UPDATE billing_renewalcheckpoint p
   SET kept = came.kept, kept_mrr = CASE WHEN came.kept THEN came.mrr ELSE 0 END
  FROM came WHERE came.id = p.id
   AND (p.kept, p.kept_mrr) IS DISTINCT FROM
       (came.kept, CASE WHEN came.kept THEN came.mrr ELSE 0 END)
"""
# Charges for a year that customers' banks took back, with and without a reminder.
CHARGES = """
SELECT EXISTS (
         SELECT FROM billing_renewalreminder r JOIN mail_outboxmessage m
             ON m.id = r.message_id
          WHERE r.subscription_id = i.subscription_id AND m.state = 'sent'
            AND r.renews_on BETWEEN i.issued_on - 45 AND i.issued_on + 45) AS told,
       count(*) AS charges, count(*) FILTER (WHERE back.id IS NOT NULL) AS back
  FROM billing_invoice i
  JOIN billing_subscription s ON s.id = i.subscription_id
  LEFT JOIN LATERAL (
    SELECT f.id FROM billing_payment p JOIN billing_refund f ON f.payment_id = p.id
     WHERE p.invoice_id = i.id AND f.kind = 'chargeback'
       AND f.happened_at < i.issued_on + interval '121 days' LIMIT 1
  ) back ON true
 WHERE i.issued_on BETWEEN %(from)s AND %(today)s AND s.interval_months >= 12
   AND i.issued_on > s.started_on + 300
   AND (i.mrr > 0 OR EXISTS (
     SELECT FROM billing_invoiceline l WHERE l.invoice_id = i.id
        AND l.kind = 'recurring' AND l.ends_on - l.begins_on >= 360))
 GROUP BY told ORDER BY told
"""
