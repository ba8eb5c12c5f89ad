"""What is due, what is sure and what is expected, as a picture."""

import re

from common.charts import Period, outlook


def drawn(*periods: Period) -> str:
    return outlook(periods, width=300, height=200, write=lambda value: f"{value:g}")


def rects(picture: str) -> list[tuple[str, float, float]]:
    found = re.findall(
        r'<rect class="(\w+)"[^>]* y="([\d.]+)"[^>]* height="([\d.]+)"', picture
    )
    return [(css, float(top), float(height)) for css, top, height in found]


def test_the_frame_is_what_is_due_and_the_filling_what_is_sure() -> None:
    (due, top, height), (sure, lower, half) = rects(drawn(Period("Jan", 100, 50)))
    assert (due, sure) == ("due", "sure")
    assert (top, height) == (24, 152)
    assert (lower, half) == (100, 76)


def test_what_is_expected_is_a_line_with_its_range() -> None:
    picture = drawn(Period("Jan", 100, 0, 75, 50, 100))
    assert [css for css, _top, _height in rects(picture)] == ["due", "span"]
    assert rects(picture)[1] == ("span", 24, 76)
    assert 'class="mark"' in picture
    assert 'y1="62" y2="62"' in picture


def test_nothing_due_and_nothing_foreseen_draw_nothing() -> None:
    picture = drawn(Period("Jan", 0, 0), Period("Feb", 10, 0))
    assert [css for css, _top, _height in rects(picture)] == ["due"]
    assert "mark" not in picture
    assert ">Jan<" in picture
    assert ">10<" in picture
