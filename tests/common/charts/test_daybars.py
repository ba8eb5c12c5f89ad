"""Bars of days: in the box, the fullest with its number, and words escaped."""

from xml.etree import ElementTree

from common.charts import daybars


def draw(values: list[int], **options: object) -> ElementTree.Element:
    given = {
        "days": [(0, "1 May"), (len(values) - 1, "<b>")],
        "width": 300,
        "height": 120,
        "write": str,
    }
    svg = daybars(values, **{**given, **options})  # type: ignore[arg-type]
    # Ours and generated a line before; nothing foreign is parsed.
    return ElementTree.fromstring(svg)  # noqa: S314


def bars(svg: ElementTree.Element) -> list[tuple[float, float]]:
    """This will give top and height of each bar."""
    return [
        (float(bar.attrib["y"]), float(bar.attrib["height"]))
        for bar in svg.iter("rect")
    ]


def test_a_bar_per_day_that_holds_something() -> None:
    svg = draw([0, 5, 10, 0, 1000])
    assert len(bars(svg)) == 3
    assert all(top >= 20 for top, _height in bars(svg))
    assert {top + height for top, height in bars(svg)} == {98}
    # One of a thousand is still seen.
    assert bars(svg)[0][1] == 2
    assert bars(svg)[2] == (20, 78)


def test_words_stay_inside_and_are_escaped() -> None:
    svg = draw([3, 1, 2] * 10, days=[(0, "1 May"), (15, "16 May"), (29, "<b>")])
    places = {
        node.text: node.attrib.get("text-anchor", "start") for node in svg.iter("text")
    }
    assert places == {"3": "start", "1 May": "start", "16 May": "middle", "<b>": "end"}


def test_days_without_anything_are_a_plain_line() -> None:
    svg = draw([0] * 30)
    assert bars(svg) == []
    assert [node.text for node in svg.iter("text")] == ["1 May", "<b>"]
