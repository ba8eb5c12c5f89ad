"""What a unit of each currency was worth on the day, in the company's."""

RATES = """
rate AS (
  SELECT %(currency)s::varchar AS currency, 1::float8 AS rate
  UNION ALL
  (SELECT DISTINCT ON (currency) currency, rate::float8 FROM accounts_exchangerate
    WHERE valid_on <= %(as_of)s AND currency <> %(currency)s
    ORDER BY currency, valid_on DESC)
)
"""
