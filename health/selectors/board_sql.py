"""The board: one wide row per customer, read by every list page.

Raw SQL because it is one INSERT over a million rows into a table that is swapped in.
"""

FALLING_POINTS = 5
SILENT_DAYS = 30

BOARD_FILL = f"""
INSERT INTO {{board}} (
  customer_id, name, segment_id, segment_name, owner_id, owner_name, contact_id,
  contact_name, score, coverage, band, basis, late, churn, churn_low,
  churn_high, mrr, clv, clv_p10, clv_p90, value_at_risk, queue_value, at_risk,
  gone, renews_on, last_contact_on, latest_nps, falling, silent, snoozed_until, asks, reasons,
  reason_values, reason_before, weekly)
SELECT c.id, c.name, c.segment_id, coalesce(g.name, ''), c.owner_id,
  coalesce(u.name, ''), p.id, coalesce(p.name, ''), s.score,
  s.coverage, s.band, s.basis, s.late, s.churn, s.churn_low, s.churn_high, s.mrr, s.clv, s.clv_p10,
  s.clv_p90, s.value_at_risk, s.queue_value,
  s.at_risk, s.gone, s.renews_on, s.last_contact_on, s.latest_nps,
  coalesce(s.weekly[13] - s.weekly[9] <= -{FALLING_POINTS}, false)
    AND s.weekly[9] <> 'NaN',
  coalesce(s.last_contact_on < %(as_of)s::date - {SILENT_DAYS}, true),
  z.until, s.asks, s.reasons, s.reason_values, s.reason_before, s.weekly
FROM {{standing}} s
JOIN customers_customer c ON c.id = s.customer_id
LEFT JOIN customers_segment g ON g.id = c.segment_id
LEFT JOIN accounts_user u ON u.id = c.owner_id
LEFT JOIN customers_contact p
  ON p.customer_id = c.id AND p.is_primary AND p.left_on IS NULL
LEFT JOIN health_snooze z ON z.customer_id = c.id
"""

# One customer's row, between two runs. What people edit in the list itself stays as they
# left it: an edit that has not been committed yet would be lost.
_SCORED = [
    "score",
    "coverage",
    "band",
    "basis",
    "late",
    "churn",
    "churn_low",
    "churn_high",
    "mrr",
    "clv",
    "clv_p10",
    "clv_p90",
    "value_at_risk",
    "queue_value",
    "at_risk",
    "gone",
    "renews_on",
    "last_contact_on",
    "latest_nps",
    "falling",
    "silent",
    "asks",
    "reasons",
    "reason_values",
    "reason_before",
    "weekly",
]
BOARD_REPLACE = (
    BOARD_FILL
    + " WHERE s.customer_id = %(pk)s ON CONFLICT (customer_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _SCORED)
)

# Names carry the run's number, so that two boards can stand beside each other.
BOARD_INDEXES = [
    "CREATE UNIQUE INDEX health_board_{run}_pk ON {board} (customer_id)",
    (
        "CREATE INDEX health_board_{run}_queue ON {board}"
        " (queue_value DESC, customer_id) INCLUDE (owner_id) WHERE at_risk"
    ),
    (
        "CREATE INDEX health_board_{run}_owner ON {board}"
        " (owner_id, queue_value DESC, customer_id) WHERE at_risk"
    ),
    "CREATE INDEX health_board_{run}_all ON {board} (queue_value DESC, customer_id)",
    (
        "CREATE INDEX health_board_{run}_mine ON {board}"
        " (owner_id, queue_value DESC, customer_id)"
    ),
    "CREATE INDEX health_board_{run}_band ON {board} (band) INCLUDE (owner_id, gone)",
    "CREATE INDEX health_board_{run}_renews ON {board} (renews_on, customer_id)",
    (
        "CREATE INDEX health_board_{run}_chips ON {board} (owner_id)"
        " INCLUDE (renews_on, falling, silent, latest_nps, snoozed_until) WHERE at_risk"
    ),
    (
        "CREATE INDEX health_board_{run}_asks ON {board}"
        " ((score * mrr::double precision) DESC, customer_id) WHERE asks > 0"
    ),
    "CREATE INDEX health_board_{run}_late ON {board} (customer_id) WHERE late",
]

BOARD_KEY = (
    "ALTER TABLE {board} ADD CONSTRAINT health_board_{run}_pk"
    " PRIMARY KEY USING INDEX health_board_{run}_pk"
)

BOARD_REAPPLY = """
UPDATE {board} b SET name = c.name, owner_id = c.owner_id,
  owner_name = coalesce(u.name, ''), snoozed_until = z.until
FROM customers_customer c
LEFT JOIN accounts_user u ON u.id = c.owner_id
LEFT JOIN health_snooze z ON z.customer_id = c.id
WHERE b.customer_id = c.id AND c.id = ANY(%(ids)s)
"""
