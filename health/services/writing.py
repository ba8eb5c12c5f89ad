"""A shard's results into their tables: whole columns by COPY, no row by row."""

from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from common.copy import write_copy
from health.calculations.facts import Facts
from health.calculations.forecast import Forecast, Rates
from health.lineup import Lineup
from health.models import Shard
from health.readings import pack
from health.scoring import ScoredFrame, at_codes, top_measures
from health.selectors.frame import to_postgres_days
from health.selectors.history import WEEKS, weekly_scores
from health.services.writing_sql import (
    SCORE,
    STANDING,
    STANDING_TABLE,
    STANDING_UPSERT,
)


def scores_write(
    *, shard: Shard, facts: Facts, frame: ScoredFrame, lineup: Lineup
) -> None:
    """This will replace the day's scores of the shard's range. Call it in a transaction."""
    run, size = shard.run, len(frame.readings)
    day = to_postgres_days(run.as_of, np.zeros(size, dtype=np.int32))
    packed = pack(frame.readings)
    columns = {
        name: f"bytes[{packed[name].itemsize}]" if kind == "bytes" else kind
        for name, kind in SCORE.items()
    }
    values: dict[str, NDArray[Any]] = {
        "customer_id": facts["customer_id"],
        "as_of": day,
        "run_id": np.full(size, run.pk),
        "scorecard_version_id": _versions(facts, lineup),
        "score": frame.score,
        "computed": frame.computed,
        "coverage": frame.result.coverage,
        "band": frame.band,
        "basis": frame.basis,
        "late": frame.late,
        "tenure": frame.readings.tenure,
        **packed,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM health_score WHERE as_of = %s"
            " AND customer_id BETWEEN %s AND %s",
            [run.as_of, shard.first_id, shard.last_id],
        )
        write_copy(cursor, "health_score", columns, values)


def standing_write(
    *,
    shard: Shard,
    facts: Facts,
    frame: ScoredFrame,
    rates: Rates,
    forecast: Forecast,
    lineup: Lineup,
    failed: list[int],
) -> None:
    """This will bring the standing of the shard's range up to date.

    Customers that left lose their row; one that failed keeps its last one, which the
    operations page and its own page mark as old.
    """
    reasons = top_measures(frame)
    ids = facts["customer_id"]
    weekly = weekly_scores(
        run=shard.run, first=shard.first_id, last=shard.last_id, ids=ids
    )
    weekly[:, WEEKS - 1] = np.where(frame.band == 0, np.nan, frame.score)
    as_of = shard.run.as_of
    values: dict[str, NDArray[Any]] = {
        "customer_id": ids,
        "scorecard_version_id": _versions(facts, lineup),
        "score": frame.score,
        "computed": frame.computed,
        "coverage": frame.result.coverage,
        "band": frame.band,
        "basis": frame.basis,
        "late": frame.late,
        "churn": rates.rate,
        "churn_low": rates.low,
        "churn_high": rates.high,
        "mrr": facts["mrr"],
        "clv": forecast.clv,
        "clv_p10": forecast.clv_p10,
        "clv_p50": forecast.clv_p50,
        "clv_p90": forecast.clv_p90,
        "clv_textbook": forecast.clv_textbook,
        "value_at_risk": forecast.value_at_risk,
        "queue_value": forecast.queue_value,
        "at_risk": forecast.at_risk,
        "renewal_days": facts["renewal_days"],
        "contact_day": to_postgres_days(as_of, facts["contact_days"]),
        "used_day": to_postgres_days(as_of, facts["unused_days"]),
        "latest_nps": facts["nps"],
        "reasons": reasons,
        "asks": np.zeros(len(ids), dtype=np.int16),
        "reason_values": at_codes(frame, reasons, frame.readings.value),
        "reason_before": at_codes(frame, reasons, frame.readings.before),
        "weekly": weekly,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM health_standing WHERE customer_id BETWEEN %s AND %s"
            " AND NOT customer_id = ANY(%s)",
            [shard.first_id, shard.last_id, [*ids.tolist(), *failed]],
        )
        cursor.execute(STANDING_TABLE)
        write_copy(cursor, "standing_new", STANDING, values)
        cursor.execute(STANDING_UPSERT, {"run": shard.run_id, "as_of": as_of})


def _versions(facts: Facts, lineup: Lineup) -> NDArray[np.int64]:
    return lineup.versions(lineup.which(facts["segment_id"]))
