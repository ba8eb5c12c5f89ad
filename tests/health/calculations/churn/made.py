"""Landmark rows of made-up companies whose truth is known."""

from typing import Any

import numpy as np

from health.calculations.accuracy.probability import probability
from health.calculations.landmarks import STAYED, Landmarks

NAMES = ("usage", "tickets", "noise")
FIRST_DAY, MONTH = 7_000, 30


def rows_of(**columns: Any) -> Landmarks:
    """This will make landmark rows, with plain values for the columns not given."""
    size = len(columns["customer"])
    plain = {
        "day": np.full(size, FIRST_DAY, dtype=np.int32),
        "segment": np.zeros(size, dtype=np.int64),
        "plan": np.zeros(size, dtype=np.int64),
        "tenure": np.full(size, 400, dtype=np.int32),
        "interval": np.ones(size, dtype=np.int32),
        "renewal": np.full(size, 10, dtype=np.int32),
        "mrr": np.full(size, 100.0),
        "features": np.zeros((size, len(NAMES)), dtype=np.float32),
        "names": NAMES,
        "left_after": np.full(size, STAYED, dtype=np.int32),
        "observed": np.full(size, 1_000, dtype=np.int32),
        "involuntary": np.zeros(size, dtype=bool),
    }
    return Landmarks(**{**plain, **columns})


def once(seed: int, customers: int, *, effects: tuple[float, ...] = (-1.0, 0.5, 0.0)):
    """This will make each customer once, and return its true chance of leaving too."""
    lots = np.random.default_rng(seed)
    features = lots.normal(size=(customers, len(effects))).astype(np.float32)
    p = probability(-1.5 + features @ np.array(effects))
    left = lots.random(customers) < p
    rows = rows_of(
        customer=np.arange(customers),
        features=features,
        left_after=np.where(left, 45, STAYED).astype(np.int32),
    )
    return rows, p


def company(
    *,
    seed: int,
    customers: int,
    months: int = 24,
    effect: float = 1.0,
    monthly: float = -3.2,
    failing: float = 0.2,
    crossed: bool = False,
) -> Landmarks:
    """This will make a company seen at the end of every month for two years.

    Usage foretells leaving (log-odds fall by `effect` per unit), tickets a little, noise
    not at all; a tenth of the usage is missing. One month in five is billed by the year.
    If `crossed`, less usage foretells leaving only with many tickets, and more of it with
    few: neither tells anything alone.
    """
    lots = np.random.default_rng(seed)
    start = lots.integers(0, months - 4, customers)
    usage = lots.normal(size=customers)[:, None] + lots.normal(size=(customers, months))
    tickets = lots.normal(size=(customers, months))
    score = monthly - effect * usage + 0.3 * effect * tickets
    if crossed:
        tickets += 3.0 * lots.normal(size=customers)[:, None]
        score = monthly - effect * usage * np.sign(tickets)
    leaves = lots.random((customers, months)) < probability(score)
    leaves &= np.arange(months) >= start[:, None]
    gone = np.where(leaves.any(axis=1), leaves.argmax(axis=1), months)
    month = np.arange(months)
    who, when = np.nonzero((month >= start[:, None]) & (month <= gone[:, None]))
    ahead = gone[who] - when
    shown = usage[who, when]
    shown = np.where(lots.random(len(who)) < 0.1, np.nan, shown)
    noise = lots.normal(size=len(who))
    failed = lots.random(customers) < failing
    left = gone[who] < months
    return rows_of(
        customer=who.astype(np.int64),
        day=(FIRST_DAY + MONTH * when).astype(np.int32),
        tenure=(MONTH * (when - start[who])).astype(np.int32),
        plan=(who % 3).astype(np.int64),
        mrr=np.where(who % 2 == 0, 50.0, 200.0),
        features=np.stack([shown, tickets[who, when], noise], 1).astype(np.float32),
        left_after=np.where(left, MONTH * ahead + 10, STAYED).astype(np.int32),
        observed=(MONTH * (months - when)).astype(np.int32),
        involuntary=failed[who] & left,
    )
