"""Bars of parts."""

from common.charts import Part, Stack, stacked

PARTS = [Part("bad", "Bad"), Part("good", "Good")]


def test_parts_fill_their_share() -> None:
    drawn = stacked(
        [Stack("A", [3, 1], "4"), Stack("B", [0, 2], "2")], PARTS, width=300, names=100
    )
    # Two for the legend, two for A and one for B: what is nothing is not drawn.
    assert drawn.count("<rect") == 5
    assert drawn.count(">A<") == drawn.count(">4<") == 1


def test_names_are_escaped_and_cut() -> None:
    name = "<b>" + "long " * 30
    drawn = stacked([Stack(name, [1, 1], "2")], PARTS, width=300)
    assert "<b>" not in drawn
    assert "&lt;b&gt;long" in drawn
    assert "…" in drawn


def test_nothing_to_draw() -> None:
    assert stacked([], PARTS, width=300).count("<rect") == 2
    assert stacked([Stack("A", [0, 0], "0")], PARTS, width=300).count("<rect") == 2


def test_what_the_colours_mean_takes_the_lines_it_needs() -> None:
    parts = [Part("bad", "A long name"), Part("mid", "Another one")]
    wide = stacked([Stack("A", [1, 1], "2")], parts, width=600)
    thin = stacked([Stack("A", [1, 1], "2")], parts, width=120)
    assert (height(wide), height(thin)) == (80, 98)


def height(drawn: str) -> int:
    return int(drawn.split('height="')[1].split('"')[0])
