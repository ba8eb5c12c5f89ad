"""What a customer brings in a month, against sums written out by hand."""

import numpy as np
import pytest

from health.calculations.contribution import (
    NO_TICKETS,
    Contribution,
    Growth,
    earned_so_far,
    learn_ticket_rates,
    revenue_growth,
    ticket_rates,
)
from tests.health.calculations.lifetime_rows import rows


def test_margin_earned_so_far() -> None:
    """12,000 paid at 80 %, 10 tickets at 25, won for 2,000: 9,600 − 250 − 2,000."""
    got = earned_so_far(
        np.array([12_000.0]),
        np.array([10.0]),
        np.array([2_000.0]),
        margin=0.8,
        ticket_cost=25.0,
    )
    assert got.tolist() == [7_350.0]


def test_some_customers_keep_all_that_is_theirs() -> None:
    whole = Contribution(
        np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.2, 0.3]), 25.0, Growth(0.01, 0.02)
    )
    some = whole.chosen(np.array([True, False, True]))
    assert some.gross.tolist() == [1.0, 3.0]
    assert some.support.tolist() == [2.5, 7.5]
    assert (some.ticket_cost, some.growth) == (25.0, Growth(0.01, 0.02))


def test_customers_that_differ_by_chance_have_the_rate_of_their_group() -> None:
    """Ten tickets each in ten months: less unlike than chance makes them."""
    got = ticket_rates(np.full(6, 10.0), np.full(6, 10.0), np.zeros(6, dtype=int))
    assert got == pytest.approx(np.ones(6))


def test_nobody_teaches_nothing() -> None:
    none = np.empty(0)
    found = learn_ticket_rates(none, none, np.empty(0, dtype=int))
    assert found == NO_TICKETS
    assert found.of(np.array([4.0]), np.array([2.0]), np.array([7])).tolist() == [0.0]


def test_a_plan_that_was_not_seen_has_the_rate_of_all() -> None:
    """Ten tickets in ten months each: one a month, whatever the plan."""
    found = learn_ticket_rates(np.full(6, 10.0), np.full(6, 10.0), np.zeros(6, int))
    assert found.of(np.zeros(1), np.zeros(1), np.array([7])) == pytest.approx([1.0])


def test_customers_that_differ_keep_most_of_their_own() -> None:
    """0 and 200 tickets in 100 months: expected 100 each, beyond chance 2·(10⁴ − 100).

    shape = 2·10⁴ / 19,800, strength as many months; (0 + s) / (100 + s) and
    (200 + s) / (100 + s).
    """
    got = ticket_rates(
        np.array([0.0, 200.0]), np.array([100.0, 100.0]), np.zeros(2, dtype=int)
    )
    s = 20_000 / 19_800
    assert got == pytest.approx([s / (100 + s), (200 + s) / (100 + s)])


def test_groups_have_rates_of_their_own_and_none_without_tickets() -> None:
    got = ticket_rates(
        np.array([0.0, 0.0, 8.0, 0.0]),
        np.array([9.0, 9.0, 4.0, 0.0]),
        np.array([1, 1, 2, 2]),
    )
    assert got[:2].tolist() == [0.0, 0.0]
    assert got[3] == pytest.approx(2.0, rel=0.01)


def test_growth_is_learnt_from_the_same_customers() -> None:
    """Two customers a month apart, 1,000 times: one grows by 10 %, one stays."""
    n = 1000
    past = rows(
        customer=np.tile(np.arange(2 * n), 2),
        day=np.repeat([0, 3044], 2 * n),  # 100 months and a bit
        mrr=np.concatenate([np.full(2 * n, 50.0), np.full(n, 55.0), np.full(n, 50.0)]),
    )
    got = revenue_growth(past)
    months = 2 * n * 3044 / 30.4375
    assert got.mean == pytest.approx(n * np.log(1.1) / (months + 600))
    assert got.spread == pytest.approx(np.sqrt(n * np.log(1.1) ** 2 / months))


def test_wild_growth_is_not_believed() -> None:
    past = rows(
        customer=np.tile(np.arange(500), 2),
        day=np.repeat([0, 31], 500),
        mrr=np.repeat([10.0, 100.0], 500),
    )
    assert revenue_growth(past) == Growth(0.01, 0.2)


def test_customers_that_pay_nothing_do_not_count() -> None:
    past = rows(customer=[1, 1, 2, 2], day=[0, 31, 0, 31], mrr=[0.0, 5.0, 5.0, 0.0])
    assert revenue_growth(past) == Growth(0.0, 0.0)
