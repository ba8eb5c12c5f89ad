"""Usage read off its days: corrections, roll-ups, and customers without any."""

import numpy as np

from health.calculations.usage_days import NEVER, UNCOUNTED, usage_of_days

DAY = 400
ROWS = (
    # customer, day, period, users, events, features, key events
    (1, 300, 1, 6, 60, 5, UNCOUNTED),
    (1, 390, 7, 4, 70, 2, UNCOUNTED),  # a week in one row
    (1, 400, 1, 2, 5, 1, 1),
    (1, 400, 1, 1, 5, 0, UNCOUNTED),  # what came later of the same day
    (2, 399, 1, 0, 0, 0, UNCOUNTED),  # known, and nothing was done
)
NAMES = ("customer_id", "day", "period", "users", "events", "features", "key_events")


def test_usage_of_days() -> None:
    columns = zip(NAMES, np.array(ROWS, dtype=np.int64).T, strict=True)
    usage = usage_of_days(np.array([1, 2, 3]), dict(columns), DAY)
    found = {name: getattr(usage, name).tolist() for name in usage.__slots__}
    assert found == {
        "days": [3, 1, 0],
        "rolled_up": [True, False, False],
        "unused": [400, NEVER, NEVER],
        "active": [8, 0, 0],
        "active_14": [8, 0, 0],
        "users_recent": [3 + 4 * 7, 0, 0],
        "users_earlier": [6, 0, 0],
        "users_peak": [4, 0, 0],
        "events_recent": [80, 0, 0],
        "events_earlier": [60, 0, 0],
        "covered_recent": [8, 1, 0],
        "covered_earlier": [1, 0, 0],
        "features_peak": [2, 0, 0],
        "features_before": [5, 0, 0],
        "key_known": [True, False, False],
        "key": [400, NEVER, NEVER],
    }
