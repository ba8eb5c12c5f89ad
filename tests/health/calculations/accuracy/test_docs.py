"""The examples of docs/forecasts.md on accuracy, run: a wrong figure fails here."""

import numpy as np
import pytest

from health.calculations.accuracy.report import ranked
from health.calculations.accuracy.resampling import Cases
from health.calculations.accuracy.values import values_report
from health.calculations.conformal import Ranges
from tests.health.docs import number, tables_of

MARK = "example accuracy "
TABLES = {
    mark.removeprefix(MARK): rows
    for mark, rows in tables_of("forecasts.md").items()
    if mark.startswith(MARK)
}


def test_no_example_is_left_out() -> None:
    assert set(TABLES) == {"customers", "found", "values", "worth"}


def test_six_customers_of_a_day() -> None:
    rows = TABLES["customers"]
    score, mrr = (
        np.array([number(row[name]) for row in rows])
        for name in ("score", "revenue a month")
    )
    left = np.array([row["leaves"] == "yes" for row in rows])
    cases = Cases(np.arange(len(rows)), np.zeros(len(rows), dtype=int), left, mrr)
    found = ranked(cases, -score, calls=2, seed=1, resamples=10)
    [row] = TABLES["found"]
    shown = [found.auc, found.precision, found.recall, found.revenue]
    for cell, one in zip(row.values(), shown, strict=True):
        assert one
        assert one.value == pytest.approx(number(cell))


def test_four_customers_of_last_year() -> None:
    rows = TABLES["values"]
    expected, low, high, came = (
        np.array([number(row[name]) for row in rows])
        for name in ("expected", "P10", "P90", "came in")
    )
    found = values_report(
        expected,
        Ranges(low, expected, high),
        came,
        np.zeros(len(rows), dtype=int),
        came == 0,
        resamples=10,
    )
    assert found
    assert found.ratio
    [row] = TABLES["worth"]
    assert 100 * found.ratio.value == number(row["of 100 expected came in"])
    assert found.median_error == pytest.approx(number(row["half within"]))
    assert found.held == number(row["ranges that held"])
