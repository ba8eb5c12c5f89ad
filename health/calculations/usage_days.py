"""What usage says of customers, from its days one by one. Days count from 2000-01-01.

The plain way: it takes roll-ups over several days and corrections as they come. Most
customers have neither; for them months are added up first (health/selectors/facts).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from health.calculations.groups import Groups, Runs

YEAR, RECENT, EARLIER = 365, 31, 120
MONTH, FORTNIGHT = 28, 14
# Stands for events of key features that nobody counted.
UNCOUNTED = np.iinfo(np.int32).min
NEVER = np.iinfo(np.int32).min
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Usage:
    """The usage of n customers up to a day, each column (n,).

    Sums of the recent and the earlier window, with the days they cover; `unused` and
    `key` are the last days in use, NEVER where there are none.
    """

    days: NDArray[np.int64]
    rolled_up: NDArray[np.bool_]
    unused: NDArray[np.int64]
    active: NDArray[np.int64]
    active_14: NDArray[np.int64]
    users_recent: NDArray[np.float64]
    users_earlier: NDArray[np.float64]
    users_peak: NDArray[np.float64]
    events_recent: NDArray[np.float64]
    events_earlier: NDArray[np.float64]
    covered_recent: NDArray[np.float64]
    covered_earlier: NDArray[np.float64]
    features_peak: NDArray[np.float64]
    features_before: NDArray[np.float64]
    key_known: NDArray[np.bool_]
    key: NDArray[np.int64]


def summed_days(rows: Columns) -> Columns:
    """This will add up the rows of each customer's day, which are all that was known."""
    runs = Runs(rows["customer_id"], rows["day"])
    counted = rows["key_events"] != UNCOUNTED
    sums = {
        name: runs.reduce(np.add, rows[name].astype(np.int64))
        for name in ("users", "events", "features")
    }
    key = runs.reduce(np.add, np.where(counted, rows["key_events"], 0).astype(np.int64))
    known = runs.reduce(np.logical_or, counted)
    return {
        "customer_id": runs.first(rows["customer_id"]),
        "day": runs.first(rows["day"]).astype(np.int64),
        "period": runs.reduce(np.maximum, rows["period"]).astype(np.int64),
        **sums,
        "key_known": known,
        "key": key,
    }


def usage_of_days(ids: NDArray[np.int64], rows: Columns, day: int) -> Usage:
    """This will read the usage of customers off its rows, ordered by customer and day.

    Rows hold customer_id, day, period, users, events, features and key_events of the
    year that ends with `day`.
    """
    days = summed_days(rows)
    groups = Groups(ids, days["customer_id"])
    d = {name: column[groups.rows] for name, column in days.items()}
    used = (d["events"] > 0) | (d["users"] > 0)
    recent = d["day"] > day - RECENT
    earlier = ~recent & (d["day"] >= day - EARLIER)

    def active(length: int) -> NDArray[np.int64]:
        inside = used & (d["day"] > day - length - (d["period"] - 1))
        total = groups.sum(np.minimum(d["period"], length) * inside)
        return np.minimum(length, total).astype(np.int64)

    def peak(name: str, kept: NDArray[np.bool_]) -> NDArray[np.float64]:
        highest = groups.highest(np.where(kept, d[name], NEVER), NEVER)
        return np.where(highest == NEVER, 0, highest).astype(np.float64)

    def last(kept: NDArray[np.bool_]) -> NDArray[np.int64]:
        return groups.highest(np.where(kept, d["day"], NEVER), NEVER)

    return Usage(
        days=groups.count().astype(np.int64),
        rolled_up=groups.any(d["period"] > 1),
        unused=last(used),
        active=active(MONTH),
        active_14=active(FORTNIGHT),
        users_recent=groups.sum(d["users"] * d["period"] * recent),
        users_earlier=groups.sum(d["users"] * d["period"] * earlier),
        users_peak=peak("users", recent),
        events_recent=groups.sum(d["events"] * recent),
        events_earlier=groups.sum(d["events"] * earlier),
        covered_recent=groups.sum(d["period"] * recent),
        covered_earlier=groups.sum(d["period"] * earlier),
        features_peak=peak("features", recent),
        features_before=peak("features", earlier),
        key_known=groups.any(d["key_known"]),
        key=last(d["key"] > 0),
    )
