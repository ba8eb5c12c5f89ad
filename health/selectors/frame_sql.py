"""The statement behind `facts_of`, and the kinds of its columns."""

COLUMNS = {
    "customer_id": "bigint",
    "segment_id": "bigint",
    "tenure": "integer",
    "acquisition_cost": "double",
    "rate_missing": "boolean",
    "mrr": "double",
    "mrr_before": "double",
    "seats": "bigint",
    "renewal_days": "integer",
    "usage_days": "integer",
    "rolled_up": "boolean",
    "unused_days": "integer",
    "active_days": "integer",
    "users_recent": "double",
    "users_earlier": "double",
    "users_peak": "double",
    "events_recent": "double",
    "events_earlier": "double",
    "features_peak": "double",
    "features_before": "double",
    "tickets_recent": "integer",
    "tickets_monthly_before": "double",
    "tickets_escalated": "integer",
    "tickets_total": "integer",
    "resolution_hours": "double",
    "satisfaction": "double",
    "satisfaction_age": "integer",
    "nps": "integer",
    "nps_age": "integer",
    "nps_before": "integer",
    "invoices_seen": "integer",
    "overdue_days": "integer",
    "invoices_late": "integer",
    "earned": "double",
    "payments_seen": "integer",
    "payments_failed": "integer",
    "contact_days": "integer",
    "pulse": "integer",
    "pulse_age": "integer",
    "sponsor_left_days": "integer",
    "contacts_known": "integer",
}

