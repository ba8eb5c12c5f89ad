"""The examples of docs/scores.md, run: a wrong figure in the page fails here."""

from collections.abc import Callable

import numpy as np
import pytest

from health.calculations.rollup import Family, roll_up
from health.calculations.scorecard import (
    AgeAnchors,
    ScorecardRules,
    ScoredMeasure,
    rules_from_config,
)
from health.calculations.scoring import (
    ANCHOR_SCORES,
    Anchors,
    Freshness,
    bands,
    freshness,
    round_to_sum,
    subscores,
)
from health.calculations.sources import SourceState
from health.calculations.targets import TARGETS
from health.default_scorecard import default_config
from health.enums import Basis
from health.measures import MEASURES
from health.readings import MISSING, NOT_APPLICABLE, Readings
from health.scoring import ScoredFrame, fix_scores, score_readings
from tests.health.docs import Rows, number, numbers, tables_of

TABLES = tables_of("scores.md")
BANDS = {0: "unknown", 1: "at risk", 2: "watch", 3: "healthy"}
FOREVER = Freshness(36_500, 1, 36_500)
# Stand-ins: a measure of usage, so that it can be late, and some of other sources.
KEYS = ("last_seen", "tenure", "pulse", "renewal")


def line(
    key: str,
    weight: float,
    *,
    anchors: Anchors = ANCHOR_SCORES,
    fresh: Freshness = FOREVER,
    by_age: tuple[AgeAnchors, ...] = (),
) -> ScoredMeasure:
    """This will make a line whose values are points, unless there are anchors."""
    return ScoredMeasure(key, "", weight, anchors, fresh, by_age)


def rules_of(*lines: ScoredMeasure) -> ScorecardRules:
    """This will make a scorecard with the usual bands and floor."""
    return ScorecardRules(lines, at_risk=50, watch=70, floor=0.5, prior={})


def readings_of(values: list[str], ages: list[float], *, tenure: int = 400) -> Readings:
    """This will read one customer's cells: a figure, "missing" or "does not apply"."""
    marks = {"missing": MISSING, "does not apply": NOT_APPLICABLE}
    age = [marks.get(v, a) for v, a in zip(values, ages, strict=True)]
    value = [np.nan if v in marks else number(v) for v in values]
    return Readings(
        KEYS[: len(values)],
        np.array([value]),
        np.full((1, len(values)), np.nan),
        np.array([age], dtype=np.int16),
        np.array([tenure], dtype=np.int32),
    )


def two(row: dict[str, str], first: str, second: str) -> ScorecardRules:
    """This will make a scorecard of two measures from a row's weights."""
    stream = Freshness(7, 14, 62)
    return rules_of(
        line(KEYS[0], number(row[first]), fresh=stream),
        line(KEYS[1], number(row[second])),
    )


def assert_result(row: dict[str, str], frame: ScoredFrame) -> None:
    """This will compare score, what is known, and band."""
    if row["score"] == "–":
        assert np.isnan(frame.score[0])
    else:
        assert frame.score[0] == pytest.approx(number(row["score"]))
    assert round(frame.result.coverage[0], 4) == pytest.approx(number(row["known"]))
    assert BANDS[int(frame.band[0])] == row["band"]


def anchors(rows: Rows) -> None:
    for row in rows:
        worst, warn, good, best = numbers(row["anchors"])
        points = subscores(np.array([number(row["value"])]), (worst, warn, good, best))
        assert points[0] == pytest.approx(number(row["points"]))


def by_age(rows: Rows) -> None:
    *steps, rest = TABLES["example by-age-anchors"]
    assert rest["younger than"] == "any age"
    young = tuple(
        AgeAnchors(float(step["younger than"].split()[0]), numbers(step["anchors"]))  # type: ignore[arg-type]
        for step in steps
    )
    usual = numbers(rest["anchors"])
    rules = rules_of(line(KEYS[0], 1, anchors=usual, by_age=young))  # type: ignore[arg-type]
    for row in rows:
        tenure = int(row["days as a customer"])
        frame = score_readings(readings_of([row["value"]], [0], tenure=tenure), rules)
        assert frame.score[0] == pytest.approx(number(row["points"]))


def fresh_for(rows: Rows) -> None:
    for row in rows:
        rule = Freshness(*numbers(row["fresh, half, end"]))
        got = freshness(np.array([number(row["age in days"])]), rule)[0]
        assert round(got, 4) == pytest.approx(number(row["counts"]))
    assert Freshness(*numbers(rows[0]["fresh, half, end"])) == MEASURES["nps"].freshness


def score_frame(rows: Rows) -> ScoredFrame:
    """This will score the page's example; half fresh is a half-life past the full age."""
    halved = Freshness(0, 10, 100)
    lines = [
        line(key, number(row["weight"]), fresh=halved)
        for key, row in zip(KEYS, rows, strict=True)
    ]
    ages = [10.0 if row["freshness"] == "50 %" else 0.0 for row in rows]
    values = [row["points"] for row in rows]
    return score_readings(readings_of(values, ages), rules_of(*lines))


def score(rows: Rows) -> None:
    frame = score_frame(rows)
    expected = [number(row["contribution"]) for row in rows]
    np.testing.assert_allclose(frame.result.contributions[0], expected)
    fresh = [number(r["freshness"]) for r in rows if r["freshness"] != "–"]
    np.testing.assert_allclose(frame.freshness[0][: len(fresh)], fresh)


def score_result(rows: Rows) -> None:
    assert_result(rows[0], score_frame(TABLES["example score"]))


