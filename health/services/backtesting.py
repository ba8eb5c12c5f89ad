"""Trying a draft on the past, beside what is in use."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts.selectors import company as the_company
from health.calculations.backtest import Past, compare, sample
from health.calculations.differences import Scored
from health.calculations.scorecard import ScorecardRules
from health.models import Run
from health.selectors.previews import Ids, Landmark, landmarks, past_part
from health.services.pairing import Pair
from health.services.runs import moment_of

# So many who left and so many others are looked at; beyond it a sample stands for all.
MOST = 10_000
CHUNK = 5_000
# Any number will do, as long as it stays: the same draft gets the same answer.
SEED = 90


def backtest_run(
    *, pair: Pair, run: Run, now: dt.datetime, most: int = MOST
) -> dict[str, Any]:
    """This will score up to four past days both ways and count who then left.

    Returns what the page shows, as JSON. Cost: two passes over keys per day, and at most
    `most` leavers and as many others, each read once per day.
    """
    moment = moment_of(the_company(), run.as_of, now)
    days = landmarks(moment)
    if not days:
        return {"days": []}
    everybody = np.unique(np.concatenate([day.scored for day in days]))
    leavers = np.unique(np.concatenate([day.left for day in days]))
    ids, weight = sample(everybody, leavers, most=most, seed=SEED)
    past, live, draft = _score_days(days, ids, weight, pair)
    found = asdict(compare(past, live, draft, seed=SEED))
    return found | {
        "days": [day.day.isoformat() for day in days],
        "everybody": len(everybody),
        "looked_at": len(ids),
        "unread": _unread(days, pair.rules),
    }


def _score_days(
    days: Sequence[Landmark], ids: Ids, weight: NDArray[np.float64], pair: Pair
) -> tuple[Past, Scored, Scored]:
    columns: dict[str, list[NDArray[Any]]] = {
        name: [] for name in ("customer", "day", "left_in", "ls", "lb", "ds", "db")
    }
    for place, day in enumerate(days):
        late = day.run.parameters.get("late", {})
        for first in range(0, len(ids), CHUNK):
            found, segment, readings = past_part(day, ids[first : first + CHUNK])
            live, draft = pair.score(readings, segment, late=late)
            rows = {
                "customer": np.searchsorted(ids, found),
                "day": np.full(len(found), place),
                "left_in": _left_in(day, found),
                "ls": live.score,
                "lb": live.band,
                "ds": draft.score,
                "db": draft.band,
            }
            for name, column in rows.items():
                columns[name].append(column)
    whole = {name: np.concatenate(parts) for name, parts in columns.items()}
    numbers = np.array([day.day.toordinal() for day in days])
    past = Past(whole["customer"], whole["day"], whole["left_in"], weight, numbers)
    return past, Scored(whole["ls"], whole["lb"]), Scored(whole["ds"], whole["db"])


def _left_in(day: Landmark, ids: Ids) -> NDArray[np.int64]:
    """This will put the days until leaving beside customers, −1 for those who stayed."""
    found = np.full(len(ids), -1, dtype=np.int64)
    places = np.searchsorted(ids, day.left)
    inside = places < len(ids)
    same = np.zeros(len(day.left), dtype=bool)
    same[inside] = ids[places[inside]] == day.left[inside]
    found[places[same]] = day.left_in[same]
    return found


def _unread(days: Sequence[Landmark], rules: ScorecardRules) -> list[str]:
    """This will name what the draft weighs and some of these days had not read yet."""
    return [
        line.key
        for line in rules.measures
        if line.weight > 0
        and any(line.key not in day.run.parameters["measures"] for day in days)
    ]
