"""Customers as they stood on a past day, and what became of them until another."""

import datetime as dt
from collections.abc import Mapping

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from billing.enums import ChurnKind
from common.copy import read_copy
from common.dates import POSTGRES_EPOCH
from health.calculations.buyers import who_buys
from health.calculations.facts import Facts
from health.calculations.landmarks import STAYED, Landmarks
from health.calculations.past_frames import PastFrames
from health.calculations.scorecard import ScorecardRules
from health.enums import Band
from health.features import landmark_rows
from health.lineup import Lineup
from health.readings import read_measures
from health.scoring import ScoredFrame, score_lineup, score_readings
from health.selectors.frame import Moment, facts_of, source_ages

# The first departure after the day. Raw: one pass along the key of churn events.
OUTCOMES = """
SELECT DISTINCT ON (customer_id) customer_id, left_on, kind = %(involuntary)s
  FROM billing_churnevent
 WHERE customer_id BETWEEN %(first)s AND %(last)s AND recorded_at < %(known)s
   AND left_on > %(day)s AND left_on <= %(until)s
 ORDER BY customer_id, left_on
"""
OUTCOME_COLUMNS = {
    "customer_id": "bigint",
    "left_on": "date",
    "involuntary": "boolean",
}


def landmarks_of(
    moment: Moment, *, first: int, last: int, until: dt.date, known_before: dt.datetime
) -> Landmarks:
    """This will return the customers of an id range as they stood at a moment.

    What became of them is read up to `until`, as known before another moment: all else
    is what the frame of the day says. Cost: that of the facts and one statement.
    """
    facts = facts_of(moment, source_ages(moment), first=first, last=last)
    return _followed(facts, moment, until=until, known_before=known_before)


def past_frames_of(
    moment: Moment,
    *,
    first: int,
    last: int,
    until: dt.date,
    known_before: dt.datetime,
    lineup: Lineup,
    versions: Mapping[int, ScorecardRules],
) -> PastFrames:
    """This will return landmark rows with the scores that would have been shown.

    By the scorecards of the lineup, and by further versions, each for everybody. Cost:
    that of `landmarks_of`, and scoring once more for each version.
    """
    facts = facts_of(moment, source_ages(moment), first=first, last=last)
    readings, which = read_measures(facts), lineup.which(facts["segment_id"])
    frame = score_lineup(readings, which, lineup.rules)
    scores = {
        str(pk): _known(score_readings(readings, r)) for pk, r in versions.items()
    }
    return PastFrames(
        _followed(facts, moment, until=until, known_before=known_before),
        facts["tickets_total"].astype(np.float64),
        facts["earned"],
        frame.band,
        who_buys(facts),
        {"in_use": _known(frame)} | scores,
    )


def _known(frame: ScoredFrame) -> NDArray[np.float64]:
    return np.where(frame.band == Band.UNKNOWN, np.nan, frame.score)


def _followed(
    facts: Facts, moment: Moment, *, until: dt.date, known_before: dt.datetime
) -> Landmarks:
    ids = facts["customer_id"]
    left_after, involuntary = _outcomes(
        ids, day=moment.as_of, until=until, known_before=known_before
    )
    observed = np.full(len(ids), (until - moment.as_of).days, dtype=np.int32)
    return rows_of(facts, moment.as_of, left_after, observed, involuntary)


def rows_of(
    facts: Facts,
    day: dt.date,
    left_after: NDArray[np.int32] | None = None,
    observed: NDArray[np.int32] | None = None,
    involuntary: NDArray[np.bool_] | None = None,
) -> Landmarks:
    """This will put facts of a day into landmark rows; without outcomes nothing is over."""
    return landmark_rows(
        facts,
        read_measures(facts),
        day,
        left_after=left_after,
        observed=observed,
        involuntary=involuntary,
    )


def _outcomes(
    ids: NDArray[np.int64], *, day: dt.date, until: dt.date, known_before: dt.datetime
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    after = np.full(len(ids), STAYED, dtype=np.int32)
    involuntary = np.zeros(len(ids), dtype=np.bool_)
    if not len(ids):
        return after, involuntary
    asked = {
        "first": int(ids[0]),
        "last": int(ids[-1]),
        "known": known_before,
        "day": day,
        "until": until,
        "involuntary": ChurnKind.INVOLUNTARY.value,
    }
    with connection.cursor() as cursor:
        query = cursor.mogrify(OUTCOMES, asked).decode()
        rows = read_copy(cursor, query, OUTCOME_COLUMNS)
    at = np.searchsorted(ids, rows["customer_id"])
    ours = ids[at] == rows["customer_id"]
    after[at[ours]] = rows["left_on"][ours] - (day - POSTGRES_EPOCH).days
    involuntary[at[ours]] = rows["involuntary"][ours]
    return after, involuntary
