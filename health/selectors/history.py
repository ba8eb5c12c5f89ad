"""A customer's scores over time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from common.copy import read_copy
from common.dates import POSTGRES_EPOCH
from common.partitions import day_partitions
from health.calculations.scorecard import rules_from_config
from health.models import Run, Score, ScorecardVersion
from health.readings import unpack
from health.scoring import score_readings

WEEKS = 13
# How many days before, about, the portfolio is compared with.
COMPARED = (1, 7, 30, 90)
HISTORY_DAYS = 91
WEEK_RADIUS = 3  # days around the day of a week that still speak for it

# Days that are read at once: memory is that of their rows.
AT_ONCE = 5
# Reads the key alone, which carries score and band.
PAST = """
SELECT customer_id, as_of, score, band FROM health_score
 WHERE customer_id BETWEEN %(first)s AND %(last)s AND as_of = ANY(%(days)s)
"""
PAST_COLUMNS = {
    "customer_id": "bigint",
    "as_of": "date",
    "score": "double",
    "band": "smallint",
}


def stored_days() -> list[dt.date]:
    """This will list the days that have scores, oldest first. One query of the catalog."""
    return day_partitions(table="health_score")


def weekly_days(as_of: dt.date) -> list[dt.date]:
    """This will choose at most 12 stored days: the nearest to 1, 2 … 12 weeks before.

    A week without a stored day within three days of it has none.
    """
    stored = stored_days()
    chosen = []
    for week in range(1, WEEKS):
        wanted = as_of - dt.timedelta(days=7 * week)
        near = [day for day in stored if abs((day - wanted).days) <= WEEK_RADIUS]
        if near:
            chosen.append(min(near, key=lambda day: (abs(day - wanted), wanted - day)))
    return chosen


def days_to_compare(as_of: dt.date) -> list[dt.date]:
    """This will choose the stored days nearest to 1, 7, 30 and 90 days before a day."""
    stored = [day for day in stored_days() if day < as_of]
    wanted = [as_of - dt.timedelta(days=days) for days in COMPARED]
    return sorted(
        {min(stored, key=lambda day: (abs(day - want), day)) for want in wanted}
        if stored
        else ()
    )


@dataclass(frozen=True, slots=True)
class PastScores:
    """What n customers were on some days: scores, NaN where unknown, and bands.

    Band −1 says that a customer has no score of a day. Days nobody asked for are absent.
    """

    scores: dict[dt.date, NDArray[np.float64]]
    bands: dict[dt.date, NDArray[np.int16]]

    def weekly(self, as_of: dt.date, days: Sequence[dt.date]) -> NDArray[np.float64]:
        """This will put days into the 13 weeks up to a day, oldest first, (n, 13).

        `days` are those of `weekly_days`; the last column, the day's own week, is left
        to the caller. Without any day there is one row, to be spread over all.
        """
        size = len(self.scores[days[0]]) if days else 1
        weekly = np.full((size, WEEKS), np.nan)
        for day in days:
            week = ((as_of - day).days + WEEK_RADIUS) // 7
            weekly[:, WEEKS - 1 - week] = self.scores[day]
        return weekly


def past_scores(*, days: Sequence[dt.date], ids: NDArray[np.int64]) -> PastScores:
    """This will return what customers, in the order of their ids, were on some days.

    Cost: a statement per five days that reads a key per customer and day.
    """
    known = sorted(set(days))
    size = (len(known), len(ids))
    scores, bands = np.full(size, np.nan), np.full(size, -1, dtype=np.int16)
    for begin in range(0, len(known) if len(ids) else 0, AT_ONCE):
        some = slice(begin, begin + AT_ONCE)
        _read_past(known[some], ids, scores[some], bands[some])
    return PastScores(
        dict(zip(known, scores, strict=True)), dict(zip(known, bands, strict=True))
    )


def _read_past(
    days: Sequence[dt.date],
    ids: NDArray[np.int64],
    scores: NDArray[np.float64],
    bands: NDArray[np.int16],
) -> None:
    """This will fill in what is known of some days, (d, n) each."""
    asked = {"first": int(ids[0]), "last": int(ids[-1]), "days": list(days)}
    with connection.cursor() as cursor:
        query = cursor.mogrify(PAST, asked).decode()
        rows = read_copy(cursor, query, PAST_COLUMNS)
    numbers = np.array([(day - POSTGRES_EPOCH).days for day in days])
    at = np.searchsorted(ids, rows["customer_id"])
    ours = ids[at] == rows["customer_id"]
    cell = np.searchsorted(numbers, rows["as_of"][ours]), at[ours]
    bands[cell] = rows["band"][ours]
    scores[cell] = np.where(bands[cell] == 0, np.nan, rows["score"][ours])


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """A score of a day; None while unknown."""

    day: dt.date
    score: float | None
    version_id: int
    basis: int


@dataclass(frozen=True, slots=True)
class MeasurePoint:
    """What a measure said on a day: NaN where it did not."""

    day: dt.date
    value: float
    before: float
    age: int  # days; health.readings.MISSING and NOT_APPLICABLE
    subscore: float  # 0..100
    contribution: float  # points


@dataclass(frozen=True, slots=True)
class History:
    """A customer's stored days, oldest first, and every measure on each of them."""

    scores: list[ScorePoint]
    measures: dict[str, list[MeasurePoint]]
    versions: dict[int, ScorecardVersion]


