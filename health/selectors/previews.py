"""What a preview of a draft is made from: kept readings, revenue, and who has left."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from common.copy import read_copy
from health.enums import Basis
from health.models import Run
from health.readings import AGE, VALUE, Readings, unpack_columns
from health.selectors.frame import Moment
from health.selectors.label_days import LABEL_DAYS, label_days
from health.selectors.standing import latest_run

Ids = NDArray[np.int64]
# How many past days a scorecard is tried on.
LANDMARKS = 4

# One pass along the keys of three tables; COPY hands over whole columns. Customers whose
# row of standing is gone have no revenue.
PORTFOLIO = """
SELECT s.customer_id, coalesce(c.segment_id, 0), coalesce(c.parent_id, 0),
       coalesce(round(t.mrr * 100), 0)::bigint, s.basis, s.score, s.tenure,
       s.values, s.ages
  FROM (SELECT * FROM health_score WHERE as_of = %(as_of)s AND run_id = %(run)s
           AND {whom}) s
  JOIN customers_customer c ON c.id = s.customer_id
  LEFT JOIN health_standing t ON t.customer_id = s.customer_id
 ORDER BY s.customer_id
"""
NEXT = "customer_id > %(after)s ORDER BY customer_id LIMIT %(size)s"
NAMED = "customer_id = ANY(%(ids)s)"
FAMILIES = """
SELECT s.customer_id FROM health_score s JOIN customers_customer c ON c.id = s.customer_id
 WHERE s.as_of = %(as_of)s AND s.run_id = %(run)s AND (c.parent_id IS NOT NULL
    OR c.id IN (SELECT parent_id FROM customers_customer WHERE parent_id IS NOT NULL))
 ORDER BY s.customer_id
"""

# The chosen customers of a past day, by their keys, with the segment as known then.
PAST = """
SELECT s.customer_id, coalesce((
         SELECT coalesce(p.segment_id, 0) FROM customers_profilechange p
          WHERE p.customer_id = s.customer_id AND p.recorded_at < %(known)s
          ORDER BY p.recorded_at DESC, p.id DESC LIMIT 1), c.segment_id, 0),
       s.tenure, s.values, s.ages
  FROM health_score s JOIN customers_customer c ON c.id = s.customer_id
 WHERE s.as_of = %(as_of)s AND s.run_id = %(run)s AND s.customer_id = ANY(%(ids)s)
 ORDER BY s.customer_id
"""

SCORED = """
SELECT customer_id FROM health_score WHERE as_of = %(as_of)s AND run_id = %(run)s
 ORDER BY customer_id
"""

# The first departure after the day counts; later ones are of another time with us.
LEFT = """
SELECT e.customer_id, min(e.left_on - %(day)s)::integer
  FROM billing_churnevent e
 WHERE e.left_on > %(day)s AND e.left_on <= %(day)s + %(label)s
   AND e.recorded_at < %(known)s
 GROUP BY e.customer_id ORDER BY e.customer_id
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Some customers of a run with their kept readings; `fixed` is NaN where nobody set
    the score by hand."""

    ids: Ids
    segment: Ids
    parents: Ids  # 0 for none
    cents: Ids
    fixed: NDArray[np.float64]
    readings: Readings

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Landmark:
    """A past day that scorecards are tried on; `left` are the departures after it."""

    day: dt.date
    run: Run
    scored: Ids
    left: Ids
    left_in: NDArray[np.int32]  # days from the day to leaving


def preview_run() -> Run | None:
    """This will return the run that drafts are tried on. One query."""
    return latest_run()


def portfolio_part(run: Run, *, after: int, size: int) -> Part:
    """This will return the next customers of a run after an id. One statement."""
    return _part(run, NEXT, {"after": after, "size": size})


def portfolio_of(run: Run, ids: Ids) -> Part:
    """This will return some customers of a run, by id. One statement."""
    return _part(run, NAMED, {"ids": ids.tolist()})


def family_ids(run: Run) -> Ids:
    """This will return who of a run has a parent or is one, by id. One statement."""
    asked = {"as_of": run.as_of, "run": run.pk}
    return _read(FAMILIES, {"customer_id": "bigint"}, asked)["customer_id"]


def _part(run: Run, whom: str, asked: dict[str, Any]) -> Part:
    layout = run.parameters["measures"]
    columns = {
        "customer_id": "bigint",
        "segment_id": "bigint",
        "parent_id": "bigint",
        "cents": "bigint",
        "basis": "smallint",
        "score": "double",
        **_kept(layout),
    }
    asked |= {"as_of": run.as_of, "run": run.pk}
    found = _read(PORTFOLIO.format(whom=whom), columns, asked)
    by_hand = found["basis"] == Basis.OVERRIDE
    return Part(
        found["customer_id"],
        found["segment_id"],
        found["parent_id"],
        found["cents"],
        np.where(by_hand, found["score"], np.nan),
        _readings(layout, found),
    )


def past_part(landmark: Landmark, ids: Ids) -> tuple[Ids, Ids, Readings]:
    """This will return ids, segments and readings of some customers on a past day."""
    run, day = landmark.run, landmark.day
    layout = run.parameters["measures"]
    columns = {"customer_id": "bigint", "segment_id": "bigint", **_kept(layout)}
    asked = {
        "as_of": day,
        "run": run.pk,
        "known": run.known_before,
        "ids": ids.tolist(),
    }
    found = _read(PAST, columns, asked)
    return found["customer_id"], found["segment_id"], _readings(layout, found)


def landmarks(moment: Moment) -> list[Landmark]:
    """This will return the newest past days whose outcome is known, the oldest first.

    At least 90 days apart and scored; days whose scores were thinned out are left out.
    Cost: two passes over keys per day.
    """
    found = []
    for day in label_days(moment)[:LANDMARKS]:
        runs = Run.objects.filter(as_of=day, state="done").order_by(
            "-started_at", "-id"
        )
        for run in runs:
            asked: dict[str, Any] = {"as_of": day, "run": run.pk}
            ids = _read(SCORED, {"customer_id": "bigint"}, asked)["customer_id"]
            if len(ids):
                found.append(Landmark(day, run, ids, *_left(moment, day, ids)))
                break
    return found[::-1]


def _left(moment: Moment, day: dt.date, scored: Ids) -> tuple[Ids, NDArray[np.int32]]:
    """This will return who of the scored left within 90 days, and after how many."""
    asked = {"day": day, "label": LABEL_DAYS, "known": moment.known_before}
    rows = _read(LEFT, {"customer_id": "bigint", "days": "integer"}, asked)
    there = np.isin(rows["customer_id"], scored)
    return rows["customer_id"][there], rows["days"][there]


def _kept(layout: Sequence[str]) -> dict[str, str]:
    width = len(layout)
    return {
        "tenure": "integer",
        "values": f"bytes[{width * VALUE.itemsize}]",
        "ages": f"bytes[{width * AGE.itemsize}]",
    }


def _readings(layout: Sequence[str], found: dict[str, NDArray[Any]]) -> Readings:
    return unpack_columns(
        layout, values=found["values"], ages=found["ages"], tenure=found["tenure"]
    )


def _read(
    query: str, columns: dict[str, str], parameters: dict[str, Any]
) -> dict[str, NDArray[Any]]:
    with connection.cursor() as cursor:
        return read_copy(cursor, cursor.mogrify(query, parameters).decode(), columns)
