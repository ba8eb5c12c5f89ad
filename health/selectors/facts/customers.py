"""Who is a customer on the day, and what the customer's own row says."""

from health.selectors.facts.reading import Reader, Rows

# Along the primary key; the row itself is read, because it is read by everything else too.
STATEMENT = """
SELECT id, customer_since, coalesce(acquisition_cost, 0)::float8,
  coalesce(segment_id, 0), coalesce(parent_id, 0), stage = 'onboarding', recorded_at
FROM customers_customer
WHERE id BETWEEN %(first)s AND %(last)s
  AND customer_since <= %(as_of)s AND recorded_at < %(known)s
ORDER BY id
"""
COLUMNS = {
    "customer_id": "bigint",
    "since": "date",
    "acquisition_cost": "double",
    "segment_id": "bigint",
    "parent_id": "bigint",
    "onboarding": "boolean",
    "recorded_at": "bigint",
}


def customers_known(reader: Reader) -> Rows:
    """This will list those who were customers by the day, left or not. One statement."""
    return reader.rows(STATEMENT, COLUMNS)
