"""One line per customer with what portfolios are summed from; see selectors/lines_sql."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from common.copy import read_copy, write_copy
from health.calculations.facts import Facts
from health.calculations.forecast import Forecast
from health.enums import Basis
from health.models import Run
from health.scoring import ScoredFrame
from health.selectors.history import PastScores
from health.selectors.lines_sql import (
    COMPARED,
    FOLLOW_OWNERS,
    FOLLOW_ROLLUPS,
    LINE,
    OF_THE_REST,
    RENEWAL_DAYS,
)
from health.selectors.sums import line_parameters
from health.services.tables_sql import RunTables

OWNERS = """
SELECT id, coalesce(owner_id, -1) FROM customers_customer
 WHERE id BETWEEN %(first)s AND %(last)s ORDER BY id
"""
NOBODY = -1


def lines_write(
    *,
    tables: RunTables,
    facts: Facts,
    frame: ScoredFrame,
    forecast: Forecast,
    past: PastScores,
    days: Sequence[dt.date],
) -> None:
    """This will append the lines of scored customers; `past` holds the compared days.

    Costs a statement for the owners and one that writes.
    """
    ids, renewal = facts["customer_id"], facts["renewal_days"]
    answerers = facts["promoters"] + facts["detractors"]
    nobody = np.full(len(ids), -1, dtype=np.int16)
    was = [past.bands.get(day, nobody) for day in days]
    was += [nobody] * (COMPARED - len(was))
    values: dict[str, NDArray[Any]] = {
        "customer_id": ids,
        "owner_id": _owners(ids),
        "band": frame.band,
        "score": frame.score,
        "at_risk": forecast.at_risk,
        "gone": forecast.gone,
        "renews": (renewal >= 0) & (renewal <= RENEWAL_DAYS),
        "mrr": facts["mrr"],
        "value_at_risk": forecast.value_at_risk,
        "then_mrr": np.maximum(facts["mrr_year_ago"], 0.0),
        "promoters": facts["promoters"],
        "passives": facts["answerers"] - answerers,
        "detractors": facts["detractors"],
        **{f"was_{n}": bands for n, bands in enumerate(was)},
    }
    with connection.cursor() as cursor:
        write_copy(cursor, tables.lines, LINE, values)


def _owners(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """This will return who looks after customers now, −1 for nobody."""
    with connection.cursor() as cursor:
        query = cursor.mogrify(OWNERS, {"first": int(ids[0]), "last": int(ids[-1])})
        rows = read_copy(cursor, query.decode(), {"id": "bigint", "owner": "bigint"})
    places = np.searchsorted(rows["id"], ids)
    known = rows["id"][np.minimum(places, len(rows["id"]) - 1)] == ids
    owners = rows["owner"][np.minimum(places, len(rows["id"]) - 1)]
    return np.where(known, owners, NOBODY)


def lines_settle(*, run: Run, tables: RunTables, days: Sequence[dt.date]) -> None:
    """This will correct and complete the lines once all shards are through.

    Done again it changes nothing. Parents that were rolled up and customers that changed
    hands meanwhile follow; those without a line get one where they count at all.
    """
    parameters = line_parameters(run, days)
    parameters |= {"rolled": Basis.ROLLUP, "since": run.known_before}
    names = {"lines": tables.lines, "standing": tables.standing}
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables.lines} (customer_id)")
        for statement in (FOLLOW_ROLLUPS, FOLLOW_OWNERS, OF_THE_REST):
            cursor.execute(statement.format(**names), parameters)
