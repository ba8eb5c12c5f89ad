"""What would change what customers bring: by hand, and what must hold for all of it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health.calculations.economics import MOST_RETENTION
from health.calculations.levers import Lever, Pull, price_for_a_point, pulls
from health.calculations.what_if import (
    Assumptions,
    Change,
    Outcome,
    Paths,
    averages,
    hazard_factor,
    lost_at_most,
    moved,
    retained,
    risk_scaled,
    what_if,
    worth,
)
from tests.health.calculations.value_rows import paths

SETTINGS = Assumptions(margin=0.8, ticket_cost=25.0, discount_rate=0.1, horizon=60)
FEW = settings(max_examples=40)
shares = st.floats(0.05, 0.98)
some = st.lists(shares, min_size=1, max_size=4)


def total(rows: Paths, **change: float) -> float:
    return what_if(rows, SETTINGS, Change(**change)).whole.total  # type: ignore[arg-type]


def test_two_months_by_hand() -> None:
    """10 there, then 8; 100 each, a ticket each at 5; 10 % a year, and no discount."""
    rows = Paths(
        customers=np.array([10.0]),
        mrr=np.array([1000.0]),
        alive=np.array([[10.0, 8.0]]),
        revenue=np.array([[1000.0, 800.0]]),
        tickets=np.array([[10.0, 8.0]]),
    )
    plain = Assumptions(margin=0.5, ticket_cost=5.0, discount_rate=0.0, horizon=2)
    got = worth(rows, plain).whole
    assert got == Outcome(10.0, 810.0, 81.0, 810.0, 1.8, 0.8)
    dear = replace(plain, discount_rate=0.1)
    want = 450 * 1.1 ** (-1 / 12) + 360 * 1.1 ** (-2 / 12)
    assert worth(rows, dear).whole.total == pytest.approx(want)
    short = worth(rows, replace(plain, horizon=1)).whole
    assert (short.total, short.lifetime, short.year) == (450.0, 1.0, 810.0)


def test_a_horizon_beyond_the_paths_is_their_end() -> None:
    rows = paths(0.8, months=24)
    far = worth(rows, replace(SETTINGS, horizon=120)).whole
    assert far == worth(rows, replace(SETTINGS, horizon=24)).whole


def test_nobody_has_no_averages() -> None:
    got = worth(paths(0.8, customers=0.0), SETTINGS).whole
    assert (got.customers, got.total) == (0.0, 0.0)
    assert np.isnan([got.each, got.lifetime, got.kept]).all()
    assert hazard_factor(paths(0.8, customers=0.0), 0.05) == 1.0


def test_the_variables_of_the_formula() -> None:
    got = averages(paths(0.8, 0.8), SETTINGS)
    assert got.revenue == 100.0
    assert got.service == pytest.approx(10.0)
    assert got.kept == pytest.approx(0.8)
    assert got.value == worth(paths(0.8), SETTINGS).whole.each
    assert got.lifetime == worth(paths(0.8), SETTINGS).whole.lifetime


def test_groups_can_be_chosen() -> None:
    rows, first = paths(0.6, 0.9), np.array([True, False])
    one, of_two = worth(rows.chosen(first), SETTINGS), worth(rows, SETTINGS)
    assert one.whole.total == pytest.approx(of_two.chosen(first).whole.total)
    assert one.kept.tolist() == of_two.chosen(first).kept.tolist() == [60.0]
    assert rows.chosen(first).growth == rows.growth


@FEW
@given(some)
def test_no_change_is_today_to_the_last_bit(kept: list[float]) -> None:
    rows = paths(*kept)
    assert moved(rows, Change()).revenue.tolist() == rows.revenue.tolist()
    assert what_if(rows, SETTINGS, Change()).whole == worth(rows, SETTINGS).whole


@FEW
@given(some, st.floats(-0.2, 0.2), st.floats(0.001, 0.2))
def test_more_retention_never_brings_less(
    kept: list[float], points: float, more: float
) -> None:
    rows = paths(*kept, growth=0.004)
    low = what_if(rows, SETTINGS, Change(retention=points)).whole
    high = what_if(rows, SETTINGS, Change(retention=points + more)).whole
    assert high.total >= low.total * (1 - 1e-9)
    assert high.lifetime >= low.lifetime * (1 - 1e-9)


@FEW
@given(some, st.floats(-0.04, 0.1))
def test_so_many_points_more_are_there(kept: list[float], points: float) -> None:
    rows = paths(*kept)
    now = worth(rows, SETTINGS).whole.kept
    got = what_if(rows, SETTINGS, Change(retention=points)).whole.kept
    want = min(max(now + points, 1 - MOST_RETENTION), MOST_RETENTION)
    assert got == pytest.approx(want, abs=1e-9)


@FEW
@given(some, st.floats(-0.3, 0.3), st.floats(-0.2, 0.2), st.floats(-0.9, 0.9), shares)
def test_price_margin_and_cost_add_up(
    kept: list[float], price: float, margin: float, cost: float, lost: float
) -> None:
    rows = paths(*kept)
    now = total(rows)
    parts = (
        total(rows, price=price)
        + total(rows, margin=margin)
        + total(rows, ticket_cost=cost)
        - 2 * now
    )
    joined = {"price": price, "margin": margin, "ticket_cost": cost}
    assert total(rows, **joined) == pytest.approx(parts, abs=1e-6 * now)
    # Who leaves takes its share of all of it along.
    assert total(rows, **joined, lost=lost) == pytest.approx(
        parts * (1 - lost), abs=1e-6 * now
    )


@FEW
@given(st.lists(shares, min_size=2, max_size=4))
def test_groups_add_up(kept: list[float]) -> None:
    change = Change(price=0.1, margin=0.02, lost=0.03)
    whole = what_if(paths(*kept), SETTINGS, change).whole.total
    each = [what_if(paths(one), SETTINGS, change).whole.total for one in kept]
    assert whole == pytest.approx(sum(each))


def test_retention_has_its_bounds() -> None:
    rows = paths(0.98)
    assert what_if(rows, SETTINGS, Change(retention=0.3)).whole.kept == pytest.approx(
        0.999
    )
    low = what_if(rows, SETTINGS, Change(retention=-1.0)).whole.kept
    assert low == pytest.approx(0.001)
    for share in (0.0, 1.0):
        assert retained(paths(share), 0.05) is not None
        assert hazard_factor(paths(share), 0.05) == 1.0
    # Already above the bound: it is not pushed down to it.
    more = what_if(paths(0.9995), SETTINGS, Change(retention=0.01)).whole.kept
    assert more == pytest.approx(0.9995)


def test_where_all_have_left_none_come_back() -> None:
    """One group is gone within the year; the other carries all of the points."""
    got = what_if(paths(0.0, 0.8), SETTINGS, Change(retention=0.05))
    assert got.kept.tolist() == pytest.approx([0.0, 90.0])
    assert got.expected[0] == 0.0


def test_revenue_of_who_stays_is_not_lifted_above_what_all_would_pay() -> None:
    """Of ten, nine that pay nothing leave: more retention brings no more revenue."""
    rows = paths(0.1, customers=10.0)
    rows = replace(rows, revenue=np.full((1, 60), 1000.0))
    got = retained(rows, 0.4)
    assert got.revenue.tolist() == rows.revenue.tolist()
    assert got.alive[0, 11] == pytest.approx(5.0)


def test_growth_is_no_retention() -> None:
    """Revenue that grows as customers leave gains as it would without the growth."""
    flat, grown = (retained(paths(0.8, growth=rate), 0.05) for rate in (0.0, 0.01))
    month = np.arange(1, 61)
    np.testing.assert_allclose(grown.revenue, flat.revenue * np.exp(0.01 * month))


def test_who_buys_without_a_subscription_is_kept_too() -> None:
    """No recurring revenue: what all would pay is told by the first month."""
    rows = replace(paths(0.8), mrr=np.zeros(1))
    got, want = retained(rows, 0.05), retained(paths(0.8), 0.05)
    np.testing.assert_allclose(got.revenue, want.revenue)
    gone = replace(rows, alive=rows.alive * 1.0)
    gone.alive[:, 0] = 0.0
    assert retained(gone, 0.05).revenue.tolist() == [[0.0] * 60]


def test_a_price_of_nothing() -> None:
    """What is left is what support costs: 10 of the 70 that are worth 207,331 in all."""
    assert total(paths(0.8), price=-1.0) == pytest.approx(total(paths(0.8)) / -7)


@pytest.mark.parametrize(
    ("change", "want"),
    [
        (Change(price=0.05), 1 - 70 / 75),
        (Change(price=0.05, margin=0.1), 1 - 80 / 85),
        # Who was said to leave is not counted into the answer.
        (Change(price=0.05, lost=0.5), 1 - 70 / 75),
        (Change(price=-0.1), 1 - 70 / 60),
        (Change(price=-0.8), None),
        (Change(price=0.1, ticket_cost=9.0), None),
    ],
)
def test_how_many_may_leave(change: Change, want: float | None) -> None:
    got = lost_at_most(paths(0.8), SETTINGS, change)
    assert got == (None if want is None else pytest.approx(want))
    if want is not None:
        plain = replace(change, price=0.0, lost=0.0)
        even = what_if(paths(0.8), SETTINGS, replace(change, lost=want)).whole.total
        assert even == pytest.approx(what_if(paths(0.8), SETTINGS, plain).whole.total)


def test_value_at_risk_follows_what_lies_behind_month_3() -> None:
    """Of 70 a month 80 or 35 are left; nothing behind month 3 says nothing."""
    rows, stored = paths(0.8, 0.5), np.array([100.0, 200.0])
    cheap = replace(SETTINGS, ticket_cost=0.0)
    got = risk_scaled(stored, rows, SETTINGS, cheap)
    assert got.tolist() == pytest.approx([100 * 80 / 70, 200 * 80 / 70])
    assert risk_scaled(stored, rows, SETTINGS, SETTINGS).tolist() == [100.0, 200.0]
    loss = replace(SETTINGS, margin=0.0)
    assert risk_scaled(stored, rows, SETTINGS, loss).tolist() == [0.0, 0.0]
    assert risk_scaled(stored, rows, loss, SETTINGS).tolist() == [100.0, 200.0]
    brief = paths(0.8, 0.5, months=3)
    assert risk_scaled(stored, brief, SETTINGS, cheap).tolist() == [100.0, 200.0]


class TestLevers:
    def test_a_margin_of_all_cannot_rise(self) -> None:
        rich = replace(SETTINGS, margin=1.0)
        found = {pull.lever: pull for pull in pulls(paths(0.8), rich)}
        assert found[Lever.MARGIN] == Pull(Lever.MARGIN, 0.0, 1.0, 1.0)

    def test_who_keeps_all_gains_by_prices(self) -> None:
        found = pulls(paths(1.0), SETTINGS)
        assert found[0].lever == Lever.PRICE
        kept = next(one for one in found if one.lever == Lever.RETENTION)
        assert (kept.gain, kept.before, kept.after) == (0.0, 1.0, 1.0)
        assert price_for_a_point(paths(1.0), SETTINGS) is None

    def test_without_revenue_no_price_is_worth_a_point(self) -> None:
        free = paths(0.8, pays=0.0, tickets=0.0)
        assert price_for_a_point(free, SETTINGS) is None

    def test_a_point_is_worth_that_price(self) -> None:
        rows = paths(0.7, 0.9)
        price = price_for_a_point(rows, SETTINGS)
        assert price is not None
        assert total(rows, price=price) == pytest.approx(total(rows, retention=0.01))

    def test_a_larger_step(self) -> None:
        small, large = (pulls(paths(0.8), SETTINGS, step=s) for s in (0.01, 0.02))
        gains = [
            next(one.gain for one in found if one.lever == Lever.PRICE)
            for found in (small, large)
        ]
        assert gains[1] == pytest.approx(2 * gains[0])
