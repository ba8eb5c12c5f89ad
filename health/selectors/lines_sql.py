"""One line per customer with what portfolios are summed from, and how it is made by SQL.

A run's shards write the lines of those they score (services/lines_sql.py) by the same rules;
here are the lines of the others, and of some owners' customers between two runs. Owner −1
is nobody, band −1 "not a customer", `was_0` to `was_3` are the bands on the days that the
run is compared with.

Raw SQL: the subscriptions of a year ago and the latest answer of each contact, over all
customers that are asked for at once.
"""

RENEWAL_DAYS = 90
COMPARED = 4

LINE = {
    "customer_id": "bigint",
    "owner_id": "bigint",
    "band": "smallint",
    "score": "double",
    "at_risk": "boolean",
    "gone": "boolean",
    "renews": "boolean",
    "mrr": "money",
    "value_at_risk": "money",
    "then_mrr": "money",
    "promoters": "integer",
    "passives": "integer",
    "detractors": "integer",
    **{f"was_{n}": "smallint" for n in range(COMPARED)},
}
TABLE = """
CREATE TABLE {} (customer_id bigint NOT NULL, owner_id bigint NOT NULL,
  band smallint NOT NULL, score double precision NOT NULL, at_risk boolean NOT NULL,
  gone boolean NOT NULL, renews boolean NOT NULL, mrr numeric NOT NULL, value_at_risk numeric NOT NULL,
  then_mrr numeric NOT NULL, promoters integer NOT NULL, passives integer NOT NULL,
  detractors integer NOT NULL, was_0 smallint NOT NULL, was_1 smallint NOT NULL,
  was_2 smallint NOT NULL, was_3 smallint NOT NULL) WITH (autovacuum_enabled = off)
"""
_WAS = ", ".join(
    f"coalesce((SELECT band FROM health_score h WHERE h.customer_id = c.id"
    f" AND h.as_of = %(day_{n})s), -1)::smallint AS was_{n}"
    for n in range(COMPARED)
)
# A year ago: what was subscribed to then, less what had ended with a departure by then.
_LINES = f"""
WITH chosen AS MATERIALIZED ({{some}}),
rate AS (
  SELECT currency, 1::float8 AS rate FROM accounts_company
  UNION ALL
  (SELECT DISTINCT ON (currency) currency, rate::float8 FROM accounts_exchangerate
    WHERE valid_on <= %(as_of)s
      AND currency <> (SELECT currency FROM accounts_company LIMIT 1)
    ORDER BY currency, valid_on DESC)
),
then_state AS (
  SELECT DISTINCT ON (c.customer_id, c.subscription_id) c.customer_id, c.mrr, c.currency,
         min(c.effective_on) OVER (PARTITION BY c.customer_id, c.subscription_id) AS began
    FROM billing_subscriptionchange c
   WHERE c.effective_on <= %(year_ago)s AND c.recorded_at < %(known)s
     AND c.customer_id IN (SELECT id FROM chosen)
   ORDER BY c.customer_id, c.subscription_id, c.effective_on DESC, c.id DESC
),
year_ago AS (
  SELECT t.customer_id, round(sum(t.mrr * r.rate)::numeric, 2) AS mrr
    FROM then_state t JOIN rate r USING (currency)
   WHERE NOT EXISTS (SELECT FROM billing_churnevent e
      WHERE e.customer_id = t.customer_id AND e.left_on >= t.began
        AND e.left_on <= %(year_ago)s AND e.recorded_at < %(known)s)
   GROUP BY t.customer_id
),
answer AS (
  SELECT DISTINCT ON (customer_id, coalesce(contact_id, -id)) customer_id, score
    FROM surveys_response
   WHERE kind = 'nps' AND counted AND recorded_at < %(known)s AND responded_at < %(known)s
     AND responded_at >= %(answered_from)s AND customer_id IN (SELECT id FROM chosen)
   ORDER BY customer_id, coalesce(contact_id, -id), responded_at DESC, id DESC
),
nps AS (
  SELECT customer_id, count(*) FILTER (WHERE score >= 9) AS promoters,
         count(*) FILTER (WHERE score BETWEEN 7 AND 8) AS passives,
         count(*) FILTER (WHERE score <= 6) AS detractors
    FROM answer GROUP BY customer_id
),
line AS (
  SELECT c.id AS customer_id, coalesce(c.owner_id, -1) AS owner_id,
         coalesce(s.band, -1)::smallint AS band, coalesce(s.score, 'NaN') AS score,
         coalesce(s.at_risk, false) AS at_risk, coalesce(s.gone, false) AS gone,
         coalesce(s.renews_on BETWEEN %(as_of)s AND %(as_of)s::date + {RENEWAL_DAYS},
           false) AS renews,
         coalesce(s.mrr, 0) AS mrr, coalesce(s.value_at_risk, 0) AS value_at_risk,
         greatest(coalesce(y.mrr, 0), 0) AS then_mrr,
         coalesce(n.promoters, 0)::integer AS promoters,
         coalesce(n.passives, 0)::integer AS passives,
         coalesce(n.detractors, 0)::integer AS detractors, {_WAS}
    FROM chosen JOIN customers_customer c USING (id)
    LEFT JOIN {{standing}} s ON s.customer_id = c.id
    LEFT JOIN year_ago y ON y.customer_id = c.id
    LEFT JOIN nps n ON n.customer_id = s.customer_id
)
SELECT {", ".join(LINE)} FROM line
 WHERE greatest(band, was_0, was_1, was_2, was_3) >= 0 OR then_mrr > 0
"""

