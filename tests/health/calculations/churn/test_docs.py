"""The examples of docs/forecasts.md on leaving, run: a wrong figure fails here."""

from collections.abc import Callable

import numpy as np
import pytest

from health.calculations.accuracy.curve import calibration_error
from health.calculations.accuracy.probability import log_odds
from health.calculations.churn.bands import band_rates
from health.calculations.churn.comparables import comparables
from health.calculations.churn.explaining import shared
from health.calculations.scoring import round_to_sum
from tests.health.docs import Rows, number, tables_of

MARK = "example churn "
TABLES = {
    mark.removeprefix(MARK): rows
    for mark, rows in tables_of("forecasts.md").items()
    if mark.startswith(MARK)
}


def ends(cell: str) -> tuple[float, float]:
    """This will read an interval, 14.2 / 23.3 %, as shares."""
    low, high = cell.removesuffix(" %").split(" / ")
    return float(low) / 100, float(high) / 100


def bands(rows: Rows) -> None:
    customers, left = (
        [int(row[name]) for row in rows] for name in ("customers", "left")
    )
    band = np.repeat(np.arange(4), customers)
    gone = np.concatenate(
        [np.arange(n) < k for n, k in zip(customers, left, strict=True)]
    )
    prior = tuple(number(row["assumed"]) for row in rows)
    found = band_rates(band, gone, np.zeros(len(band), dtype=bool), prior=prior)
    for row, one in zip(rows, found.rates, strict=True):
        assert round(one.rate, 3) == pytest.approx(number(row["rate"]))
        shown = ends(row["80 % interval"])
        assert (round(one.low, 3), round(one.high, 3)) == pytest.approx(shown)


def pushes(rows: Rows) -> None:
    parts = np.array([[number(row["part of the log-odds"]) for row in rows]])
    tenths = 1_000 * shared(parts, float(log_odds(np.array(0.1))))[0]
    points = [round(10 * number(row["points"])) for row in rows]
    assert round_to_sum(tenths.tolist(), round(tenths.sum())) == points
    assert sum(points) == 150


def alike(rows: Rows) -> None:
    for row in rows:
        size, left = int(row["customers"]), int(row["left"])
        (one,) = comparables(np.full(size, 0.2), np.arange(size) < left).groups
        assert round(one.share, 3) == pytest.approx(number(row["share"]))
        shown = ends(row["80 % interval"])
        assert (round(one.low, 3), round(one.high, 3)) == pytest.approx(shown)


def floor(rows: Rows) -> None:
    for row in rows:
        size = int(row["customers"].replace(",", ""))
        p = np.random.default_rng(7).beta(0.606, 1.680, size)
        found = calibration_error(
            p, np.zeros(size, dtype=bool), np.arange(size), seed=1
        )
        assert found is not None
        shown = (number(row["mean"]), number(row["95th percentile"]))
        assert (round(found.floor, 3), round(found.limit, 3)) == shown


CHECKS: dict[str, Callable[[Rows], None]] = {
    "bands": bands,
    "pushes": pushes,
    "comparables": alike,
    "floor": floor,
}


def test_every_example_is_run() -> None:
    assert set(TABLES) == set(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_the_example(name: str) -> None:
    CHECKS[name](TABLES[name])
