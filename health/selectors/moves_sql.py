"""Customers by the band they were in and the band they are in, per owner and in all.

Raw SQL: a full join of two days and grouping sets, over a million customers. Band −1 is
"not a customer"; owner 0 is everybody, −1 nobody.
"""

# What a standing that is not shown yet says, narrow: it is joined with several days.
LINES = """
CREATE TEMPORARY TABLE line AS
SELECT s.customer_id, coalesce(c.owner_id, -1) AS owner_id, s.band, s.mrr
  FROM {standing} s JOIN customers_customer c ON c.id = s.customer_id
"""

_MOVES = """
SELECT %(as_of)s, %(day)s, CASE WHEN grouping(owner_id) = 1 THEN 0 ELSE owner_id END,
  from_band, to_band, count(*), coalesce(sum(mrr), 0)
FROM (
  SELECT coalesce(n.owner_id, (SELECT coalesce(owner_id, -1) FROM customers_customer
      WHERE id = o.customer_id), -1) AS owner_id,
    coalesce(o.band, -1) AS from_band, coalesce(n.band, -1) AS to_band, n.mrr
  FROM {lines} n FULL JOIN (
    SELECT customer_id, band FROM health_score WHERE as_of = %(day)s {theirs}
  ) o USING (customer_id)
) moved GROUP BY {sets}
"""

MOVES = _MOVES.format(
    lines="line",
    theirs="",
    sets="GROUPING SETS ((owner_id, from_band, to_band), (from_band, to_band))",
)
_OWNED = "SELECT id FROM customers_customer WHERE owner_id = ANY(%(owners)s)"
MOVES_OF = (
    "INSERT INTO health_move"
    " (as_of, compared_on, owner_id, from_band, to_band, customers, mrr)"
) + _MOVES.format(
    lines="(SELECT customer_id, owner_id, band, mrr FROM health_board"
    " WHERE owner_id = ANY(%(owners)s))",
    theirs=f"AND customer_id IN ({_OWNED})",
    sets="owner_id, from_band, to_band",
)