FACTS = """
WITH rate AS (
  SELECT %(currency)s::varchar AS currency, 1::numeric AS rate
  UNION ALL
  (SELECT DISTINCT ON (currency) currency, rate FROM accounts_exchangerate
    WHERE valid_on <= %(as_of)s AND currency <> %(currency)s
    ORDER BY currency, valid_on DESC)
),
-- What each subscription was worth on the day and 180 days before, as known.
change AS (
  SELECT c.customer_id, c.subscription_id, c.effective_on, c.kind, c.quantity,
         c.interval_months, c.renews_on, c.id, c.currency,
         c.mrr * r.rate AS mrr, r.rate IS NULL AS rate_missing,
         min(c.effective_on) OVER (PARTITION BY c.customer_id, c.subscription_id)
           AS started_on
    FROM billing_subscriptionchange c LEFT JOIN rate r ON r.currency = c.currency
   WHERE c.customer_id BETWEEN %(first)s AND %(last)s
     AND c.effective_on <= %(as_of)s AND c.recorded_at < %(known)s
),
gone AS (
  SELECT customer_id, max(left_on) AS left_on FROM billing_churnevent
   WHERE customer_id BETWEEN %(first)s AND %(last)s
     AND left_on <= %(as_of)s AND recorded_at < %(known)s
   GROUP BY customer_id
),
state AS (
  SELECT DISTINCT ON (c.customer_id, c.subscription_id) c.*
    FROM change c LEFT JOIN gone g USING (customer_id)
   WHERE g.left_on IS NULL OR c.started_on > g.left_on
   ORDER BY c.customer_id, c.subscription_id, c.effective_on DESC, c.id DESC
),
state_before AS (
  SELECT DISTINCT ON (customer_id, subscription_id) customer_id, mrr
    FROM change WHERE effective_on <= %(as_of)s - 180
   ORDER BY customer_id, subscription_id, effective_on DESC, id DESC
),
subscribed AS (
  SELECT customer_id, bool_or(rate_missing) AS rate_missing,
         coalesce(sum(mrr), 0)::float8 AS mrr,
         sum(quantity) FILTER (WHERE kind <> 'end')::bigint AS seats,
         min(CASE
           WHEN kind = 'end' THEN NULL
           WHEN renews_on >= %(as_of)s THEN renews_on - %(as_of)s
           WHEN interval_months > 1 THEN
             (started_on + make_interval(months =>
               (floor((extract(year FROM age(%(as_of)s::timestamp, started_on)) * 12
                       + extract(month FROM age(%(as_of)s::timestamp, started_on)))
                      / interval_months) + 1)::int * interval_months))::date
             - %(as_of)s
         END)::int AS renewal_days
    FROM state GROUP BY customer_id
),
subscribed_before AS (
  SELECT customer_id, coalesce(sum(mrr), 0)::float8 AS mrr
    FROM state_before GROUP BY customer_id
),
usage_day AS (
  SELECT customer_id, day, max(period_days) AS period, sum(active_users) AS users,
         sum(events) AS events, sum(features) AS features
    FROM customers_usagedaily
   WHERE customer_id BETWEEN %(first)s AND %(last)s
     AND day BETWEEN %(as_of)s - 365 AND %(as_of)s AND recorded_on <= %(as_of)s
   GROUP BY customer_id, day
),
usage AS (
  SELECT customer_id, count(*)::int AS days,
    (%(as_of)s - max(day) FILTER (WHERE events > 0 OR users > 0))::int AS unused,
    least(28, coalesce(sum(least(period, 28)) FILTER (
      WHERE day > %(as_of)s - 28 - (period - 1) AND (events > 0 OR users > 0)), 0)
    )::int AS active,
    sum(users * period) FILTER (WHERE day > %(as_of)s - 31)::float8
      / nullif(sum(period) FILTER (WHERE day > %(as_of)s - 31), 0) AS users_recent,
    sum(users * period) FILTER (WHERE day BETWEEN %(as_of)s - 120 AND %(as_of)s - 31)::float8
      / nullif(sum(period) FILTER (
          WHERE day BETWEEN %(as_of)s - 120 AND %(as_of)s - 31), 0) AS users_earlier,
    max(users) FILTER (WHERE day > %(as_of)s - 31)::float8 AS users_peak,
    max(period) > 1 AS rolled_up,
    sum(events) FILTER (WHERE day > %(as_of)s - 31)::float8 AS events_recent,
    sum(period) FILTER (WHERE day > %(as_of)s - 31)::float8 AS covered_recent,
    sum(events) FILTER (
      WHERE day BETWEEN %(as_of)s - 120 AND %(as_of)s - 31)::float8 AS events_earlier,
    sum(period) FILTER (
      WHERE day BETWEEN %(as_of)s - 120 AND %(as_of)s - 31)::float8 AS covered_earlier,
    max(features) FILTER (WHERE day > %(as_of)s - 31)::float8 AS features_peak,
    max(features) FILTER (
      WHERE day BETWEEN %(as_of)s - 120 AND %(as_of)s - 31)::float8 AS features_before
    FROM usage_day GROUP BY customer_id
),
ticket AS (
  SELECT customer_id, count(*)::int AS total,
    count(*) FILTER (WHERE day > %(as_of)s - 30)::int AS recent,
    count(*) FILTER (WHERE day BETWEEN %(as_of)s - 119 AND %(as_of)s - 30) / 3.0::float8
      AS monthly_before,
    count(*) FILTER (WHERE escalated AND day > %(as_of)s - 90)::int AS escalated,
    avg(hours) FILTER (WHERE resolved_day > %(as_of)s - 90)::float8 AS hours,
    avg(rating) FILTER (WHERE rated_day > %(as_of)s - 180)::float8 AS satisfaction,
    (%(as_of)s - max(rated_day) FILTER (WHERE rated_day > %(as_of)s - 180))::int
      AS satisfaction_age
    FROM (
      SELECT customer_id, (opened_at AT TIME ZONE %(zone)s)::date AS day,
        coalesce(escalated_at < %(known)s AND escalated_recorded_at < %(known)s, false)
          AS escalated,
        CASE WHEN resolved_at < %(known)s AND resolved_recorded_at < %(known)s
          THEN (resolved_at AT TIME ZONE %(zone)s)::date END AS resolved_day,
        extract(epoch FROM resolved_at - opened_at) / 3600.0 AS hours,
        CASE WHEN satisfaction_recorded_at < %(known)s THEN satisfaction END AS rating,
        CASE WHEN satisfaction_recorded_at < %(known)s
          THEN (satisfaction_recorded_at AT TIME ZONE %(zone)s)::date END AS rated_day
        FROM customers_supportticket
       WHERE customer_id BETWEEN %(first)s AND %(last)s
         AND opened_at < %(known)s AND recorded_at < %(known)s
    ) t GROUP BY customer_id
),
answer AS (
  SELECT customer_id,
    (array_agg(score ORDER BY responded_at DESC, id DESC))[1]::int AS score,
    (array_agg(score ORDER BY responded_at DESC, id DESC))[2]::int AS before,
    (%(as_of)s - (max(responded_at) AT TIME ZONE %(zone)s)::date)::int AS age
    FROM surveys_response
   WHERE customer_id BETWEEN %(first)s AND %(last)s AND kind = 'nps'
     AND counted AND responded_at < %(known)s AND recorded_at < %(known)s
   GROUP BY customer_id
),
invoice AS (
  SELECT customer_id, count(*)::int AS seen, bool_or(rate_missing) AS rate_missing,
    coalesce(max(%(as_of)s - due_on) FILTER (
      WHERE NOT paid AND due_on < %(as_of)s), 0)::int AS overdue,
    count(*) FILTER (WHERE due_on > %(as_of)s - 180 AND due_on <= %(as_of)s - 3
      AND (NOT paid OR paid_on > due_on + 3))::int AS late,
    coalesce(sum(total) FILTER (WHERE paid), 0)::float8 AS earned
    FROM (
      SELECT i.customer_id, i.due_on, i.paid_on, i.total * r.rate AS total,
        r.rate IS NULL AS rate_missing,
        coalesce(i.paid_on <= %(as_of)s AND i.paid_recorded_at < %(known)s, false)
          AS paid
        FROM billing_invoice i LEFT JOIN rate r ON r.currency = i.currency
       WHERE i.customer_id BETWEEN %(first)s AND %(last)s
         AND i.issued_on <= %(as_of)s AND i.recorded_at < %(known)s
    ) i GROUP BY customer_id
),
payment AS (
  SELECT customer_id, count(*)::int AS seen, count(*) FILTER (
      WHERE state = 'failed' AND happened_at >= %(known)s - interval '60 days')::int
      AS failed
    FROM billing_payment
   WHERE customer_id BETWEEN %(first)s AND %(last)s
     AND happened_at < %(known)s AND recorded_at < %(known)s
   GROUP BY customer_id
),
touch AS (
  SELECT customer_id,
    (%(as_of)s - (max(happened_at) FILTER (
      WHERE kind IN ('call', 'meeting', 'review', 'email'))
      AT TIME ZONE %(zone)s)::date)::int AS days,
    (array_agg(pulse ORDER BY happened_at DESC, id DESC)
      FILTER (WHERE kind = 'pulse'))[1]::int AS pulse,
    (%(as_of)s - (max(happened_at) FILTER (WHERE kind = 'pulse')
      AT TIME ZONE %(zone)s)::date)::int AS pulse_age
    FROM customers_interaction
   WHERE customer_id BETWEEN %(first)s AND %(last)s
     AND happened_at < %(known)s AND recorded_at < %(known)s
   GROUP BY customer_id
),
person AS (
  SELECT customer_id, count(*)::int AS known,
    (%(as_of)s - max(left_on) FILTER (WHERE (is_primary OR is_executive)
      AND left_on <= %(as_of)s AND left_recorded_at < %(known)s))::int AS sponsor_left
    FROM customers_contact
   WHERE customer_id BETWEEN %(first)s AND %(last)s AND recorded_at < %(known)s
   GROUP BY customer_id
)
SELECT c.id, coalesce(c.segment_id, 0), (%(as_of)s - c.customer_since)::int,
  coalesce(c.acquisition_cost, 0)::float8,
  coalesce(s.rate_missing, false) OR coalesce(i.rate_missing, false),
  coalesce(s.mrr, 0), coalesce(b.mrr, 0), coalesce(s.seats, 0),
  coalesce(s.renewal_days, -1),
  coalesce(u.days, 0), coalesce(u.rolled_up, false), coalesce(u.unused, -1), coalesce(u.active, 0),
  coalesce(u.users_recent, 0), coalesce(u.users_earlier, 0),
  coalesce(u.users_peak, 0),
  -- A day without a row is a day without use, unless rows stand for whole periods.
  coalesce(u.events_recent / CASE WHEN u.rolled_up THEN u.covered_recent
    ELSE greatest(1, least(31, %(as_of)s - c.customer_since + 1)) END, 0),
  coalesce(u.events_earlier / CASE WHEN u.rolled_up THEN u.covered_earlier
    ELSE greatest(1, least(90, %(as_of)s - c.customer_since - 30)) END, 0),
  coalesce(u.features_peak, 0),
  coalesce(u.features_before, 0),
  coalesce(t.recent, 0), coalesce(t.monthly_before, 0)::float8,
  coalesce(t.escalated, 0), coalesce(t.total, 0), coalesce(t.hours, -1),
  coalesce(t.satisfaction, -1), coalesce(t.satisfaction_age, -1),
  coalesce(a.score, -1), coalesce(a.age, -1), coalesce(a.before, -1),
  coalesce(i.seen, 0), coalesce(i.overdue, 0), coalesce(i.late, 0),
  coalesce(i.earned, 0), coalesce(p.seen, 0), coalesce(p.failed, 0),
  coalesce(x.days, -1), coalesce(x.pulse, -1), coalesce(x.pulse_age, -1),
  coalesce(n.sponsor_left, -1), coalesce(n.known, 0)
FROM customers_customer c
LEFT JOIN gone g ON g.customer_id = c.id
LEFT JOIN subscribed s ON s.customer_id = c.id
LEFT JOIN subscribed_before b ON b.customer_id = c.id
LEFT JOIN usage u ON u.customer_id = c.id
LEFT JOIN ticket t ON t.customer_id = c.id
LEFT JOIN answer a ON a.customer_id = c.id
LEFT JOIN invoice i ON i.customer_id = c.id
LEFT JOIN payment p ON p.customer_id = c.id
LEFT JOIN touch x ON x.customer_id = c.id
LEFT JOIN person n ON n.customer_id = c.id
WHERE c.id BETWEEN %(first)s AND %(last)s
  AND c.customer_since <= %(as_of)s AND c.recorded_at < %(known)s
  AND (g.left_on IS NULL OR s.customer_id IS NOT NULL)
ORDER BY c.id
"""
