"""What was published against what happened, worked by hand."""

import json

import numpy as np
import pytest

from health.calculations.accuracy.drift import Drift
from health.calculations.accuracy.live import Checked, Published, live_day
from health.calculations.accuracy.report import Verdict
from health.calculations.churn.frozen_json import from_json, to_json

SIZE = 60
LEFT = np.arange(SIZE) < 12
CHURN = np.where(LEFT, 0.5, 0.1)
SCORE = np.where(np.arange(SIZE) == 3, np.nan, np.where(LEFT, 30.0, 80.0))


def published() -> Published:
    return Published(np.arange(SIZE), CHURN, SCORE, LEFT)


def test_a_day() -> None:
    found = live_day("2026-08-22", published(), seed=1)
    assert found
    assert (found.day, found.customers, found.leavers) == ("2026-08-22", 60, 12)
    assert found.level.expected == pytest.approx((12 * 0.5 + 48 * 0.1) / 60)
    assert found.level.share == pytest.approx(0.2)
    assert not found.level.off
    assert found.chance.auc
    assert found.score.auc
    assert (found.chance.auc.value, found.score.auc.value) == (1.0, 1.0)
    assert found.chance.verdict == Verdict.SIGNAL


def test_a_day_on_which_nobody_was_published() -> None:
    none = np.empty(0)
    nobody = Published(none, none, none, none.astype(bool))
    assert live_day("2026-08-22", nobody, seed=1) is None


def test_a_day_without_scores_is_too_few_to_tell() -> None:
    unknown = Published(np.arange(SIZE), CHURN, np.full(SIZE, np.nan), LEFT)
    found = live_day("2026-08-22", unknown, seed=1)
    assert found
    assert (found.score.auc, found.score.verdict) == (None, Verdict.FEW)


def test_a_check_survives_being_stored() -> None:
    day = live_day("2026-08-22", published(), seed=1)
    assert day
    check = Checked(3, 20, (Drift("usage", 0.3, 0.1),), "2026-11-22", (day,))
    assert from_json(Checked, json.loads(json.dumps(to_json(check)))) == check
    empty = Checked(None, 0, (), "", ())
    assert from_json(Checked, json.loads(json.dumps(to_json(empty)))) == empty