OF_OWNERS = "CREATE TEMPORARY TABLE line_of_owners AS " + _LINES.format(
    some="SELECT id FROM customers_customer WHERE owner_id = ANY(%(owners)s)",
    standing="health_board",
)
# Who is not among the scored: gone, or failed and left as it stood.
OF_THE_REST = f"INSERT INTO {{lines}} ({', '.join(LINE)}) " + _LINES.format(
    some="SELECT c.id FROM customers_customer c WHERE NOT EXISTS"
    " (SELECT FROM {lines} l WHERE l.customer_id = c.id)",
    standing="{standing}",
)
# What changed after the shards: parents rolled up, and customers that changed hands.
FOLLOW_ROLLUPS = """
UPDATE {lines} l SET band = s.band, score = s.score, at_risk = s.at_risk,
  value_at_risk = s.value_at_risk
FROM {standing} s WHERE s.customer_id = l.customer_id AND s.basis = %(rolled)s
"""
FOLLOW_OWNERS = """
UPDATE {lines} l SET owner_id = coalesce(c.owner_id, -1)
FROM customers_customer c WHERE c.id = l.customer_id AND c.updated_at >= %(since)s
"""

_BANDS = ", ".join(
    [f"count(*) FILTER (WHERE band = {band})" for band in range(4)]
    + [f"coalesce(sum(mrr) FILTER (WHERE band = {band}), 0)" for band in range(4)]
)
PORTFOLIO_COLUMNS = """
  as_of, owner_id, customers, mrr, at_risk, value_at_risk, band_unknown, band_at_risk,
  band_watch, band_healthy, mrr_unknown, mrr_at_risk, mrr_watch, mrr_healthy,
  score_sum, gone, renewals, renewals_mrr,
  renewals_at_risk, mrr_year_ago, mrr_kept, mrr_now, promoters, passives, detractors"""
# Net revenue retention looks at the customers of a year ago; an owner's figures are those
# of the customers the owner has today. Owner 0 is the whole company.
PORTFOLIO = f"""
SELECT %(as_of)s, CASE WHEN grouping(owner_id) = 1 THEN 0 ELSE owner_id END,
  count(*) FILTER (WHERE band >= 0),
  coalesce(sum(mrr), 0),
  count(*) FILTER (WHERE at_risk),
  coalesce(sum(value_at_risk) FILTER (WHERE at_risk), 0),
  {_BANDS},
  coalesce(sum(score) FILTER (WHERE band > 0), 0),
  count(*) FILTER (WHERE gone),
  count(*) FILTER (WHERE renews),
  coalesce(sum(mrr) FILTER (WHERE renews), 0),
  count(*) FILTER (WHERE renews AND at_risk),
  coalesce(sum(then_mrr), 0),
  coalesce(sum(least(then_mrr, mrr)), 0),
  coalesce(sum(mrr) FILTER (WHERE then_mrr > 0), 0),
  coalesce(sum(promoters), 0), coalesce(sum(passives), 0), coalesce(sum(detractors), 0)
FROM {{lines}} GROUP BY {{sets}}
"""
MOVE_COLUMNS = (
    "as_of",
    "compared_on",
    "owner_id",
    "from_band",
    "to_band",
    "customers",
    "mrr",
)
MOVES = """
SELECT %(as_of)s, %(day)s, CASE WHEN grouping(owner_id) = 1 THEN 0 ELSE owner_id END,
  {was}, band, count(*), coalesce(sum(mrr), 0)
FROM {lines} WHERE greatest({was}, band) >= 0
GROUP BY {sets}
"""
BY_OWNER_AND_ALL = "GROUPING SETS ((owner_id), ())"
MOVES_BY_OWNER_AND_ALL = "GROUPING SETS ((owner_id, {was}, band), ({was}, band))"
