"""Results into their tables: whole columns by COPY, no row by row."""

from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from common.copy import write_copy
from health.calculations.asking import ask_bits
from health.calculations.facts import Facts
from health.calculations.forecast import Forecast
from health.lineup import Lineup
from health.models import Run
from health.readings import pack
from health.scoring import ScoredFrame, at_codes, top_measures
from health.selectors.frame import to_postgres_days
from health.selectors.history import WEEKS
from health.services.tables_sql import RunTables
from health.services.writing_sql import FORECAST, ROLLUP, SCORE, STANDING


def scores_write(
    *,
    tables: RunTables,
    run: Run,
    facts: Facts,
    frame: ScoredFrame,
    churn: NDArray[np.float64],
    lineup: Lineup,
) -> None:
    """This will append the day's scores. The customers must not have any there yet."""
    size = len(frame.readings)
    packed = pack(frame.readings)
    columns = {
        name: f"bytes[{packed[name].itemsize}]" if kind == "bytes" else kind
        for name, kind in SCORE.items()
    }
    values: dict[str, NDArray[Any]] = {
        "customer_id": facts["customer_id"],
        "as_of": to_postgres_days(run.as_of, np.zeros(size, dtype=np.int32)),
        "run_id": np.full(size, run.pk),
        "scorecard_version_id": _versions(facts, lineup),
        "score": frame.score,
        "computed": frame.computed,
        "coverage": frame.result.coverage,
        "band": frame.band,
        "basis": frame.basis,
        "late": frame.late,
        "churn": churn,
        "tenure": frame.readings.tenure,
        **packed,
    }
    with connection.cursor() as cursor:
        write_copy(cursor, tables.scores, columns, values)


def standing_write(
    *,
    tables: RunTables,
    run: Run,
    facts: Facts,
    frame: ScoredFrame,
    forecast: Forecast,
    lineup: Lineup,
    weekly: NDArray[np.float64],
    told: NDArray[np.int16],
) -> None:
    """This will append where the customers stand. They must not stand there yet.

    `weekly` (n or 1, 13) gets the score itself as its last column. `told` is the band that
    was last told of; where a late source is behind the new one it stays so.
    """
    reasons = top_measures(frame)
    weekly = np.broadcast_to(weekly, (len(reasons), WEEKS)).copy()
    weekly[:, WEEKS - 1] = np.where(frame.band == 0, np.nan, frame.score)
    renewal, nps = facts["renewal_days"], facts["nps"]
    today = to_postgres_days(run.as_of, np.zeros(len(reasons), dtype=np.int32))
    day_of = {
        "renews_on": today + np.maximum(renewal, 0),
        "last_contact_on": to_postgres_days(run.as_of, facts["contact_days"]),
        "last_used_on": to_postgres_days(run.as_of, facts["unused_days"]),
    }
    values: dict[str, NDArray[Any]] = {
        "customer_id": facts["customer_id"],
        "run_id": np.full(len(reasons), run.pk),
        "scorecard_version_id": _versions(facts, lineup),
        "score": frame.score,
        "computed": frame.computed,
        "coverage": frame.result.coverage,
        "band": frame.band,
        "told": np.where(frame.late, told, frame.band),
        "basis": frame.basis,
        "late": frame.late,
        "mrr": facts["mrr"],
        **{name: getattr(forecast, name) for name in FORECAST},
        **day_of,
        "latest_nps": nps,
        "reasons": reasons,
        "asks": ask_bits(
            facts, frame.score, frame.band, frame.result.coverage, frame.computed
        ),
        "reason_values": at_codes(frame, reasons, frame.readings.value),
        "reason_before": at_codes(frame, reasons, frame.readings.before),
        "weekly": weekly,
    }
    absent = {
        "renews_on": renewal < 0,
        "last_contact_on": facts["contact_days"] < 0,
        "last_used_on": facts["unused_days"] < 0,
        "latest_nps": nps < 0,
        "alive": np.isnan(forecast.alive),
        "stays": np.isnan(forecast.stays),
    }
    with connection.cursor() as cursor:
        write_copy(cursor, tables.standing, STANDING, values, absent=absent)


def rollup_write(
    *, tables: RunTables, facts: Facts, frame: ScoredFrame, lineup: Lineup
) -> None:
    """This will keep what rolling up parents needs to know of everybody."""
    values: dict[str, NDArray[Any]] = {
        **{name: facts[name] for name in ROLLUP if name in facts},
        "parent_id": np.maximum(facts["parent_id"], 0),
        "scorecard_version_id": _versions(facts, lineup),
        "score": frame.score,
        "band": frame.band,
        "basis": frame.basis,
    }
    with connection.cursor() as cursor:
        write_copy(cursor, tables.rollup, ROLLUP, values)


def _versions(facts: Facts, lineup: Lineup) -> NDArray[np.int64]:
    return lineup.versions(lineup.which(facts["segment_id"]))
