"""What was published on past days, and who then left."""

import datetime as dt

import numpy as np
from django.db import connection

from common.copy import read_copy
from health.calculations.accuracy.live import Published
from health.enums import Band, RunKind, RunState
from health.models import Run, Score

# So many days back are looked at, each a horizon apart; beyond so many customers a day
# those whose id is a multiple stand for all.
DAYS, MOST = 8, 50_000

# Raw: the day's partition, filtered by the horizon's departures through their index.
PUBLISHED = """
SELECT s.customer_id, s.churn::float8 AS churn, s.score::float8 AS score,
       s.band::smallint AS band,
       EXISTS (SELECT FROM billing_churnevent e
                WHERE e.customer_id = s.customer_id
                  AND e.left_on > s.as_of AND e.left_on <= s.as_of + %(horizon)s) AS left
  FROM health_score s
 WHERE s.as_of = %(day)s AND s.churn IS NOT NULL AND s.customer_id %% %(every)s = 0
"""
COLUMNS = {
    "customer_id": "bigint",
    "churn": "double",
    "score": "double",
    "band": "smallint",
    "left": "boolean",
}


def published_days(*, as_of: dt.date, horizon: int) -> list[dt.date]:
    """This will return days whose window is over by another, newest first, apart.

    Past days that were only scored later were never published. Cost: one query, and one
    for each day tried (scores older than a quarter are kept weekly).
    """
    runs = Run.objects.filter(
        state=RunState.DONE, as_of__lte=as_of - dt.timedelta(days=horizon)
    ).exclude(kind=RunKind.BACKFILL)
    chosen: list[dt.date] = []
    for day in runs.order_by("-as_of").values_list("as_of", flat=True).distinct():
        if chosen and (chosen[-1] - day).days < horizon:
            continue
        if Score.objects.filter(as_of=day, churn__isnull=False).exists():
            chosen.append(day)
        if len(chosen) == DAYS:
            break
    return chosen


def published_on(day: dt.date, *, horizon: int) -> Published:
    """This will return what was published on a day with who left in the days after.

    Two statements over the day's scores.
    """
    total = Score.objects.filter(as_of=day, churn__isnull=False).count()
    asked = {"day": day, "horizon": horizon, "every": total // MOST + 1}
    with connection.cursor() as cursor:
        query = cursor.mogrify(PUBLISHED, asked).decode()
        rows = read_copy(cursor, query, COLUMNS)
    unknown = rows["band"] == Band.UNKNOWN
    return Published(
        rows["customer_id"],
        rows["churn"],
        np.where(unknown, np.nan, rows["score"]),
        rows["left"],
    )
