"""Landmark rows for the tests of lifetimes and their value."""

from typing import Any

import numpy as np

from health.calculations.landmarks import MONTH_DAYS, STAYED, Landmarks


def rows(**columns: Any) -> Landmarks:
    """This will make rows of monthly customers, of the columns given; the rest is plain."""
    n = max(len(column) for column in columns.values())
    plain: dict[str, Any] = {
        "customer": np.arange(n),
        "day": np.zeros(n),
        "segment": np.zeros(n),
        "plan": np.ones(n),
        "tenure": np.zeros(n),
        "interval": np.ones(n),
        "renewal": np.full(n, -1),
        "mrr": np.full(n, 100.0),
        "features": np.zeros((n, 1)),
        "left_after": np.full(n, STAYED),
        "observed": np.zeros(n),
        "involuntary": np.zeros(n),
    }
    types = {
        "customer": np.int64,
        "segment": np.int64,
        "plan": np.int64,
        "mrr": np.float64,
        "features": np.float32,
        "involuntary": np.bool_,
    }
    values = {
        name: np.asarray(value, dtype=types.get(name, np.int32))
        for name, value in (plain | columns).items()
    }
    return Landmarks(**values, names=tuple("abc"[: values["features"].shape[1]]))


def history(
    *,
    customers: int = 600,
    months: int = 18,
    seed: int = 0,
    leaving: float = 0.04,
    effect: float = 0.0,
    interval: int = 1,
) -> Landmarks:
    """This will make a company watched at every second month's end.

    All start in its first year, as of two plans. A share `leaving` is lost at each chance
    to leave; one standard deviation of the only feature, which stays with a customer,
    multiplies its odds by e^effect.
    """
    lots = np.random.default_rng(seed)
    start = lots.integers(0, 12, customers)
    feature = lots.standard_normal(customers)
    odds = leaving / (1.0 - leaving) * np.exp(effect * feature)
    terms = lots.geometric(odds / (1.0 + odds))
    gone = start + terms * interval
    parts = []
    for month in range(1, months, 2):
        who = np.flatnonzero((start <= month) & (gone > month))
        ahead = gone[who] - month
        age = month - start[who]
        known = ahead <= months - month
        parts.append(
            (
                who,
                np.full(len(who), np.ceil(month * MONTH_DAYS)),
                1 + who % 2,
                (age + 0.5) * MONTH_DAYS,
                np.where(known, np.floor((ahead - 0.5) * MONTH_DAYS), STAYED),
                np.full(len(who), np.ceil((months - month) * MONTH_DAYS)),
                feature[who],
            )
        )
    who, day, plan, tenure, left, observed, seen = map(
        np.concatenate, zip(*parts, strict=True)
    )
    return rows(
        customer=who,
        day=day,
        plan=plan,
        tenure=tenure,
        interval=np.full(len(who), interval),
        left_after=left,
        observed=observed,
        features=seen[:, None],
    )
