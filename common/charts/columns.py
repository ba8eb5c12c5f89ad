"""How many there are of each value of a scale, with brackets that name groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.charts.svg import scale, short, svg, text

TOP, AXIS, NAMES = 22, 20, 26
# The least height of a column that holds something, so that one of a thousand shows.
LEAST = 2


@dataclass(frozen=True)
class Bracket:
    """Some neighbouring columns, by the first and last index, and their name.

    `css` is one of low, middle and high: shades without a verdict.
    """

    first: int
    last: int
    name: str
    css: str


def columns(
    values: Sequence[float],
    *,
    labels: Sequence[str],
    brackets: Sequence[Bracket],
    width: int,
    height: int,
    write: Callable[[float], str],
) -> str:
    """This will draw a column per value, each with its number, and a line per bracket."""
    step = width / len(values)
    bottom = height - AXIS - NAMES
    up = scale(0, max(values) or 1, bottom, TOP)
    shades = {
        index: bracket.css
        for bracket in brackets
        for index in range(bracket.first, bracket.last + 1)
    }
    parts = []
    for index, value in enumerate(values):
        middle = (index + 0.5) * step
        top = min(up(value), bottom - LEAST) if value else bottom
        parts.append(
            f'<rect class="column c-{shades[index]}" x="{short(middle - step * 0.36)}"'
            f' y="{short(top)}" width="{short(step * 0.72)}"'
            f' height="{short(bottom - top)}" rx="2"/>'
        )
        parts.append(text(middle, top - 6, write(value), "val", "middle"))
        parts.append(text(middle, bottom + 15, labels[index], "tick", "middle"))
    parts += [_bracket(bracket, step, bottom + AXIS + 4) for bracket in brackets]
    return svg(width, height, parts)


def _bracket(bracket: Bracket, step: float, y: float) -> str:
    start, end = bracket.first * step + 3, (bracket.last + 1) * step - 3
    line = f'<line class="axis" x1="{short(start)}" x2="{short(end)}" y1="{short(y)}" y2="{short(y)}"/>'
    return line + text((start + end) / 2, y + 16, bracket.name, "note", "middle")