def history(*, customer_id: int, as_of: dt.date, days: int = HISTORY_DAYS) -> History:
    """This will return the scores and, from the kept readings, every measure over time.

    A day is scored by the version it was scored by then; the days of one version in one
    go. Three queries.
    """
    rows = list(_days(customer_id, as_of, days))
    runs = {
        pk: (tuple(layout), late or {})
        for pk, layout, late in Run.objects.filter(
            pk__in={row.run_id for row in rows}
        ).values_list("pk", "parameters__measures", "parameters__late")
    }
    versions = ScorecardVersion.objects.select_related("scorecard").in_bulk(
        {row.scorecard_version_id for row in rows}
    )
    # Days that were scored alike: by one version, in one layout, with the same lateness.
    alike: dict[Any, list[Score]] = defaultdict(list)
    for row in rows:
        layout, late = runs[row.run_id]
        alike[row.scorecard_version_id, layout, tuple(sorted(late.items()))].append(row)
    points: dict[str, list[MeasurePoint]] = defaultdict(list)
    for (version, layout, late), same in alike.items():
        _score_days(points, same, layout, versions[version], dict(late))
    for measured in points.values():
        measured.sort(key=lambda point: point.day)
    scores = [
        ScorePoint(
            row.as_of,
            row.score if row.band else None,
            row.scorecard_version_id,
            row.basis,
        )
        for row in rows
    ]
    return History(scores, dict(points), versions)


def _days(customer_id: int, as_of: dt.date, days: int) -> Any:
    first = as_of - dt.timedelta(days=days)
    rows = Score.objects.filter(customer_id=customer_id, as_of__range=(first, as_of))
    return rows.order_by("as_of")


def _score_days(
    points: dict[str, list[MeasurePoint]],
    rows: list[Score],
    layout: tuple[str, ...],
    version: ScorecardVersion,
    late: dict[str, int],
) -> None:
    readings = unpack(
        layout,
        [bytes(row.values) for row in rows],
        [bytes(row.before) for row in rows],
        [bytes(row.ages) for row in rows],
        [row.tenure for row in rows],
    )
    frame = score_readings(readings, rules_from_config(version.config), late=late)
    for place, key in enumerate(layout):
        points[key] += [
            MeasurePoint(
                row.as_of,
                float(readings.value[day, place]),
                float(readings.before[day, place]),
                int(readings.age[day, place]),
                float(frame.subscore[day, place]),
                float(frame.result.contributions[day, place]),
            )
            for day, row in enumerate(rows)
        ]
