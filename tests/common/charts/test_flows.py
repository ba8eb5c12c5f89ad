"""What flowed in and out month by month, below the total."""

import re

from common.charts import Flow, Part, flows

PARTS = [Part("m-new", "New"), Part("m-gone", "Churn")]
MONTHS = [
    Flow([100], [-50], 1000),
    Flow([0], [-100], 900),
    Flow([50], [0], 950),
]


def draw(months: list[Flow], names: list[tuple[int, str]]) -> str:
    return flows(
        months, PARTS, total="Total", names=names, width=300, height=300, write=str
    )


def test_what_came_stands_above_what_went() -> None:
    drawn = draw(MONTHS, [(0, "Jan"), (2, "Mar")])
    boxes = re.findall(r'class="part (\S+)" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', drawn)  # fmt: skip
    legend, boxes = boxes[:2], boxes[2:]
    assert [name for name, _y, _height in legend] == ["m-new", "m-gone"]
    assert [name for name, _y, _height in boxes] == ["m-new", "m-gone", "m-gone", "m-new"]  # fmt: skip
    zero = float(re.findall(r'class="axis"[^>]* y1="([\d.]+)"', drawn)[0])
    tops = [float(y) for _name, y, _height in boxes]
    heights = [float(height) for _name, _y, height in boxes]
    assert [round(y + h, 1) == zero for y, h in zip(tops, heights, strict=True)] == [
        True, False, False, True,
    ]  # fmt: skip
    assert tops[1] == tops[2] == zero
    # A hundred is twice as high as fifty, up or down.
    assert heights[0] == heights[2]
    assert abs(heights[0] - 2 * heights[1]) < 0.2


def test_the_total_runs_above_on_its_own_scale() -> None:
    drawn = draw(MONTHS, [(0, "Jan")])
    [line] = re.findall(r'class="line" d="M([^"]+)"', drawn)
    heights = [float(point.split()[1]) for point in line.split("L")]
    assert heights[0] < heights[2] < heights[1]
    assert ">Total<" in drawn


def test_the_last_name_ends_inside() -> None:
    drawn = draw(MONTHS, [(0, "Jan"), (2, "Mar")])
    assert 'text-anchor="end">Mar<' in drawn
    assert 'text-anchor="end">Jan<' not in drawn
    alone = draw(MONTHS[:1], [(0, "Jan")])
    assert 'text-anchor="end">Jan<' not in alone
