"""The examples of docs/forecasts.md on customers without a subscription, run."""

import numpy as np

from health.calculations.buyers import Bought
from health.calculations.buyers_forecast import Terms, buyers_forecast
from tests.health.calculations.purchases import published
from tests.health.docs import Rows, number, tables_of

MARK = "example buyers "
TABLES = {
    mark.removeprefix(MARK): rows
    for mark, rows in tables_of("forecasts.md").items()
    if mark.startswith(MARK)
}


def column(rows: Rows, name: str) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([number(row[name]) for row in rows])


def test_no_example_is_left_out() -> None:
    assert set(TABLES) == {"alive"}


def test_the_example_is_right() -> None:
    rows = TABLES["alive"]
    nothing = np.zeros(len(rows))
    bought = Bought(
        x=column(rows, "purchases") - 1,
        recency=column(rows, "from the first to the last"),
        age=column(rows, "since the first"),
        mean=nothing,
        tickets=nothing,
    )
    got = buyers_forecast(published(), bought, Terms(1.0, 0.0, 0.1, 60, 0.2))
    for name, values in (("alive", got.alive), ("gone in 90 days", got.p90)):
        np.testing.assert_allclose(values.round(3), column(rows, name), atol=1e-12)
    np.testing.assert_allclose(
        got.purchases[:, :12].sum(axis=1).round(2),
        column(rows, "purchases in 12 months"),
        atol=1e-12,
    )
    assert ["yes" if gone else "no" for gone in got.gone] == [
        row["counts as gone"] for row in rows
    ]
