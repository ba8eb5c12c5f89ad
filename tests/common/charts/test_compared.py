"""Two distributions over the same steps: one scale, and nothing outside the box."""

from xml.etree import ElementTree

from common.charts import compared


def draw(before: list[float], after: list[float]) -> ElementTree.Element:
    svg = compared(
        before,
        after,
        names=("In use", "<Draft>"),
        ticks=[(0, "0"), (2, "50"), (4, "100")],
        width=402,
        height=190,
    )
    # Ours and generated a line before; nothing foreign is parsed.
    return ElementTree.fromstring(svg)  # noqa: S314


def test_bars_and_line_share_a_scale() -> None:
    svg = draw([0, 10, 0, 5], [5, 0, 0, 1000])
    bars = [bar for bar in svg.iter("rect") if bar.attrib["height"] != "12"]
    # From the ground at 168 up to 28: 1000 fills it, one of two hundred is still seen.
    places = [(bar.attrib["x"], bar.attrib["y"], bar.attrib["height"]) for bar in bars]
    assert places == [("2", "166", "2"), ("302", "28", "140")]
    line = next(svg.iter("path")).attrib["d"]
    assert line.startswith("M1 168L1 168L101 168L101 166.6L201 166.6L201 168")
    assert line.endswith("L301 167.3L401 167.3L401 168")


def test_the_legend_and_the_ticks_are_words() -> None:
    svg = draw([0, 0, 0, 0], [0, 0, 0, 0])
    words = {found.text: found.attrib.get("text-anchor") for found in svg.iter("text")}
    assert words == {
        "0": None,
        "50": "middle",
        "100": "end",
        "In use": None,
        "<Draft>": None,
    }
