"""Values against sums written out by hand."""

import numpy as np
import pytest

from health.calculations import clv
from health.calculations.queue import is_at_risk, urgency


def one(value: float) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([value])


def curve(p90: float, later: float, months: int) -> np.ndarray:  # type: ignore[type-arg]
    """S(3) = 1 − p90, evenly; a share `later` is lost in every month after that."""
    month = np.arange(1, months + 1)
    near = (1 - p90) ** (np.minimum(month, 3) / 3)
    return (near * (1 - later) ** np.maximum(month - 3, 0))[None, :]


def test_discounts_are_yearly_rates_by_the_month() -> None:
    got = clv.discounts(0.1, 24)
    assert got[11] == pytest.approx(1 / 1.1)
    assert got[23] == pytest.approx(1 / 1.21)


def test_discounts_of_an_amount_that_grows() -> None:
    got = clv.discounts(0.0, 3, growth=float(np.log(1.01)))
    np.testing.assert_allclose(got, [1.01, 1.01**2, 1.01**3])


def test_future_value_without_loss_or_discount_is_margin_times_months() -> None:
    alive = curve(0.0, 0.0, 60)
    got = clv.future_value(one(80.0), alive, clv.discounts(0.0, 60))
    assert got[0] == pytest.approx(4800)


def test_value_at_risk_by_hand() -> None:
    """p = 0.5, nobody leaves later, no discount, 6 months: 0.5 · 100 · 3 months."""
    alive = curve(0.5, 0.0, 6)
    got = clv.value_at_risk(one(100.0), one(0.5), alive, clv.discounts(0.0, 6))
    assert got[0] == pytest.approx(150)


def test_value_at_risk_of_a_certain_departure_is_not_a_number_less() -> None:
    alive = curve(1.0, 0.1, 6)
    got = clv.value_at_risk(one(100.0), one(1.0), alive, clv.discounts(0.0, 6))
    assert got[0] == 0.0


def test_textbook_value() -> None:
    """100 a month for 24 months is 2,400; minus 400 to win the customer."""
    got = clv.textbook_value(one(100.0), one(1 / 24), one(400.0))
    assert got[0] == pytest.approx(2000)


def test_textbook_value_over_years() -> None:
    """(Yearly revenue × years) − acquisition cost: 1,200 × 3 − 500; at 80 % 2,380."""
    got = clv.textbook_over_years(one(1200.0), one(3.0), one(500.0))
    assert got[0] == pytest.approx(3100)
    got = clv.textbook_over_years(one(1200.0), one(3.0), one(500.0), margin=0.8)
    assert got[0] == pytest.approx(2380)


def test_urgency_rises_from_180_to_30_days() -> None:
    got = urgency(np.array([400.0, 180.0, 105.0, 30.0, 0.0, np.nan]))
    np.testing.assert_allclose(got, [1, 1, 1.5, 2, 2, 1])


def test_at_risk_by_band_or_by_twice_the_base_rate() -> None:
    got = is_at_risk(
        np.array([1, 2, 3, 0], np.int16), np.array([0.0, 0.1, 0.09, 0.2]), 0.05
    )
    assert got.tolist() == [True, True, False, True]
