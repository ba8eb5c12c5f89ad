"""Differences and problems in words."""

import pytest

from health.calculations.scorecard_changes import Change
from health.calculations.scorecard_problems import Problem
from health.scorecard_change_words import change_words
from health.scorecard_problem_words import place_words, problem_words
from health.scorecard_words import anchors_words, freshness_words

YOUNG = [{"until_months": 6, "anchors": [0, 1, 2, 3.5]}]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("added", "nps", None, 3), "Latest NPS answer counts now: weight 3"),
        (Change("removed", "nps", 2.5, None), "Latest NPS answer does not count any more (it had weight 2.5)"),
        (Change("added", "gone", None, 3), "gone counts now: weight 3"),
        (Change("group", "survey", 18, None), "Weight of the group Surveys: from 18 to none"),
        (Change("moved", "nps", "survey", "support"), "Group of Latest NPS answer: from Surveys to Support"),
        (Change("weight", "nps", 1, 14), "Weight of Latest NPS answer: from 1 to 14"),
        (
            Change("anchors", "nps", [2, 6, 8, 10], [0, 6, 8, 10]),
            "Anchors of Latest NPS answer: from worst 2 – warn 6 – good 8 – best 10 to worst 0 – warn 6 – good 8 – best 10",
        ),
        (
            Change("by_age", "nps", [], YOUNG),
            "Anchors for young customers of Latest NPS answer: from none to younger than 6 months: worst 0 – warn 1 – good 2 – best 3.5",
        ),
        (
            Change("freshness", "nps", [90, 90, 365], [36500, 1, 36500]),
            "Freshness of Latest NPS answer: from counts in full for 90 days, half every 90 days from then on, not at all after 365 to never grows old",
        ),
        (Change("at_risk", "", 50, 45), "Score below which a customer is at risk: from 50 to 45"),
        (Change("watch", "", 70, 75), "Score below which a customer is watched: from 70 to 75"),
        (Change("floor", "", 0.5, 0.405), "How much must be known: from 50% to 40.5%"),
        (Change("rollup", "", "own", "worst"), "Score of a parent: from Its own data to Its worst child"),
        (Change("prior", "watch", 0.06, 0.1), "Assumed to leave within 90 days, Watch: from 6% to 10%"),
    ],
)  # fmt: skip
def test_each_difference_is_said(change: Change, words: str) -> None:
    assert change_words(change) == words


def test_freshness_that_ends_at_once() -> None:
    assert freshness_words([30, 1, 30]) == "counts in full for 30 days, then not at all"
    assert anchors_words([4.25, 3, 2, -1]) == "worst 4.25 – warn 3 – good 2 – best -1"


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Problem((), "negative"), "Write 0 or more."),
        (Problem((), "most", {"most": 36500}), "Write 36,500 at most."),
        (Problem((), "above", {"at_risk": 50.5}), "Choose more than 50.5, where “at risk” ends."),
        (Problem((), "months", {"before": 0.0, "most": 600}), "Write more than 0 months and at most 600."),
        (
            Problem((), "measure", {"value": "npz", "near": "nps", "allowed": "nps"}),
            "There is no measure “npz”. Did you mean “nps”?",
        ),
        (
            Problem((), "group", {"value": "x", "near": "", "allowed": "a, b"}),
            "There is no group “x”. There are: a, b.",
        ),
    ],
)  # fmt: skip
def test_each_problem_says_what_to_do(problem: Problem, words: str) -> None:
    assert problem_words(problem) == words


def test_a_place_names_its_measure() -> None:
    config = {"measures": [{"key": "nps"}, "x"]}
    assert place_words(("measures", 0, "anchors", 1), config) == (
        "measures[1].anchors[2] (nps)"
    )
    assert place_words(("measures", 1), config) == "measures[2]"
    assert place_words(("measures", 0), {"measures": 3}) == "measures[1]"
    assert place_words((), []) == "the whole"
