"""Reading families, and writing what was rolled up, in one statement each."""

from typing import Any

from django.db import connection
from numpy.typing import NDArray

from common.copy import read_copy, write_copy
from health.calculations.facts import Facts
from health.calculations.forecast import Forecast, Rates
from health.services.tables_sql import RunTables
from health.services.writing_sql import ROLLUP

FAMILIES = """
SELECT {columns} FROM {table} WHERE parent_id <> 0
    OR customer_id IN (SELECT parent_id FROM {table} WHERE parent_id <> 0)
 ORDER BY customer_id
"""
ROLLED = {
    "customer_id": "bigint",
    "score": "double",
    "band": "smallint",
    "churn": "real",
    "churn_low": "real",
    "churn_high": "real",
    "clv": "money",
    "clv_p10": "money",
    "clv_p50": "money",
    "clv_p90": "money",
    "clv_textbook": "money",
    "value_at_risk": "money",
    "queue_value": "money",
    "at_risk": "boolean",
}
TABLE = """
DROP TABLE IF EXISTS pg_temp.rolled;
CREATE TEMPORARY TABLE rolled AS SELECT {columns} FROM health_standing WHERE false
"""
_SAME = [name for name in ROLLED if name != "customer_id"]
STANDING = f"""
UPDATE {{standing}} s SET {", ".join(f"{name} = r.{name}" for name in _SAME)},
  basis = 2, told = CASE WHEN s.late THEN s.told ELSE r.band END,
  asks = CASE WHEN r.band = 3 THEN s.asks ELSE 0 END, weekly[13] = r.score
FROM rolled r WHERE r.customer_id = s.customer_id
"""
SCORES = """
UPDATE {scores} s SET score = r.score, band = r.band, basis = 2
FROM rolled r WHERE r.customer_id = s.customer_id
"""


def families_read(tables: RunTables) -> Facts:
    """This will return everybody of a run who has a parent or is one, by id."""
    query = FAMILIES.format(columns=", ".join(ROLLUP), table=tables.rollup)
    with connection.cursor() as cursor:
        return read_copy(cursor, query, ROLLUP)


def rolled_write(
    *,
    tables: RunTables,
    customers: Facts,
    rates: Rates,
    forecast: Forecast,
) -> None:
    """This will write new scores and what follows from them into the run's tables."""
    values: dict[str, NDArray[Any]] = {
        **{name: customers[name] for name in ("customer_id", "score", "band")},
        "churn": rates.rate,
        "churn_low": rates.low,
        "churn_high": rates.high,
        **{name: getattr(forecast, name) for name in ROLLED if hasattr(forecast, name)},
    }
    with connection.cursor() as cursor:
        cursor.execute(TABLE.format(columns=", ".join(ROLLED)))
        write_copy(cursor, "rolled", ROLLED, values)
        cursor.execute("ANALYZE rolled")
        cursor.execute(STANDING.format(standing=tables.standing))
        cursor.execute(SCORES.format(scores=tables.scores))
        cursor.execute("DROP TABLE rolled")
