"""What people answered when we asked, and who did not answer."""

import numpy as np
from numpy.typing import NDArray

from health.calculations.groups import Groups, Runs
from health.selectors.facts.moment import DAY, NEVER
from health.selectors.facts.reading import Facts, Reader, Rows

YEAR = 365
# An invitation that has had so many days counts as asked.
TIME_TO_ANSWER = 14
HIGHEST_DETRACTOR, LOWEST_PROMOTER = 6, 9
STATEMENT = """
SELECT customer_id, responded_at, id, score::int, coalesce(contact_id, -id)
FROM surveys_response
WHERE customer_id BETWEEN %(first)s AND %(last)s AND kind = 'nps' AND counted
  AND responded_at < %(known)s AND recorded_at < %(known)s
ORDER BY customer_id, responded_at
"""
COLUMNS = {
    "customer_id": "bigint",
    "responded_at": "bigint",
    "id": "bigint",
    "score": "integer",
    "person": "bigint",  # an answer of nobody known is a person of its own
}
INVITED = """
SELECT customer_id, count(*)::int,
  count(*) FILTER (WHERE answered_at IS NULL OR answered_at >= %(known)s)::int
FROM surveys_invitation
WHERE customer_id BETWEEN %(first)s AND %(last)s AND state <> 'dropped'
  AND created_at >= %(begin)s AND created_at < %(asked)s
GROUP BY customer_id ORDER BY customer_id
"""
INVITED_COLUMNS = {
    "customer_id": "bigint",
    "asked": "integer",
    "unanswered": "integer",
}


def answer_facts(reader: Reader, ids: NDArray[np.int64]) -> Facts:
    """This will return the last two answers and a year's people. One statement."""
    rows = by_time(reader.rows(STATEMENT, COLUMNS), "responded_at")
    groups = Groups(ids, rows["customer_id"])
    scores, moments = rows["score"][groups.rows], rows["responded_at"][groups.rows]
    return {
        "nps": groups.last(scores, -1),
        "nps_before": groups.last(scores, -1, back=1),
        "nps_age": reader.window.days_since(groups.last(moments, NEVER)),
        **_people(reader, ids, rows),
    }


def _people(reader: Reader, ids: NDArray[np.int64], rows: Rows) -> Facts:
    """This will count who answered within a year, and whose latest answer is which."""
    recent = rows["responded_at"] >= reader.window.micros("answers", YEAR)
    year = {name: column[recent] for name, column in rows.items()}
    order = np.lexsort((year["person"], year["customer_id"]))
    runs = Runs(year["customer_id"][order], year["person"][order])
    latest = runs.last(order)
    groups = Groups(ids, year["customer_id"][latest])
    score = year["score"][latest][groups.rows]
    return {
        "answerers": groups.count(),
        "detractors": groups.count(score <= HIGHEST_DETRACTOR),
        "promoters": groups.count(score >= LOWEST_PROMOTER),
    }


def invitation_facts(reader: Reader, ids: NDArray[np.int64]) -> Facts:
    """This will count a year's invitations, and those without an answer. One statement."""
    asked = reader.window.moment.known_before - TIME_TO_ANSWER * DAY
    begin = reader.window.begin("answers", YEAR)
    rows = reader.rows(INVITED, INVITED_COLUMNS, begin=begin, asked=asked)
    groups = Groups(ids, rows["customer_id"])
    return {
        name: groups.spread(rows[name][groups.rows], 0)
        for name in ("asked", "unanswered")
    }


def by_time(rows: Rows, moment: str) -> Rows:
    """This will put rows of the same customer and moment into the order of their ids."""
    who, at = rows["customer_id"], rows[moment]
    same = (who[1:] == who[:-1]) & (at[1:] == at[:-1])
    if not same.any():
        return rows
    tied = np.zeros(len(who), dtype=np.bool_)
    tied[1:] |= same
    tied[:-1] |= same
    places = np.flatnonzero(tied)
    order = np.arange(len(who))
    order[places] = places[np.lexsort((rows["id"][tied], at[tied], who[tied]))]
    return {name: column[order] for name, column in rows.items()}
