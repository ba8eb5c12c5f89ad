"""Columns with brackets, and intervals on a scale with two ends."""

from math import nan
from xml.etree import ElementTree

import pytest

from common.charts import Bracket, columns, interval_bar, trend
from tests.common.charts.test_charts import parse

BRACKETS = [Bracket(0, 1, "Low <b>", "low"), Bracket(2, 2, "High", "high")]


def drawn(values: list[int]) -> tuple[ElementTree.Element, str]:
    svg = columns(
        values, labels=["1", "2", "3"], brackets=BRACKETS, width=300, height=200,
        write=lambda value: f"n{value:.0f}",
    )  # fmt: skip
    return parse(svg), svg


def test_heights_share_one_scale_and_stand_on_one_line() -> None:
    rects = list(drawn([10, 5, 20])[0].iter("rect"))
    heights = [float(rect.attrib["height"]) for rect in rects]
    assert heights[0] / heights[2] == pytest.approx(0.5, abs=0.01)
    assert heights[1] / heights[2] == pytest.approx(0.25, abs=0.01)
    bottoms = {
        round(float(rect.attrib["y"]) + float(rect.attrib["height"])) for rect in rects
    }
    assert bottoms == {154}
    assert [rect.attrib["class"] for rect in rects] == [
        "column c-low", "column c-low", "column c-high",
    ]  # fmt: skip


def test_few_among_many_are_seen_and_none_is_not() -> None:
    rects = list(drawn([1, 0, 10_000])[0].iter("rect"))
    assert [rect.attrib["height"] for rect in rects[:2]] == ["2", "0"]


def test_nothing_at_all_is_drawn_flat() -> None:
    rects = list(drawn([0, 0, 0])[0].iter("rect"))
    assert {rect.attrib["height"] for rect in rects} == {"0"}


def test_numbers_labels_and_brackets_are_named() -> None:
    tree, svg = drawn([1, 2, 3])
    texts = [element.text for element in tree.iter("text")]
    assert texts == ["n1", "1", "n2", "2", "n3", "3", "Low <b>", "High"]
    assert "<b>" not in svg
    lines = [(line.attrib["x1"], line.attrib["x2"]) for line in tree.iter("line")]
    assert lines == [("3", "197"), ("203", "297")]


def test_an_interval_may_begin_below_nothing() -> None:
    svg = interval_bar(0, -50, 50, first=-100, limit=100, width=110)
    _, span, dot = parse(svg)
    assert (span.attrib["x"], span.attrib["width"], dot.attrib["cx"]) == (
        "30", "50", "55",
    )  # fmt: skip


def test_a_value_between_two_gaps_is_a_dot_with_its_range() -> None:
    svg = trend(
        [nan, 5, nan, 6, 7], days=[], width=144, height=136, ticks=[0, 10], write=str,
        band=([nan, 2, nan, 5, 6], [nan, 8, nan, 7, 8]),
    )  # fmt: skip
    tree = parse(svg)
    (alone,) = [line for line in tree.iter("line") if line.attrib["class"] == "alone"]
    assert [alone.attrib[name] for name in ("x1", "x2", "y1", "y2")] == [
        "59", "59", "92", "32",
    ]  # fmt: skip
    dots = [dot.attrib["cx"] for dot in tree.iter("circle")]
    assert dots == ["59", "134"]
    assert len([path for path in tree.iter("path") if path.attrib["class"] == "band"]) == 1  # fmt: skip
