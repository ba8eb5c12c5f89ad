"""Reading families, and writing what was rolled up, in one statement each."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from common.copy import read_copy, write_copy
from health.calculations.facts import Facts
from health.calculations.forecast import Forecast
from health.readings import AGE, VALUE, Readings, unpack_columns
from health.services.tables_sql import RunTables
from health.services.writing_sql import FORECAST, ROLLUP

FAMILIES = """
SELECT {columns} FROM {table} WHERE parent_id <> 0
    OR customer_id IN (SELECT parent_id FROM {table} WHERE parent_id <> 0)
 ORDER BY customer_id
"""
ROLLED = {
    "customer_id": "bigint",
    "score": "double",
    "band": "smallint",
    **FORECAST,
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
UPDATE {scores} s SET score = r.score, band = r.band, churn = r.churn, basis = 2
FROM rolled r WHERE r.customer_id = s.customer_id
"""


def families_read(tables: RunTables) -> Facts:
    """This will return everybody of a run who has a parent or is one, by id."""
    query = FAMILIES.format(columns=", ".join(ROLLUP), table=tables.rollup)
    with connection.cursor() as cursor:
        return read_copy(cursor, query, ROLLUP)


def readings_read(
    tables: RunTables, ids: NDArray[np.int64], layout: Sequence[str]
) -> Readings:
    """This will return what was read of some customers of a run, by id, n > 0.

    Raw: bytes by COPY, for many parents at once.
    """
    values, ages = (f"bytes[{len(layout) * kind.itemsize}]" for kind in (VALUE, AGE))
    columns = {"values": values, "before": values, "ages": ages, "tenure": "integer"}
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        query = cursor.mogrify(
            f"SELECT {names} FROM {tables.scores} WHERE customer_id = ANY(%s)"
            " ORDER BY customer_id",
            [ids.tolist()],
        )
        found = read_copy(cursor, query.decode(), columns)
    return unpack_columns(layout, **found)


def rolled_write(
    *,
    tables: RunTables,
    customers: Facts,
    forecast: Forecast,
) -> None:
    """This will write new scores and what follows from them into the run's tables."""
    values: dict[str, NDArray[Any]] = {
        **{name: customers[name] for name in ("customer_id", "score", "band")},
        **{name: getattr(forecast, name) for name in FORECAST},
    }
    absent = {name: np.isnan(getattr(forecast, name)) for name in ("alive", "stays")}
    with connection.cursor() as cursor:
        cursor.execute(TABLE.format(columns=", ".join(ROLLED)))
        write_copy(cursor, "rolled", ROLLED, values, absent=absent)
        cursor.execute("ANALYZE rolled")
        cursor.execute(STANDING.format(standing=tables.standing))
        cursor.execute(SCORES.format(scores=tables.scores))
        cursor.execute("DROP TABLE rolled")
