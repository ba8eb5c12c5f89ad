"""A customer's scores over time."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from common.copy import read_copy
from health.models import Run, Score

WEEKS = 13
HISTORY_DAYS = 91

# The newest score of each week before the day; unknown ones are no numbers.
WEEKLY = """
SELECT DISTINCT ON (customer_id, week) customer_id, week, score FROM (
  SELECT customer_id, as_of, ((%(as_of)s - as_of + 3) / 7)::int AS week,
         CASE WHEN band = 0 THEN 'NaN'::float8 ELSE score END AS score
    FROM health_score
   WHERE customer_id BETWEEN %(first)s AND %(last)s
     AND as_of BETWEEN %(as_of)s - 87 AND %(as_of)s - 4
) s ORDER BY customer_id, week, as_of DESC
"""


def weekly_scores(
    *, run: Run, first: int, last: int, ids: NDArray[np.int64]
) -> NDArray[np.float64]:
    """This will return scores of the 13 weeks up to the run, oldest first, (n, 13).

    NaN where there is none; the last column, the run's own week, is left to the caller.
    """
    weekly = np.full((len(ids), WEEKS), np.nan)
    parameters = {"as_of": run.as_of, "first": first, "last": last}
    with connection.cursor() as cursor:
        query = cursor.mogrify(WEEKLY, parameters).decode()
        rows = read_copy(
            cursor, query, {"customer_id": "bigint", "week": "integer", "score": "double"}
        )
    where = np.searchsorted(ids, rows["customer_id"])
    where = np.minimum(where, max(len(ids) - 1, 0))
    if len(ids):
        known = ids[where] == rows["customer_id"]
        weekly[where[known], WEEKS - 1 - rows["week"][known]] = rows["score"][known]
    return weekly


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """A score of a day; None while unknown."""

    day: dt.date
    score: float | None


def score_points(*, customer_id: int, as_of: dt.date) -> list[ScorePoint]:
    """This will return a customer's scores of the last 13 weeks, oldest first."""
    rows = (
        Score.objects.filter(
            customer_id=customer_id,
            as_of__range=(as_of - dt.timedelta(days=HISTORY_DAYS), as_of),
        )
        .order_by("as_of")
        .values_list("as_of", "score", "band")
    )
    return [ScorePoint(day, score if band else None) for day, score, band in rows]
