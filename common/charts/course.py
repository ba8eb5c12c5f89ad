"""What is done on which day, in lanes: what was, what was left out, what is to come."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.charts.svg import scale, short, svg, text

LANE, TOP, BOTTOM, EDGE = 30, 24, 20, 9


@dataclass(frozen=True)
class Lane:
    """A kind of thing; its marks are (day, css), css one of done, failed, skipped, ahead."""

    name: str
    marks: Sequence[tuple[float, str]]


def course(
    lanes: Sequence[Lane],
    *,
    last: float,
    now: float | None,
    words: str,
    days: Sequence[tuple[float, str]],
    width: int,
    left: int,
) -> str:
    """This will draw a lane per kind from day 0 to the last one.

    `now` is marked by a line with its `words`, `days` are written below. What is to come
    is hollow, what was left out is dashed: nothing is told by colour alone.
    """
    height = TOP + LANE * len(lanes) + BOTTOM
    across = scale(0, last or 1, left + EDGE, width - EDGE)
    ground = height - BOTTOM
    parts = []
    for index, lane in enumerate(lanes):
        y = TOP + LANE * (index + 0.5)
        parts.append(
            f'<line class="grid" x1="{left}" x2="{width}" y1="{short(y)}" y2="{short(y)}"/>'
        )
        parts.append(text(0, y + 4, lane.name, "lab"))
    if now is not None:
        parts += _today(across(min(max(now, 0), last)), words, ground, width)
    for index, lane in enumerate(lanes):
        y = TOP + LANE * (index + 0.5)
        parts += [_mark(across(day), y, css) for day, css in lane.marks]
    for day, told in days:
        x = across(day)
        parts.append(text(x, height - 4, told, "tick", "middle"))
    return svg(width, height, parts)


def _today(x: float, words: str, ground: float, width: int) -> list[str]:
    anchor = "end" if x > width * 0.8 else "start"
    return [
        f'<line class="today" x1="{short(x)}" x2="{short(x)}" y1="{TOP - 6}" y2="{short(ground)}"/>',
        text(x, TOP - 11, words, "tick", anchor),
    ]


def _mark(x: float, y: float, css: str) -> str:
    at = f'cx="{short(x)}" cy="{short(y)}"'
    if css != "failed":
        return f'<circle class="step {css}" {at} r="6"/>'
    a, b, c, d = (short(value) for value in (x - 3, x + 3, y - 3, y + 3))
    return (
        f'<circle class="step failed" {at} r="7"/>'
        f'<path class="cross" d="M{a} {c}L{b} {d}M{a} {d}L{b} {c}"/>'
    )
