"""Forecast against what happened."""

import re

import pytest

from common.charts import Held, calibration
from common.charts.calibration import scale_of

GROUPS = [Held(0.05, 0.1, 0.02, 0.2), Held(0.2, 0.15, 0.1, 0.25)]


def drawn(groups: list[Held]) -> str:
    return calibration(
        groups,
        write=lambda share: f"{share:.0%}",
        names=("forecast", "really", "right"),
        width=440,
        height=330,
    )


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0.03, [0, 0.01, 0.02, 0.03]),
        (0.25, [0, 0.05, 0.1, 0.15, 0.2, 0.25]),
        (0.26, [0, 0.1, 0.2, 0.3]),
        (1.3, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    ],
)
def test_the_scale_holds_all_whiskers(most: float, ticks: list[float]) -> None:
    assert scale_of([Held(0.01, 0.01, 0.0, most)]) == ticks


def test_nothing_has_a_scale_too() -> None:
    assert scale_of([]) == [0, 0.02, 0.04, 0.06, 0.08, 0.1]
    assert "<circle" not in drawn([])


def test_points_have_whiskers_around_a_diagonal() -> None:
    """Up, 290 to 26 stands for 0 to 0.25: 0.1 lies at 184.4, 0.2 at 78.8."""
    svg = drawn(GROUPS)
    assert len(re.findall('class="dot"', svg)) == 2
    [first, _] = re.findall(r'class="err" [^>]*y1="([\d.]+)" y2="([\d.]+)"', svg)
    assert first == ("268.9", "78.8")
    assert re.search(r'class="dot" cx="[\d.]+" cy="184.4"', svg)
    assert svg.count('class="beat"') == 1
    for words in ("forecast", "really", "right", "25%"):
        assert f">{words}<" in svg
