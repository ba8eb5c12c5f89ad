"""What may stand in a scorecard, and that everything else is said at once."""

import copy
from typing import Any

import pytest

from health.calculations.scorecard import rules_from_config
from health.calculations.scorecard_checks import config_problems
from health.calculations.scorecard_problems import (
    Known,
    Problem,
    is_number,
    path_text,
)

KNOWN = {
    "logins": Known("usage", rising=True),
    "tickets": Known("support", rising=False),
}
CONFIG: dict[str, Any] = {
    "groups": [{"key": "usage", "weight": 3}, {"key": "support", "weight": 1}],
    "measures": [
        {
            "key": "logins",
            "group": "usage",
            "weight": 2,
            "anchors": [0, 5, 10, 20],
            "by_age": [
                {"until_months": 3, "anchors": [0, 1, 2, 3]},
                {"until_months": 6, "anchors": [0, 2, 4, 8]},
            ],
            "freshness": [7, 14, 60],
        },
        {
            "key": "tickets",
            "group": "support",
            "weight": 1,
            "anchors": [8, 4, 1, 0],
            "freshness": [14, 30, 120],
        },
    ],
    "bands": {"at_risk": 50, "watch": 70},
    "floor": 0.5,
    "rollup": "own",
    "prior": {"unknown": 0.06, "at_risk": 0.15, "watch": 0.06, "healthy": 0.02},
}


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """This will return the content with another value at a place; None removes it."""
    config = copy.deepcopy(CONFIG)
    inside: Any = config
    for step in path[:-1]:
        inside = inside[step]
    if value is None:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    return config


def found(config: Any) -> list[tuple[str, str]]:
    return [(path_text(one.path), one.code) for one in config_problems(config, KNOWN)]


def test_a_sound_content_has_no_problem_and_is_read() -> None:
    assert found(CONFIG) == []
    rules = rules_from_config(CONFIG)
    assert [line.weight for line in rules.measures] == [0.75, 0.25]


@pytest.mark.parametrize(
    ("path", "value", "problems"),
    [
        # Weights.
        (("measures", 0, "weight"), -1, [("measures[1].weight", "negative")]),
        (("measures", 0, "weight"), "2", [("measures[1].weight", "number")]),
        (("measures", 0, "weight"), True, [("measures[1].weight", "number")]),
        (("measures", 0, "weight"), float("nan"), [("measures[1].weight", "number")]),
        (("measures", 0, "weight"), float("inf"), [("measures[1].weight", "number")]),
        (("measures", 0, "weight"), 10**400, [("measures[1].weight", "number")]),
        (("measures", 0, "weight"), 10**7, [("measures[1].weight", "most")]),
        (("groups", 1, "weight"), -0.5, [("groups[2].weight", "negative")]),
        (("measures", 0, "weight"), None, [("measures[1].weight", "missing")]),
        # Anchors.
        (("measures", 0, "anchors"), None, [("measures[1].anchors", "missing")]),
        (("measures", 0, "freshness"), None, [("measures[1].freshness", "missing")]),
        (("measures", 0, "anchors"), [0, 5, 10], [("measures[1].anchors", "four")]),
        (("measures", 0, "anchors"), "0 5", [("measures[1].anchors", "four")]),
        (
            ("measures", 0, "anchors"),
            [0, "5", 10, None],
            [("measures[1].anchors[2]", "number"), ("measures[1].anchors[4]", "number")],
        ),
        (
            ("measures", 0, "anchors"),
            [0, 5, 10, 10**10],
            [("measures[1].anchors[4]", "most")],
        ),
        (("measures", 0, "anchors"), [0, 9, 5, 20], [("measures[1].anchors", "one_way")]),
        (("measures", 0, "anchors"), [5, 5, 5, 5], [("measures[1].anchors", "flat")]),
        (("measures", 0, "anchors"), [20, 10, 5, 0], [("measures[1].anchors", "upwards")]),
        (
            ("measures", 1, "anchors"),
            [0, 1, 4, 8],
            [("measures[2].anchors", "downwards")],
        ),
        (("measures", 0, "anchors"), [0, 5, 5, 20], []),
        # Steps for young customers.
        (("measures", 0, "by_age"), {}, [("measures[1].by_age", "list")]),
        (("measures", 0, "by_age", 0), 3, [("measures[1].by_age[1]", "mapping")]),
        (
            ("measures", 0, "by_age", 1, "until_months"),
            3,
            [("measures[1].by_age[2].until_months", "months")],
        ),
        (
            ("measures", 0, "by_age", 0, "until_months"),
            0,
            [("measures[1].by_age[1].until_months", "months")],
        ),
        (
            ("measures", 0, "by_age", 1, "until_months"),
            601,
            [("measures[1].by_age[2].until_months", "months")],
        ),
        (
            ("measures", 0, "by_age", 0, "until_months"),
            "x",
            [("measures[1].by_age[1].until_months", "number")],
        ),
        (
            ("measures", 0, "by_age", 0, "until_months"),
            None,
            [("measures[1].by_age[1].until_months", "missing")],
        ),
        (
            ("measures", 0, "by_age", 0, "anchors"),
            None,
            [("measures[1].by_age[1].anchors", "missing")],
        ),
        (
            ("measures", 0, "by_age", 0, "anchors"),
            [3, 2, 1, 0],
            [("measures[1].by_age[1].anchors", "upwards")],
        ),
        # Freshness.
        (("measures", 0, "freshness"), [7, 14], [("measures[1].freshness", "three")]),
        (("measures", 0, "freshness"), 7, [("measures[1].freshness", "three")]),
        (
            ("measures", 0, "freshness"),
            [7, "x", 60],
            [("measures[1].freshness[2]", "number")],
        ),
        (
            ("measures", 0, "freshness"),
            [-1, 0, -2],
            [
                ("measures[1].freshness[1]", "negative"),
                ("measures[1].freshness[2]", "positive"),
                ("measures[1].freshness[3]", "end"),
            ],
        ),
        (
            ("measures", 0, "freshness"),
            [7, 14, 40_000],
            [("measures[1].freshness[3]", "most")],
        ),
        (("measures", 0, "freshness"), [0, 1, 0], [("measures[1].freshness[3]", "end")]),
        # Bands, floor, roll-up, prior.
        (("bands", "at_risk"), 0, [("bands.at_risk", "band")]),
        (("bands", "watch"), 100, [("bands.watch", "band")]),
        (("bands", "watch"), 50, [("bands.watch", "above")]),
        (("bands", "watch"), None, [("bands.watch", "missing")]),
        (("bands",), 50, [("bands", "mapping")]),
        (("bands",), None, [("bands", "missing")]),
        (("floor",), 1.01, [("floor", "share")]),
        (("floor",), None, [("floor", "missing")]),
        (("rollup",), "best", [("rollup", "choice")]),
        (("rollup",), None, []),
        (("prior",), 3, [("prior", "mapping")]),
        (("prior",), None, [("prior", "missing")]),
        (("prior", "healthy"), -0.1, [("prior.healthy", "share")]),
        (("prior", "healthy"), None, [("prior.healthy", "missing")]),
        # Names.
        (("weights",), 3, [("weights", "name")]),
        (("measures", 0, "colour"), "red", [("measures[1].colour", "name")]),
        (("measures", 0, "key"), "logon", [("measures[1].key", "measure")]),
        (("measures", 0, "key"), ["logins"], [("measures[1].key", "measure")]),
        (("measures", 1, "group"), "billing", [("measures[2].group", "group")]),
        (("measures", 1, "group"), None, [("measures[2].group", "missing")]),
        (("groups", 1, "key"), "usage", [
            ("groups[2].key", "twice"), ("measures[2].group", "group"),
        ]),
        (("groups", 0, "key"), ["usage"], [
            ("groups[1].key", "group"), ("measures[1].group", "group"),
        ]),
        (("groups",), None, []),
        (("groups",), {}, [("groups", "list")]),
        (("measures", 1), "nps", [("measures[2]", "mapping")]),
        (("measures", 1, "key"), "logins", [
            ("measures[2].anchors", "upwards"), ("measures[2].key", "twice"),
        ]),
        (("measures",), {}, [("measures", "list")]),
        (("measures",), [], [("measures", "none")]),
        (("measures",), None, [("measures", "missing")]),
    ],
)  # fmt: skip
def test_each_rule(
    path: tuple[str | int, ...], value: Any, problems: list[tuple[str, str]]
) -> None:
    assert found(changed(path, value)) == problems


