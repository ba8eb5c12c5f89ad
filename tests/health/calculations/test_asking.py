"""Whom to ask for what."""

import numpy as np
import pytest

from health.calculations.asking import EXPANSION, REFERENCE, REVIEW, ask_bits
from health.calculations.facts import COLUMNS, Facts

# Somebody of whom all three can be asked.
READY = {
    "nps": 9,
    "nps_age": 30,
    "tenure": 400,
    "tickets_escalated": 0,
    "overdue_days": -1,
    "usage_days": 60,
    "users_recent": 10.0,
    "users_earlier": 10.0,
    "users_peak": 17.0,
    "seats": 20,
    "features_peak": 5.0,
    "features_before": 5.0,
    "renewal_days": 200,
}


def facts(**changes: float) -> Facts:
    row = READY | changes
    return {name: np.array([row.get(name, -1)], dtype=np.float64) for name in COLUMNS}


def bits(
    *,
    score: float = 85.0,
    band: int = 3,
    coverage: float = 0.9,
    computed: float | None = None,
    **changes: float,
) -> int:
    found = ask_bits(
        facts(**changes),
        np.array([score]),
        np.array([band], dtype=np.int16),
        np.array([coverage]),
        None if computed is None else np.array([computed]),
    )
    assert found.dtype == np.int16
    return int(found[0])


def test_somebody_may_be_asked_for_everything() -> None:
    assert bits() == REFERENCE | REVIEW | EXPANSION


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({"score": 80.0}, REFERENCE | REVIEW | EXPANSION),
        ({"score": 79.9}, REVIEW | EXPANSION),
        ({"nps_age": 90}, REFERENCE | REVIEW | EXPANSION),
        ({"nps_age": 91}, REFERENCE | EXPANSION),
        ({"nps_age": 180}, REFERENCE | EXPANSION),
        ({"nps_age": 181}, EXPANSION),
        ({"nps": 8}, EXPANSION),
        ({"nps": -1, "nps_age": -1}, EXPANSION),
        ({"tenure": 180}, REFERENCE | REVIEW | EXPANSION),
        ({"tenure": 179}, REVIEW | EXPANSION),
        ({"tickets_escalated": 1}, REVIEW | EXPANSION),
        ({"overdue_days": 0}, REFERENCE | REVIEW | EXPANSION),
        ({"overdue_days": 1}, REVIEW),
        ({"users_recent": 9.0}, REFERENCE | REVIEW | EXPANSION),
        ({"users_recent": 8.9}, REFERENCE | EXPANSION),
        ({"usage_days": 0, "users_recent": 0.0}, REFERENCE | REVIEW | EXPANSION),
        ({"users_peak": 16.9}, REFERENCE | REVIEW),
        ({"users_peak": 16.9, "features_peak": 6.0}, REFERENCE | REVIEW | EXPANSION),
        (
            {"users_peak": 16.9, "features_peak": 6.0, "features_before": 0.0},
            REFERENCE | REVIEW,
        ),
        ({"seats": 0}, REFERENCE | REVIEW),
        ({"renewal_days": 31}, REFERENCE | REVIEW | EXPANSION),
        ({"renewal_days": 30}, REFERENCE | REVIEW),
        ({"renewal_days": -1}, REFERENCE | REVIEW | EXPANSION),
        ({"band": 2, "score": 60.0}, REVIEW),
        ({"band": 1, "score": 40.0}, 0),
        ({"band": 0}, 0),
        ({"coverage": 0.5}, REFERENCE | REVIEW | EXPANSION),
        ({"coverage": 0.49}, 0),
        ({"computed": 85.0}, REFERENCE | REVIEW | EXPANSION),
        ({"computed": 70.0}, REFERENCE | REVIEW | EXPANSION),
        ({"computed": 85.1}, 0),
        ({"computed": float("nan")}, REFERENCE | REVIEW | EXPANSION),
    ],
)
def test_each_rule_has_its_border(changes: dict[str, float], left: int) -> None:
    assert bits(**changes) == left


def test_customers_are_judged_each_for_itself() -> None:
    both = {
        name: np.concatenate([column, facts(nps=3)[name]])
        for name, column in facts().items()
    }
    found = ask_bits(
        both,
        np.array([85.0, 85.0]),
        np.array([3, 3], dtype=np.int16),
        np.array([0.9, 0.9]),
    )
    assert found.tolist() == [7, EXPANSION]
