"""The examples of docs/forecasts.md on lifetimes, run: a wrong figure fails here."""

from collections.abc import Callable

import numpy as np
import pytest

from health.calculations.bgnbd import BGNBD
from health.calculations.gamma_gamma import GammaGamma
from health.calculations.life_table import life_table
from health.calculations.residual import residual_after_renewal
from health.calculations.sbg import conditional_survival
from tests.health.docs import Rows, number, tables_of

MARK = "example lifetimes "
TABLES = {
    mark.removeprefix(MARK): rows
    for mark, rows in tables_of("forecasts.md").items()
    if mark.startswith(MARK)
}


def column(rows: Rows, name: str) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([number(row[name].replace(",", "")) for row in rows])


def counted(rows: Rows) -> None:
    customers = TABLES["customers"]
    table = life_table(
        column(customers, "renewals made").astype(int),
        np.array([row["left at the next"] == "yes" for row in customers]),
        entered=column(customers, "made before it was seen").astype(int),
    )
    size = len(rows)
    np.testing.assert_array_equal(column(rows, "renewal"), np.arange(1, size + 1))
    np.testing.assert_array_equal(table.kept[:size], column(rows, "stayed"))
    np.testing.assert_array_equal(table.lost[:size], column(rows, "left"))
    assert table.faced[size:].sum() == 0


def survival(rows: Rows) -> None:
    got = conditional_survival(1.0, 2.0, column(rows, "renewals made"), 3)
    for k, name in enumerate(("still there after 1 more", "2 more", "3 more")):
        np.testing.assert_allclose(got[:, k].round(4), column(rows, name))


def residual(rows: Rows) -> None:
    got = residual_after_renewal(
        1.0, 2.0, renewals=column(rows, "renewals made"), discount=0.25
    )
    want = column(rows, "payments still to come, at 25 %")
    np.testing.assert_allclose(got.round(2), want)
    assert round(sum((2 / 3 * 4 / 5) ** k for k in range(1, 99)), 2) == 1.14


def alive(rows: Rows) -> None:
    model = BGNBD()
    model.r_, model.alpha_, model.a_, model.b_ = 0.243, 4.414, 0.793, 2.426
    history = [column(rows, name) for name in ("x", "t_x", "T")]
    got = model.probability_alive(*history).round(3)
    np.testing.assert_allclose(got, column(rows, "alive"), atol=1e-12)
    got = model.expected_purchases(39, *history).round(3)
    np.testing.assert_allclose(got, column(rows, "purchases in 39 weeks"), atol=1e-12)


def spend(rows: Rows) -> None:
    model = GammaGamma()
    model.p_, model.q_, model.gamma_ = 6.0, 4.0, 15.0
    for row in rows:
        mean = 0.0 if row["their mean"] == "–" else number(row["their mean"])
        got = model.expected_value([number(row["purchases"])], [mean])
        assert round(float(got[0]), 2) == number(row["expected"])


def nothing(rows: Rows) -> None:
    """Another table's example reads these rows."""
    assert rows


EXAMPLES: dict[str, Callable[[Rows], None]] = {
    "customers": nothing,
    "table": counted,
    "survival": survival,
    "residual": residual,
    "alive": alive,
    "spend": spend,
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_is_right(name: str) -> None:
    EXAMPLES[name](TABLES[name])


def test_no_example_is_left_out() -> None:
    assert set(TABLES) == set(EXAMPLES)