def rounding(rows: Rows) -> None:
    exact = [number(row["exact"]) for row in rows]
    shown = [int(number(row["shown"])) for row in rows]
    assert round_to_sum(exact, round(50 + sum(exact)) - 50) == shown


def missing(rows: Rows) -> None:
    for row in rows:
        rules = two(row, "weight of use", "weight of the answer")
        readings = readings_of([row["use"], row["answer"]], [0, 0])
        assert_result(row, score_readings(readings, rules))


def groups(rows: Rows) -> None:
    config = default_config()
    config["groups"] = [
        {"key": row["group"], "weight": number(row["weight of the group"])}
        for row in {row["group"]: row for row in rows}.values()
    ]
    config["measures"] = [
        {
            "key": row["measure"], "group": row["group"],
            "weight": number(row["weight"]),
            "anchors": [0, 1, 2, 3], "freshness": [1, 1, 1],
        }
        for row in rows
    ]  # fmt: skip
    shares = rules_from_config(config).weights([row["measure"] for row in rows])
    np.testing.assert_allclose(shares, [number(row["share"]) for row in rows])


def banded(rows: Rows) -> None:
    got = bands(
        np.array([number(row["score"]) for row in rows]),
        np.array([number(row["known"]) for row in rows]),
        at_risk=50, watch=70, floor=0.5,
    )  # fmt: skip
    assert [BANDS[band] for band in got.tolist()] == [row["band"] for row in rows]


def override(rows: Rows) -> None:
    for row in rows:
        known = number(row["known"])
        rules = rules_of(line(KEYS[0], known), line(KEYS[1], 1 - known))
        readings = readings_of([row["by the formula"], "missing"], [0, 0])
        by_hand = row["set by hand"]
        fixed = np.array([np.nan if by_hand == "–" else number(by_hand)])
        frame = fix_scores(
            score_readings(readings, rules), fixed, basis=Basis.OVERRIDE,
            lineup=[rules], which=np.array([0]),
        )  # fmt: skip
        assert frame.computed[0] == pytest.approx(number(row["by the formula"]))
        assert frame.score[0] == pytest.approx(number(row["counts"]))
        assert BANDS[int(frame.band[0])] == row["band"]


def rolled_up(rows: Rows) -> None:
    children = TABLES["example children"]
    size = 1 + len(children)
    scores = np.array([90.0, *(number(row["score"]) for row in children)])
    known = np.array([1.0, *(number(row["known"]) for row in children)])
    for row in rows:
        family = Family(
            ids=np.arange(1, size + 1),
            parents=np.array([0] + [1] * len(children)),
            scores=scores,
            bands=bands(scores, known, at_risk=50, watch=70, floor=0.5),
            revenue=np.array([0.0, *(number(one["revenue"]) for one in children)]),
            fixed=np.zeros(size, dtype=np.bool_),
            how=np.full(size, row["rule"]),
            red=np.full(size, 50.0),
            amber=np.full(size, 70.0),
        )
        got, band, _rolled = roll_up(family)
        assert got[0] == pytest.approx(number(row["score of the parent"]))
        assert BANDS[int(band[0])] == row["band"]


def late(rows: Rows) -> None:
    for row in rows:
        silence = int(row["days of silence"])
        days = SourceState(silence, int(row["rhythm"])).late
        assert days == int(row["late"])
        rule = Freshness(*numbers(row["fresh, half, end"]))
        rules = rules_of(line("last_seen", 1, fresh=rule))
        frame = score_readings(
            readings_of(["60"], [silence]), rules, late={"usage": days}
        )
        assert frame.freshness[0, 0] == pytest.approx(number(row["counts"]))


def late_band(rows: Rows) -> None:
    for row in rows:
        silence = int(row["days of silence"])
        frame = score_readings(
            readings_of([row["use"], row["rest"]], [silence, 0]),
            two(row, "weight of use", "weight of the rest"),
            late={"usage": SourceState(silence, 3).late},
        )
        assert_result(row, frame)


def nothing(rows: Rows) -> None:
    """Another table's example reads these rows."""
    assert rows


EXAMPLES: dict[str, Callable[[Rows], None]] = {
    "anchors": anchors,
    "trouble": anchors,
    "by-age-anchors": nothing,
    "by-age": by_age,
    "freshness": fresh_for,
    "score": score,
    "score-result": score_result,
    "rounding": rounding,
    "missing": missing,
    "groups": groups,
    "bands": banded,
    "override": override,
    "children": nothing,
    "rollup": rolled_up,
    "late": late,
    "late-band": late_band,
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_is_right(name: str) -> None:
    EXAMPLES[name](TABLES[f"example {name}"])


def test_no_example_is_left_out() -> None:
    """The ledger's are run beside the ledger."""
    named = {mark.removeprefix("example ") for mark in TABLES if " " in mark}
    assert {name for name in named if not name.startswith("ledger")} == set(EXAMPLES)


def test_the_table_of_measures_is_what_the_code_says() -> None:
    found = {
        row["key"]: tuple(row.values())[1:] for row in TABLES["measures"]
    }  # fmt: skip
    said = {}
    for measure in MEASURES.values():
        age = measure.freshness
        days = f"{age.full:g}, {age.half_life:g}, {age.maximum:g}"
        said[f"`{measure.key}`"] = (
            str(measure.label),
            measure.group,
            f"{measure.weight:g}",
            " / ".join(f"{anchor:g}" for anchor in measure.anchors),
            "always" if age == FOREVER else days,
            measure.source,
        )
    assert found == said


def test_the_targets_are_what_the_code_says() -> None:
    found = {
        row["priority"]: (int(row["first answer"]), int(row["solution"]))
        for row in TABLES["targets"]
    }
    assert found == TARGETS
