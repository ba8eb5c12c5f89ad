"""Shares of the whole are those of the scoring, and differences are told field by field."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from health.calculations.scorecard import rules_from_config
from health.calculations.scorecard_changes import Change, config_changes
from health.calculations.scorecard_shares import shares_of
from health.default_scorecard import default_config
from tests.health.scorecards.test_checks import CONFIG, changed

# Below it a share of a share is no number any more; nobody weighs in such parts.
weights = st.floats(1e-6, 1000) | st.just(0)


@given(st.data())
def test_shares_are_those_the_scoring_uses(data: st.DataObject) -> None:
    config = default_config()
    for row in [*config["groups"], *config["measures"]]:
        row["weight"] = data.draw(weights)
    rules = rules_from_config(config)
    shares = shares_of(
        {row["key"]: row["weight"] for row in config["groups"]},
        [(row["key"], row["group"], row["weight"]) for row in config["measures"]],
    )
    for line in rules.measures:
        assert shares.measures[line.key] == pytest.approx(line.weight, abs=1e-12)
    total = sum(shares.groups.values())
    assert total == pytest.approx(1) or total == 0
    assert sum(shares.measures.values()) == pytest.approx(total)


def test_what_is_below_nothing_weighs_nothing() -> None:
    shares = shares_of(
        {"usage": -1, "support": 2}, [("a", "usage", 1), ("b", "support", -3)]
    )
    assert shares.groups == {"usage": 0, "support": 0}
    assert shares.measures == {"a": 0, "b": 0}


def test_a_group_that_has_no_weight_of_its_own_is_left_alone() -> None:
    assert shares_of({}, [("a", "usage", 1)]).measures == {"a": 0}


@pytest.mark.parametrize(
    ("path", "value", "change"),
    [
        (("groups", 0, "weight"), 9, Change("group", "usage", 3, 9)),
        (("groups", 1), None, Change("group", "support", 1, None)),
        (("measures", 0), None, Change("removed", "logins", 2, None)),
        (("measures", 0, "weight"), 5, Change("weight", "logins", 2, 5)),
        (
            ("measures", 1, "group"),
            "usage",
            Change("moved", "tickets", "support", "usage"),
        ),
        (
            ("measures", 1, "anchors"),
            [9, 4, 1, 0],
            Change("anchors", "tickets", [8, 4, 1, 0], [9, 4, 1, 0]),
        ),
        (
            ("measures", 1, "by_age"),
            [{"until_months": 3, "anchors": [9, 4, 1, 0]}],
            Change(
                "by_age", "tickets", [], [{"until_months": 3, "anchors": [9, 4, 1, 0]}]
            ),
        ),
        (
            ("measures", 1, "freshness"),
            [1, 2, 3],
            Change("freshness", "tickets", [14, 30, 120], [1, 2, 3]),
        ),
        (("bands", "at_risk"), 40, Change("at_risk", "", 50, 40)),
        (("floor",), 0.4, Change("floor", "", 0.5, 0.4)),
        (("rollup",), "worst", Change("rollup", "", "own", "worst")),
        (("prior", "watch"), 0.1, Change("prior", "watch", 0.06, 0.1)),
    ],
)
def test_each_difference(
    path: tuple[str | int, ...], value: Any, change: Change
) -> None:
    assert config_changes(CONFIG, changed(path, value)) == [change]


def test_nothing_differs_and_an_added_measure() -> None:
    assert config_changes(CONFIG, CONFIG) == []
    assert config_changes(changed(("measures", 1), None), CONFIG) == [
        Change("added", "tickets", None, 1)
    ]
    assert config_changes(CONFIG, changed(("rollup",), None)) == []


def test_versions_without_groups_are_compared_by_their_measures() -> None:
    old = changed(("groups",), None)
    assert config_changes(old, old) == []
    # A group weighed as much as its measures.
    assert config_changes(old, CONFIG) == [Change("group", "usage", 2, 3)]
    for line in old["measures"]:
        del line["group"]
    assert config_changes(old, CONFIG) == []