def test_all_problems_are_said_at_once() -> None:
    config = changed(("floor",), 2)
    config["bands"]["watch"] = 10
    config["measures"][0]["weight"] = -1
    config["measures"][1]["anchors"] = [0, 1, 4, 8]
    assert found(config) == [
        ("measures[1].weight", "negative"),
        ("measures[2].anchors", "downwards"),
        ("bands.watch", "above"),
        ("floor", "share"),
    ]


def test_four_steps_are_too_many() -> None:
    steps = [{"until_months": n, "anchors": [0, 1, 2, 3]} for n in (1, 2, 3, 4)]
    config = changed(("measures", 0, "by_age"), steps)
    assert found(config) == [("measures[1].by_age", "steps")]


@pytest.mark.parametrize(
    ("measure", "group"), [((0, 0), (3, 1)), ((2, 1), (0, 0)), ((0, 1), (1, 0))]
)
def test_something_must_weigh(measure: tuple[int, int], group: tuple[int, int]) -> None:
    config = copy.deepcopy(CONFIG)
    for place in (0, 1):
        config["measures"][place]["weight"] = measure[place]
        config["groups"][place]["weight"] = group[place]
    assert found(config) == [("measures", "weightless")]


def test_the_first_versions_knew_no_groups() -> None:
    config = changed(("groups",), None)
    for line in config["measures"]:
        del line["group"]
    assert found(config) == []


def test_a_content_that_is_no_mapping() -> None:
    assert config_problems([], KNOWN) == [Problem((), "mapping")]
    assert path_text(()) == ""


def test_a_misspelt_name_comes_with_the_near_one() -> None:
    [problem] = config_problems(changed(("measures", 0, "key"), "login"), KNOWN)
    assert problem.facts == {
        "value": "login", "near": "logins", "allowed": "logins, tickets",
    }  # fmt: skip
    [problem] = config_problems(changed(("measures", 0, "key"), "zzz"), KNOWN)
    assert problem.facts["near"] == ""


def test_what_is_a_number() -> None:
    assert [is_number(one) for one in (0, -1.5, 10**14, 10**15, "1", None, False)] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip
