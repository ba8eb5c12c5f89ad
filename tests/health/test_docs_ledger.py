"""The ledger's examples of docs/scores.md, run: a wrong figure in the page fails here."""

from itertools import pairwise

import pytest

from health.calculations.children import Child, roll_up_ledger
from health.calculations.ledger import CHILD, ledger
from health.calculations.ledger_cells import Datum, Side
from health.calculations.scorecard import ScorecardRules, ScoredMeasure
from health.calculations.scoring import ANCHOR_SCORES, Freshness
from tests.health.docs import number, tables_of

TABLES = tables_of("scores.md")
FADES = Freshness(90, 30, 365)


def side(day: int, which: str, fixed: float | None = None) -> Side:
    """This will make a day of the page's first table: "then" or "now"."""
    rows = TABLES["example ledger"]
    whole = sum(number(row[f"weight {which}"]) for row in rows)
    lines = tuple(
        ScoredMeasure(
            row["measure"],
            "",
            number(row[f"weight {which}"]) / whole,
            ANCHOR_SCORES,
            FADES,
        )
        for row in rows
    )
    data = {
        row["measure"]: Datum(
            number(row[f"points {which}"]), int(number(row[f"age {which}"]))
        )
        for row in rows
    }
    rules = ScorecardRules(lines, at_risk=50, watch=70, floor=0.5, prior={})
    return Side(day, 400 + day, data, rules, fixed)


def test_the_lines() -> None:
    rows = TABLES["example ledger-lines"]
    found = ledger(side(0, "then"), side(30, "now", fixed=60.0))
    assert [(x.step.replace("_", " "), x.key) for x in found.lines] == [
        (row["step"], row["measure"]) for row in rows
    ]
    for line, shown, row in zip(found.lines, found.shown(), rows, strict=True):
        assert line.change == pytest.approx(number(row["exact"]), abs=1e-9)
        assert number(row["to"]) - number(row["from"]) == number(row["exact"])
        assert shown == number(row["shown"])
    assert found.first == pytest.approx(number(rows[0]["from"]))
    assert found.last == pytest.approx(number(rows[-1]["to"]))
    assert all(before["to"] == after["from"] for before, after in pairwise(rows))


def test_the_children() -> None:
    rows = TABLES["example ledger-children"]

    def children(column: str) -> dict[int, Child]:
        return {
            place: Child(number(row[column]))
            for place, row in enumerate(rows)
            if row[column] != "–"
        }

    def mean(every: list[Child]) -> float:
        return sum(child.score for child in every) / len(every)

    found = roll_up_ledger(
        children("score then"), children("score now"), before=mean, after=mean
    )
    moved = [(place, number(row["exact"])) for place, row in enumerate(rows)]
    assert [(x.step, x.key, pytest.approx(x.change)) for x in found.lines] == [
        (CHILD, str(place), change) for place, change in moved if change
    ]
    assert found.first == pytest.approx(number(rows[0]["from"]))
    assert found.last == pytest.approx(number(rows[-1]["to"]))


def test_every_table_of_the_ledger_is_run() -> None:
    named = {mark for mark in TABLES if mark.startswith("example ledger")}
    assert named == {
        "example ledger",
        "example ledger-lines",
        "example ledger-children",
    }
