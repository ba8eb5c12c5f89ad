"""A push in a row, and a mark without words."""

import pytest

from common.charts import Mark, leaning, trend
from tests.common.charts.test_charts import parse


@pytest.mark.parametrize(
    ("value", "x", "width", "css"),
    [
        (5, "50", "24.5", "bad"),
        (-10, "1", "49", "good"),
        (0, "50", "0", "bad"),
        (40, "50", "49", "bad"),
    ],
)
def test_a_push_leans_to_its_side(value: float, x: str, width: str, css: str) -> None:
    rect, axis = parse(leaning(value, limit=10, width=100, up_is_good=False))
    assert (rect.attrib["x"], rect.attrib["width"], rect.attrib["class"]) == (
        x,
        width,
        css,
    )
    assert axis.attrib["x1"] == "50"


def test_without_any_push_nothing_leans() -> None:
    rect, _axis = parse(leaning(0, limit=0))
    assert (rect.attrib["width"], rect.attrib["class"]) == ("0", "good")


def test_a_mark_without_words_is_a_dot_alone() -> None:
    svg = trend(
        [1, 2, 3],
        days=[],
        width=300,
        height=200,
        ticks=[0, 4],
        write=str,
        marks=[Mark(0, "Renewal"), Mark(1, "")],
    )
    assert svg.count('class="mark"') == 2
    assert [node.text for node in parse(svg).iter("text")] == ["0", "4", "Renewal"]
