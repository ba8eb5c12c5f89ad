"""Lines beside each other: what is drawn, and the scale they share."""

import re
from math import nan

import pytest

from common.charts import Line, lines
from common.charts.lines import ticks_around


def drawn(*beside: Line, **more: bool) -> str:
    return lines(
        beside,
        days=[(0, "first"), (1, "middle"), (2, "last")],
        width=300,
        height=200,
        write=lambda value: f"{value:g}",
        **more,
    )


def test_two_lines_share_a_scale_and_are_named() -> None:
    svg = drawn(Line("Today", [0, 5, 10], "was"), Line("Then", [20, 20, 20]))
    assert re.findall(r'class="(line|was)"', svg) == ["was", "line", "was", "line"]
    assert re.findall(r">([A-Z]\w+)<", svg) == ["Today", "Then"]
    ticks = re.findall(r'<text class="tick"[^>]*text-anchor="end">(\d+)<', svg)
    assert ticks == ["0", "5", "10", "15", "20"]
    assert re.findall(r">(first|middle|last)<", svg) == ["first", "middle", "last"]


def test_one_line_needs_no_name_and_gaps_stay_gaps() -> None:
    svg = drawn(Line("Alone", [4, nan, 6]), ground=False)
    assert "Alone" not in svg
    assert svg.count('class="dot"') == 2
    assert 'class="line"' not in svg


def test_nothing_draws_its_scale_only() -> None:
    assert 'class="line"' not in drawn()


@pytest.mark.parametrize(
    ("values", "ground", "ticks"),
    [
        ([3, 19], True, [0, 5, 10, 15, 20]),
        ([76.5, 82.4], False, [76, 78, 80, 82, 84]),
        ([-3, 5], True, [-4, -2, 0, 2, 4, 6]),
        ([0, 0], True, [0, 0.25, 0.5, 0.75, 1]),
        ([], True, [0, 0.25, 0.5, 0.75, 1]),
        ([80, 80], False, [70, 75, 80, 85, 90]),
        ([0], False, [-1, -0.5, 0, 0.5, 1]),
    ],
)
def test_ticks_are_round_and_around(
    values: list[float],
    *,
    ground: bool,
    ticks: list[float],
) -> None:
    assert ticks_around(values, ground=ground) == pytest.approx(ticks)
