"""The examples of docs/forecasts.md on lifetime value, run: a wrong figure fails here."""

from collections.abc import Callable

import numpy as np
import pytest

from health.calculations.acquired import GroupSums, acquisition, believed_miss
from health.calculations.contribution import Contribution
from health.calculations.economics import Change, Variables, outcome
from health.calculations.lifetime import joined
from health.calculations.lifetime_value import valued
from health.calculations.sum_ranges import FEW, Spread, SumDoubt, ends
from health.calculations.value_ranges import value_ranges
from health.calculations.winning import (
    MONTHS,
    SUMS,
    Spend,
    Table,
    group_sums,
    shares_of,
)
from tests.health.docs import Rows, number, numbers, tables_of

MARK = "example clv "
TABLES = {
    mark.removeprefix(MARK): rows
    for mark, rows in tables_of("forecasts.md").items()
    if mark.startswith(MARK)
}


def amount(cell: str) -> float:
    return number(cell.replace(",", ""))


def column(rows: Rows, name: str) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([amount(row[name]) for row in rows])


def value(rows: Rows) -> None:
    months = column(rows, "month")
    alive, discount = column(rows, "S"), 1.1 ** (-months / 12)
    np.testing.assert_allclose(discount.round(4), column(rows, "discount"))
    each = (alive * 90 * discount).round(2)
    np.testing.assert_allclose(each, column(rows, "expected"))
    got = valued(
        alive[None, :],
        Contribution(np.array([100.0]), np.array([0.4]), 25.0),
        np.array([0.271]),
    )
    assert got.expected.round(2).tolist() == [392.66]
    assert got.at_risk.round(2).tolist() == [65.61]
    assert each[3:].sum().round(2) == 176.49


def months(rows: Rows) -> None:
    first, *rest = rows[0]
    leaving = np.array([numbers(row[first]) for row in rows])
    got = joined(np.full(len(rows), 0.271), leaving)
    want = np.stack([column(rows, name) for name in rest], axis=1)
    np.testing.assert_allclose(got.round(4), want)


def acquired(rows: Rows) -> None:
    brings = column(rows, "a customer brings")
    month = np.tile(brings[:, None] / 24, (1, 24))
    got = acquisition(
        GroupSums(
            group=np.arange(len(rows)),
            customers=np.ones(len(rows)),
            value=brings,
            squares=brings**2,
            spread=np.zeros(len(rows)),
            future=np.zeros(len(rows)),
            spent=column(rows, "spent on it"),
            margin=month,
            through=np.ones_like(month),
        )
    )
    np.testing.assert_allclose(got.gain, column(rows, "gain"))
    np.testing.assert_allclose(got.ratio, column(rows, "ratio"))
    payback = [row["payback in months of 24"] for row in rows]
    want = [np.nan if cell == "never" else amount(cell) for cell in payback]
    np.testing.assert_allclose(got.payback, want)


def spent(rows: Rows) -> None:
    """Sources: 1 fairs, 2 adverts; campaign 7 is the spring fair."""
    keys = [
        [
            0,
            2024,
            1 if row["source"] == "fairs" else 2,
            7 * (row["by the spring fair"] == "yes"),
        ]
        for row in rows
    ]
    sums = np.zeros((len(rows), len(SUMS)))
    sums[:, 0] = column(rows, "customers")
    sums[:, -1] = 5.0 * sums[:, 0]
    empty = np.zeros((0, MONTHS))
    table = Table(np.array(keys), sums, np.zeros((0, 4), dtype=int), empty, empty)
    shares = shares_of(table, [Spend(1, 0, 2024, 1000.0), Spend(1, 7, 2024, 60.0)])
    each = [cost if dated else 5.0 for cost, dated in map(shares.of, keys)]
    np.testing.assert_allclose(each, column(rows, "cost of each"))
    total = group_sums(table, shares, by="source").spent
    in_all = column(rows, "in all")
    assert total.tolist() == [in_all[:2].sum(), in_all[2]]


def missed(rows: Rows) -> None:
    for row in rows:
        known = row["expected"] != "–"
        pair = (
            (amount(row["expected"]), amount(row["came in"])) if known else (0.0, 0.0)
        )
        assert round(believed_miss(*pair), 3) == pytest.approx(number(row["off by"]))


CHANGES = {
    "none": Change(),
    "retention +5 points": Change(retention=0.05),
    "price +5 %": Change(price=0.05),
    "margin +5 points": Change(margin=0.05),
    "support −50 %": Change(support=-0.5),
    "acquisition −20 %": Change(acquisition_cost=-0.2),
}


def changes(rows: Rows) -> None:
    assert [row["change"] for row in rows] == list(CHANGES)
    variables = Variables(100.0, 0.8, 10.0, 500.0)
    alive = 0.8 ** (np.arange(1, 61) / 12)
    for row in rows:
        got = outcome(alive, variables, CHANGES[row["change"]])
        assert round(got.clv) == amount(row["CLV"])
        assert round(got.profit) == amount(row["left to earn"])
        assert got.retention == pytest.approx(number(row["after a year"]))


def summed(rows: Rows) -> None:
    """One curve for all: each customer's own fate, and what they have in common."""
    ladder = np.array([[1.0, 0.8, 0.6, 0.4, 0.2]])
    each = value_ranges(
        ladder,
        Contribution(np.array([100.0]), np.zeros(1), 0.0),
        np.zeros(1),
        plan=np.ones(1, dtype=int),
        discount_rate=0.0,
    )
    doubt = SumDoubt((1,), (1.0 / np.sqrt(1.0 + 24),), 1.0)
    for row in rows:
        size = round(amount(row["customers"]))
        spread = Spread(
            np.ones(size, dtype=int),
            np.repeat(each.own, size),
            np.repeat(each.lever, size),
            doubt,
        )
        total = size * float(each.values.expected[0])
        assert total == pytest.approx(amount(row["expected"]))
        assert round(np.sqrt(spread.own.sum())) == amount(row["own fates"])
        assert round(spread.common) == amount(row["shared"])
        assert round(spread.deviation) == amount(row["together"])
        if size >= FEW:
            found = [round(end) for end in ends(total, spread.deviation)]
            assert found == [amount(row["P10"]), amount(row["P90"])]


CHECKS: dict[str, Callable[[Rows], None]] = {
    "value": value,
    "months": months,
    "acquisition": acquired,
    "spend": spent,
    "miss": missed,
    "changes": changes,
    "sums": summed,
}


def test_every_example_has_a_check() -> None:
    assert sorted(TABLES) == sorted(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_the_example_comes_out(name: str) -> None:
    CHECKS[name](TABLES[name])
