"""A scorecard's JSON as numbers."""

from typing import Any

import numpy as np
import pytest

from health.calculations.scorecard import AgeAnchors, rules_from_config
from health.calculations.scoring import Freshness


def line(key: str, group: str, weight: float, **more: Any) -> dict[str, Any]:
    """This will make a line of a scorecard."""
    whole = {"key": key, "group": group, "weight": weight}
    return whole | {"anchors": [0, 1, 2, 3], "freshness": [7, 14, 62]} | more


def config(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """This will make a scorecard of some lines."""
    prior = {"unknown": 0.06, "at_risk": 0.15, "watch": 0.05, "healthy": 0.02}
    bands = {"at_risk": 50, "watch": 70}
    whole = {"measures": list(lines), "bands": bands, "floor": 0.5, "prior": prior}
    return whole | more


THREE = (line("a", "x", 3), line("b", "x", 1), line("c", "y", 6))


def test_a_group_has_its_share_and_a_measure_its_share_of_that() -> None:
    groups = [{"key": "x", "weight": 30}, {"key": "y", "weight": 10}]
    rules = rules_from_config(config(*THREE, groups=groups))
    np.testing.assert_allclose(
        rules.weights(["c", "b", "elsewhere", "a"]), [0.25, 0.1875, 0, 0.5625]
    )
    assert rules.keys == ["a", "b", "c"]


def test_without_groups_a_group_weighs_as_much_as_its_measures() -> None:
    rules = rules_from_config(config(*THREE))
    np.testing.assert_allclose(rules.weights(["a", "b", "c"]), [0.3, 0.1, 0.6])


def test_a_group_without_weight_or_without_measures_takes_nothing() -> None:
    groups = [{"key": "x", "weight": 5}, {"key": "z", "weight": 90}]
    lines = (*THREE, line("d", "w", 0))
    rules = rules_from_config(config(*lines, groups=groups))
    np.testing.assert_allclose(rules.weights(["a", "b", "c", "d"]), [0.75, 0.25, 0, 0])


def test_a_scorecard_that_counts_nothing_has_no_weights() -> None:
    rules = rules_from_config(config(line("a", "x", 0)))
    assert rules.weights(["a"]).tolist() == [0]


def test_lines_without_a_group_form_one() -> None:
    lines = [line("a", "", 1), line("b", "", 3)]
    for one in lines:
        del one["group"]
    rules = rules_from_config(config(*lines))
    np.testing.assert_allclose(rules.weights(["a", "b"]), [0.25, 0.75])


def test_everything_else_is_read_as_it_stands() -> None:
    steps = [
        {"until_months": 9, "anchors": [0, 2, 4, 6]},
        {"until_months": 3, "anchors": [0, 1, 2, 4]},
    ]
    rules = rules_from_config(
        config(line("a", "x", 2, by_age=steps), rollup="worst", floor=0.4)
    )
    found = rules.line("a")
    assert found is not None
    assert found.freshness == Freshness(7, 14, 62)
    assert found.anchors == (0, 1, 2, 3)
    assert found.by_age == (
        AgeAnchors(3, (0, 1, 2, 4)),
        AgeAnchors(9, (0, 2, 4, 6)),
    )
    assert rules.line("b") is None
    assert (rules.at_risk, rules.watch, rules.floor) == (50, 70, 0.4)
    assert rules.prior == {0: 0.06, 1: 0.15, 2: 0.05, 3: 0.02}
    assert rules.rollup == "worst"
    assert rules_from_config(config(line("a", "x", 2))).rollup == "own"


def test_a_line_needs_four_anchors() -> None:
    with pytest.raises(ValueError, match="unpack"):
        rules_from_config(config(line("a", "x", 1, anchors=[1, 2, 3])))
