"""What a churn model learns from: every measure in points, and how it has moved.

The points are those that the measure's own anchors give, whatever scorecards say: a model
outlives the scorecards of its time.
"""

import datetime as dt
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.dates import POSTGRES_EPOCH
from health.calculations.facts import COLUMNS, Facts
from health.calculations.landmarks import STAYED, Landmarks
from health.calculations.scoring import subscores
from health.measures import MEASURES
from health.readings import Readings

TREND = ":trend"
# Codes under which a feature is kept; a measure has its own, its trend so much more. The
# numbers are stored and never change their meaning.
TREND_CODE = 500
CONTRACT_CODES = {
    "tenure": 1001,
    "renewal": 1002,
    "mrr": 1003,
    "plan": 1004,
    "segment": 1005,
    "interval": 1006,
}
# Measures that tell of the contract: when it can be left, and how its price has moved.
# What is left over is behaviour, and has to foretell something by itself.
CONTRACT_MEASURES = (
    "revenue_trend",
    "downgrade",
    "discount",
    "renewal",
    "interval",
    "tenure",
)
# What a frame says of its sources beside the columns of customers.
SOURCE_AGES = ("usage_source_age", "ticket_source_age", "invoice_source_age")


@lru_cache(maxsize=1)
def trended() -> tuple[str, ...]:
    """This will name the measures that say what they were before."""
    nobody: Facts = {
        name: np.empty(0, np.bool_ if kind == "boolean" else np.float64)
        for name, kind in COLUMNS.items()
    } | {name: np.empty(0) for name in SOURCE_AGES}
    return tuple(
        key
        for key, measure in MEASURES.items()
        if measure.read(nobody).before is not None
    )


def feature_names() -> tuple[str, ...]:
    """This will name the features, in the order of `features_of`."""
    return (*MEASURES, *(key + TREND for key in trended()))


def contract_features() -> tuple[str, ...]:
    """This will name the features that tell of the contract and not of behaviour."""
    trends = (key + TREND for key in CONTRACT_MEASURES if key in trended())
    return (*CONTRACT_MEASURES, *trends)


@lru_cache(maxsize=1)
def feature_codes() -> dict[str, int]:
    """This will name the code of each feature, those of the contract included."""
    own = {key: measure.code for key, measure in MEASURES.items()}
    trends = {key + TREND: own[key] + TREND_CODE for key in trended()}
    return own | trends | CONTRACT_CODES


def features_of(readings: Readings) -> NDArray[np.float32]:
    """This will return the features of n customers, (n, k); NaN where there is none.

    0 to 1 for points of 0 to 100, −1 to 1 for trends. What is older than a measure lets
    count at all is missing.
    """
    columns = {}
    for index, key in enumerate(readings.layout):
        measure, age = MEASURES[key], readings.age[:, index]
        counts = (age >= 0) & (age <= measure.freshness.maximum)
        value = np.where(counts, readings.value[:, index], np.nan)
        points = subscores(value, measure.anchors)
        columns[key] = points
        if key in trended():
            before = subscores(readings.before[:, index], measure.anchors)
            columns[key + TREND] = points - before
    return (
        np.stack([columns[name] for name in feature_names()], axis=1) / 100.0
    ).astype(np.float32)


def landmark_rows(
    facts: Facts,
    readings: Readings,
    day: dt.date,
    *,
    left_after: NDArray[np.int32] | None = None,
    observed: NDArray[np.int32] | None = None,
    involuntary: NDArray[np.bool_] | None = None,
) -> Landmarks:
    """This will put facts and readings of a day into the rows that models are made for.

    Without outcomes nothing is over yet.
    """
    size = len(facts["customer_id"])

    def given(column: NDArray[Any] | None, otherwise: int, kind: Any) -> NDArray[Any]:
        return np.full(size, otherwise, dtype=kind) if column is None else column

    return Landmarks(
        customer=facts["customer_id"],
        day=np.full(size, (day - POSTGRES_EPOCH).days, dtype=np.int32),
        segment=facts["segment_id"],
        plan=facts["plan_id"],
        tenure=facts["tenure"].astype(np.int32),
        interval=np.maximum(facts["interval_months"], 0).astype(np.int32),
        renewal=facts["renewal_days"].astype(np.int32),
        mrr=facts["mrr"],
        features=features_of(readings),
        names=feature_names(),
        left_after=given(left_after, STAYED, np.int32),
        observed=given(observed, 0, np.int32),
        involuntary=given(involuntary, False, np.bool_),
    )


def no_rows() -> Landmarks:
    """This will return the rows of nobody, with the features there are."""
    columns: dict[str, Any] = dict.fromkeys(
        ("customer", "segment", "plan"), np.empty(0, dtype=np.int64)
    )
    days = ("day", "tenure", "interval", "renewal", "left_after", "observed")
    columns |= dict.fromkeys(days, np.empty(0, dtype=np.int32))
    names = feature_names()
    return Landmarks(
        **columns,
        mrr=np.empty(0),
        features=np.empty((0, len(names)), dtype=np.float32),
        names=names,
        involuntary=np.empty(0, dtype=np.bool_),
    )
