"""The sums of every portfolio after a run, owner 0 being the whole company.

Raw SQL: grouping sets over the standing, the subscriptions of a year ago and the latest
answer of each contact. Net revenue retention looks at the customers of a year ago; an
owner's figures are those of the customers the owner has today.

PORTFOLIO_OF does it again for some owners whose customers have changed. It reads the
board, which is the standing as of the run that the pages show, also while another run is
under way.
"""

RENEWAL_DAYS = 90

_BANDS = ", ".join(
    [f"count(*) FILTER (WHERE band = {band})" for band in range(4)]
    + [f"coalesce(sum(mrr) FILTER (WHERE band = {band}), 0)" for band in range(4)]
)

COLUMNS = """
  as_of, owner_id, customers, mrr, at_risk, value_at_risk, band_unknown, band_at_risk,
  band_watch, band_healthy, mrr_unknown, mrr_at_risk, mrr_watch, mrr_healthy,
  score_sum, renewals,
  renewals_mrr,
  renewals_at_risk, mrr_year_ago, mrr_kept, mrr_now, promoters, passives, detractors"""

_SUMS = f"""
WITH rate AS (
  SELECT currency, 1::numeric AS rate FROM accounts_company
  UNION ALL
  (SELECT DISTINCT ON (currency) currency, rate FROM accounts_exchangerate
    WHERE valid_on <= %(as_of)s
      AND currency <> (SELECT currency FROM accounts_company LIMIT 1)
    ORDER BY currency, valid_on DESC)
),
then_state AS (
  SELECT DISTINCT ON (c.customer_id, c.subscription_id) c.customer_id,
         c.mrr * r.rate AS mrr
    FROM billing_subscriptionchange c JOIN rate r USING (currency)
   WHERE c.effective_on <= %(as_of)s::date - 365 AND c.recorded_at < %(known)s {{theirs}}
   ORDER BY c.customer_id, c.subscription_id, c.effective_on DESC, c.id DESC
),
year_ago AS (
  SELECT t.customer_id, sum(t.mrr) AS mrr FROM then_state t
   WHERE NOT EXISTS (SELECT FROM billing_churnevent e
      WHERE e.customer_id = t.customer_id AND e.left_on <= %(as_of)s::date - 365)
   GROUP BY t.customer_id HAVING sum(t.mrr) > 0
),
answer AS (
  SELECT DISTINCT ON (customer_id, coalesce(contact_id, 0)) customer_id, score
    FROM surveys_response
   WHERE kind = 'nps' AND counted AND recorded_at < %(known)s AND responded_at < %(known)s
     AND responded_at >= %(known)s - interval '365 days' {{theirs}}
   ORDER BY customer_id, coalesce(contact_id, 0), responded_at DESC, id DESC
),
nps AS (
  SELECT customer_id, count(*) FILTER (WHERE score >= 9) AS promoters,
         count(*) FILTER (WHERE score BETWEEN 7 AND 8) AS passives,
         count(*) FILTER (WHERE score <= 6) AS detractors
    FROM answer GROUP BY customer_id
),
line AS (
  SELECT coalesce(c.owner_id, -1) AS owner_id, s.customer_id IS NOT NULL AS current,
         s.mrr, s.score, s.band, s.at_risk, s.value_at_risk,
         s.renews_on BETWEEN %(as_of)s AND %(as_of)s::date + {RENEWAL_DAYS} AS renews,
         y.mrr AS then_mrr, coalesce(s.mrr, 0) AS now_mrr,
         n.promoters, n.passives, n.detractors
    FROM customers_customer c
    LEFT JOIN {{standing}} s ON s.customer_id = c.id
    LEFT JOIN year_ago y ON y.customer_id = c.id
    LEFT JOIN nps n ON n.customer_id = c.id
   WHERE (s.customer_id IS NOT NULL OR y.customer_id IS NOT NULL) {{owned}}
)
SELECT %(as_of)s, CASE WHEN grouping(owner_id) = 1 THEN 0 ELSE owner_id END,
  count(*) FILTER (WHERE current),
  coalesce(sum(mrr), 0),
  count(*) FILTER (WHERE at_risk),
  coalesce(sum(value_at_risk) FILTER (WHERE at_risk), 0),
  {_BANDS},
  coalesce(sum(score) FILTER (WHERE band > 0), 0),
  count(*) FILTER (WHERE renews),
  coalesce(sum(mrr) FILTER (WHERE renews), 0),
  count(*) FILTER (WHERE renews AND at_risk),
  coalesce(sum(then_mrr), 0),
  coalesce(sum(least(then_mrr, now_mrr)) FILTER (WHERE then_mrr IS NOT NULL), 0),
  coalesce(sum(now_mrr) FILTER (WHERE then_mrr IS NOT NULL), 0),
  coalesce(sum(promoters), 0), coalesce(sum(passives), 0), coalesce(sum(detractors), 0)
FROM line GROUP BY {{sets}}
"""

# Of a standing that is not shown yet; the rows are written when it is.
PORTFOLIO = _SUMS.format(
    standing="{standing}",
    theirs="",
    owned="",
    sets="GROUPING SETS ((owner_id), ())",
)
_OWNED = "owner_id = ANY(%(owners)s)"
PORTFOLIO_OF = f"INSERT INTO health_portfolioday ({COLUMNS})" + _SUMS.format(
    standing="health_board",
    theirs=f"AND customer_id IN (SELECT id FROM customers_customer WHERE {_OWNED})",
    owned=f"AND c.{_OWNED}",
    sets="owner_id",
)
