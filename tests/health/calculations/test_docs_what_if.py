"""The examples of docs/forecasts.md on "What if", run: a wrong figure fails here."""

from collections.abc import Callable

import pytest

from health.calculations.levers import price_for_a_point, pulls
from health.calculations.what_if import Assumptions, Change, lost_at_most, what_if
from tests.health.calculations.value_rows import paths
from tests.health.docs import Rows, number, tables_of

MARK = "example what-if "
TABLES = {
    mark.removeprefix(MARK): rows
    for mark, rows in tables_of("forecasts.md").items()
    if mark.startswith(MARK)
}
SETTINGS = Assumptions(margin=0.8, ticket_cost=25.0, discount_rate=0.1, horizon=60)
CHANGES = {
    "none": Change(),
    "retention +5 points": Change(retention=0.05),
    "price +5 %": Change(price=0.05),
    "price +5 %, 5 % leave": Change(price=0.05, lost=0.05),
    "margin +5 points": Change(margin=0.05),
    "tickets −50 %": Change(ticket_cost=-0.5),
    "discount rate 12 %": Change(discount_rate=0.12),
    "horizon 36 months": Change(horizon=36),
}


def amount(cell: str) -> float:
    return number(cell.replace(",", ""))


def changes(rows: Rows) -> None:
    assert [row["change"] for row in rows] == list(CHANGES)
    for row in rows:
        got = what_if(paths(0.8), SETTINGS, CHANGES[row["change"]]).whole
        assert round(got.total) == amount(row["still to come"])
        assert round(got.year) == amount(row["12 months"])
        assert round(got.lifetime, 1) == amount(row["lifetime in months"])
        assert got.kept == pytest.approx(amount(row["there after a year"]))


def groups(rows: Rows) -> None:
    before, after = ([number(cell) for cell in column] for column in columns(rows))
    got = what_if(paths(*before), SETTINGS, Change(retention=0.05))
    assert (got.kept / 100).tolist() == pytest.approx(after, abs=5e-5)


def columns(rows: Rows) -> list[list[str]]:
    return [[row[name] for row in rows] for name in rows[0]]


def levers(rows: Rows) -> None:
    was = what_if(paths(0.8), SETTINGS, Change()).whole.total
    got = [(str(one.lever), one.gain / was) for one in pulls(paths(0.8), SETTINGS)]
    assert [lever for lever, _gain in got] == [row["lever"] for row in rows]
    assert [gain for _lever, gain in got] == pytest.approx(
        [number(row["value"]) for row in rows], abs=5e-5
    )


CHECKS: dict[str, Callable[[Rows], None]] = {
    "changes": changes,
    "groups": groups,
    "levers": levers,
}


def test_every_example_has_a_check() -> None:
    assert sorted(TABLES) == sorted(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_the_example_comes_out(name: str) -> None:
    CHECKS[name](TABLES[name])


def test_the_figures_in_the_text() -> None:
    """70 a month become 75 or 65; a point of retention beside prices."""
    assert lost_at_most(paths(0.8), SETTINGS, Change(price=0.05)) == pytest.approx(
        1 - 70 / 75
    )
    assert lost_at_most(paths(0.8), SETTINGS, Change(price=-0.05)) == pytest.approx(
        1 - 70 / 65
    )
    assert price_for_a_point(paths(0.8), SETTINGS) == pytest.approx(0.0169, abs=5e-5)
