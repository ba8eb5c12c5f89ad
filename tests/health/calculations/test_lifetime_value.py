"""Expected margin and what is at risk, against sums written out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from health.calculations import clv
from health.calculations.contribution import Contribution, Growth
from health.calculations.lifetime_value import valued
from tests.health.calculations.test_clv import curve


def test_values_by_hand() -> None:
    """100 a month, half a ticket at 20; S = 1, 1, 0.5, 0.5, 0.25; no discount.

    Expected (1 + 1 + 0.5 + 0.5 + 0.25)·90; at risk 0.5 · (1 + 0.5)·90; staying 5·90.
    """
    alive = np.array([[1.0, 1.0, 0.5, 0.5, 0.25]])
    contribution = Contribution(np.array([100.0]), np.array([0.5]), 20.0)
    got = valued(alive, contribution, np.array([0.5]), discount_rate=0.0)
    assert got.expected == pytest.approx([292.5])
    assert got.staying == pytest.approx([450.0])
    assert got.at_risk == pytest.approx([67.5])
    assert got.at_risk_voluntary.tolist() == got.at_risk.tolist()
    assert got.at_risk_involuntary.tolist() == [0.0]


def test_revenue_grows_and_support_does_not() -> None:
    contribution = Contribution(
        np.array([100.0]), np.array([1.0]), 10.0, Growth(np.log(1.01), 0.0)
    )
    got = valued(np.ones((1, 3)), contribution, np.array([0.0]), discount_rate=0.0)
    assert got.expected == pytest.approx([101 + 102.01 + 103.0301 - 30])


def test_without_support_it_is_the_formula_of_the_design() -> None:
    alive = curve(0.2, 0.03, 24)
    contribution = Contribution(np.array([80.0]), np.array([0.0]), 25.0)
    got = valued(alive, contribution, np.array([0.2]))
    discount = clv.discounts(0.1, 24)
    assert got.at_risk == pytest.approx(
        clv.value_at_risk(np.array([80.0]), np.array([0.2]), alive, discount)
    )
    assert got.expected == pytest.approx(
        clv.future_value(np.array([80.0]), alive, discount)
    )


@given(p=st.floats(0.0, 1.0), part=st.floats(0.0, 1.0), gross=st.floats(0.0, 1e6))
@settings(max_examples=50, deadline=None)
def test_both_kinds_of_loss_add_up_exactly(p: float, part: float, gross: float) -> None:
    alive = curve(p, 0.03, 12)
    got = valued(
        alive,
        Contribution(np.array([gross]), np.array([0.1]), 25.0),
        np.array([p]),
        involuntary=np.array([p * part]),
    )
    whole = got.at_risk_voluntary + got.at_risk_involuntary
    assert whole.tolist() == got.at_risk.tolist()
