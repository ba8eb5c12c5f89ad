"""Columns of parts over time."""

import pytest

from common.charts import Part, layers
from common.charts.layers import ticks_up_to

PARTS = [Part("bad", "Bad"), Part("good", "Good")]


def draw(columns: list[list[float]], days: list[tuple[int, str]]) -> str:
    return layers(columns, PARTS, days=days, width=300, height=200, write=str)


def test_parts_stand_on_each_other() -> None:
    drawn = draw([[1, 3], [0, 4]], [(0, "1 May"), (1, "2 May")])
    # Two for the legend; what is nothing is not drawn.
    assert drawn.count("<rect") == 5
    assert drawn.count('class="part bad"') == 2
    # The first part stands on the ground (178) and takes a quarter, the second the rest.
    heights = [piece.split('"')[0] for piece in drawn.split(' height="')[4:]]
    assert heights == ["38", "114", "152"]
    assert drawn.count(">1 May<") == drawn.count(">2 May<") == 1


def test_the_ends_stay_inside() -> None:
    drawn = draw([[1, 1]] * 30, [(0, "a"), (15, "b"), (29, "c")])
    anchors = [piece.split(">")[0] for piece in drawn.split("<text")[-3:]]
    assert ["anchor" in anchor for anchor in anchors] == [False, True, True]
    assert 'x="300" y="194" text-anchor="end">c' in drawn
    alone = draw([[1, 1]], [(0, "a")])
    assert 'text-anchor="middle">a' in alone


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (7, [0, 2, 4, 6, 8]),
        (100, [0, 25, 50, 75, 100]),
        (101, [0, 50, 100, 150]),
        (1_000_000, [0, 250_000, 500_000, 750_000, 1_000_000]),
    ],
)
def test_ticks_are_round(most: float, ticks: list[float]) -> None:
    assert ticks_up_to(most) == ticks


def test_nothing_to_draw() -> None:
    assert draw([], []).count("<rect") == 2
