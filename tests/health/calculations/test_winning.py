"""Sums that can be added up part by part, and who shares which cost."""

import json

import numpy as np
import pytest

from health.calculations.winning import (
    EMPTY,
    MONTHS,
    Shares,
    Spend,
    Table,
    Won,
    group_sums,
    shares_of,
    table_of,
)

FAIRS, ADVERTS = 1, 2
SPRING = 7


def won(*customers: tuple[int, int, int, float, float]) -> Won:
    """This will make customers of (source, campaign, year, value, own cost).

    Each is here for 3 months, paid half of its value in the first and half in the fourth.
    """
    n = len(customers)
    source, campaign, year, value, cost = (
        np.array(column) for column in zip(*customers, strict=True)
    )
    keys = np.column_stack([np.zeros(n), year, source, campaign]).astype(np.int64)
    sums = np.column_stack(
        [np.ones(n), value, value**2, np.full(n, 2.0), value / 4, cost]
    )
    place = np.tile(np.arange(n), 2)
    month = np.repeat([0, 3], n)
    amount = np.tile(value / 2, 2)
    return Won(keys, sums, np.full(n, 3), place, month, amount)


CUSTOMERS = (
    (FAIRS, SPRING, 2024, 100.0, 5.0),
    (FAIRS, 0, 2024, 300.0, 5.0),
    (FAIRS, 0, 2025, 200.0, 5.0),
    (ADVERTS, 0, 2025, 50.0, 5.0),
)


def test_parts_add_up_to_the_whole() -> None:
    group = np.array([4, 4, 5, 4])
    whole = table_of(won(*CUSTOMERS), group)
    parts = EMPTY
    for place, customer in enumerate(CUSTOMERS):
        parts = parts.plus(table_of(won(customer), group[[place]]))
    for name in ("keys", "sums", "path_keys", "margin", "through"):
        assert getattr(parts, name).tolist() == getattr(whole, name).tolist()
    assert whole.keys.tolist() == [
        [4, 2024, 1, 0],
        [4, 2024, 1, 7],
        [4, 2025, 2, 0],
        [5, 2025, 1, 0],
    ]
    assert whole.path_keys.tolist() == [
        [4, 2024, 0, 0],
        [4, 2025, 0, 0],
        [5, 2025, 0, 0],
    ]


def test_a_month_counts_once_it_is_over() -> None:
    got = table_of(won(*CUSTOMERS[:2]))
    assert got.margin[:, :4].tolist() == [[150, 0, 0, 0], [50, 0, 0, 0]]
    assert got.through[:, :4].tolist() == [[1, 1, 1, 0], [1, 1, 1, 0]]
    assert got.through.shape == (2, MONTHS)


def test_a_table_survives_being_written_down() -> None:
    got = table_of(won(*CUSTOMERS))
    again = Table.from_json(json.loads(json.dumps(got.as_json())))
    assert again.sums.tolist() == got.sums.tolist()
    assert again.margin.tolist() == got.margin.tolist()
    assert Table.from_json(EMPTY.as_json()).sums.shape == EMPTY.sums.shape


def test_years_can_be_left_out() -> None:
    got = table_of(won(*CUSTOMERS)).years([2025])
    assert got.keys[:, 1].tolist() == [2025, 2025]
    assert got.path_keys[:, 1].tolist() == [2025, 2025]


def shares(*spent: Spend) -> Shares:
    return shares_of(table_of(won(*CUSTOMERS)), spent)


def test_spend_is_shared_among_the_customers_of_its_year() -> None:
    """1,000 for two customers of the fairs in 2024, 60 for the one of the campaign."""
    got = shares(Spend(FAIRS, 0, 2024, 1000.0), Spend(FAIRS, SPRING, 2024, 60.0))
    assert got.of((0, 2024, FAIRS, 0)) == (500.0, True)
    assert got.of((0, 2024, FAIRS, SPRING)) == (560.0, True)
    assert got.of((0, 2025, FAIRS, 0)) == (0.0, True)
    assert got.of((0, 2025, ADVERTS, 0)) == (0.0, False)
    assert got.idle == []


def test_a_cost_is_never_counted_twice() -> None:
    """Of fairs since 2025, and of adverts never: else the customers' own cost counts."""
    table = table_of(won(*CUSTOMERS))
    got = group_sums(
        table, shares_of(table, [Spend(FAIRS, 0, 2025, 40.0)]), by="source"
    )
    assert got.group.tolist() == [FAIRS, ADVERTS]
    assert got.spent.tolist() == [5.0 + 5.0 + 40.0, 5.0]
    assert got.customers.tolist() == [3.0, 1.0]
    assert got.value.tolist() == [600.0, 50.0]
    assert got.squares.tolist() == [140_000.0, 2500.0]
    assert got.spread.tolist() == [6.0, 2.0]
    assert got.future.tolist() == [150.0, 12.5]
    assert got.margin[:, 0].tolist() == [300.0, 25.0]
    assert got.through[:, 0].tolist() == [3.0, 1.0]


@pytest.mark.parametrize(
    ("by", "groups", "spent"),
    [
        ("source", [0, FAIRS, ADVERTS, 3], [30.0, 75.0, 5.0, 9.0]),
        ("campaign", [0, SPRING, 8], [5.0, 75.0, 30.0]),
        ("group", [0], [10.0]),
    ],
)
def test_money_that_brought_nobody_is_not_lost_sight_of(
    by: str, groups: list[int], spent: list[float]
) -> None:
    """The campaign of 2024 cost 70 more in 2025; one of no source and a source failed."""
    table = table_of(won(*CUSTOMERS))
    money = [
        Spend(FAIRS, SPRING, 2024, 5.0),
        Spend(FAIRS, SPRING, 2025, 70.0),
        Spend(0, 8, 2025, 30.0),
        Spend(3, 0, 2025, 9.0),
    ]
    got = group_sums(table, shares_of(table, money), by=by)
    assert (got.group.tolist(), got.spent.tolist()) == (groups, spent)
