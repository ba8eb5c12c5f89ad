"""Lines over time beside each other, told apart by how they are drawn and by words."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.charts.svg import (
    Point,
    Scale,
    path,
    runs,
    scale,
    short,
    svg,
    text,
    text_width,
)

RIGHT, TOP, BOTTOM, LEGEND, SIZE = 10, 12, 24, 10, 12
STEPS = (1, 2, 2.5, 5, 10)
MOST_TICKS = 4


@dataclass(frozen=True)
class Line:
    """A named line; css is how it is drawn: line (full) or was (dashed). NaN is a gap."""

    name: str
    values: Sequence[float]
    css: str = "line"


def lines(
    drawn: Sequence[Line],
    *,
    days: Sequence[tuple[int, str]],
    width: int,
    height: int,
    write: Callable[[float], str],
    ground: bool = True,
) -> str:
    """This will draw lines to one scale, which begins at 0 unless `ground` says otherwise.

    `days` are (index, words) below. What the lines are stands above them where there are
    several.
    """
    values = [v for line in drawn for v in line.values if not math.isnan(v)]
    ticks = ticks_around(values, ground=ground)
    left = max(text_width(write(tick), SIZE) for tick in ticks) + 8
    top = TOP + (LEGEND + 8 if len(drawn) > 1 else 0)
    longest = max((len(line.values) for line in drawn), default=0)
    across = scale(0, max(1, longest - 1), left, width - RIGHT)
    up = scale(ticks[0], ticks[-1], height - BOTTOM, top)
    parts = _legend(drawn) if len(drawn) > 1 else []
    for tick in ticks:
        y = short(up(tick))
        ends = f'x1="{short(left)}" x2="{width - RIGHT}" y1="{y}" y2="{y}"'
        parts.append(f'<line class="grid" {ends}/>')
        parts.append(text(left - 6, up(tick) + 4, write(tick), "tick", "end"))
    for line in drawn:
        parts += _line(line, across, up)
    for index, words in days:
        anchor = "start" if index == 0 else "end" if index == longest - 1 else "middle"
        parts.append(text(across(index), height - 6, words, "tick", anchor))
    return svg(width, height, parts)


def ticks_around(values: Sequence[float], *, ground: bool = True) -> list[float]:
    """This will return two to six round numbers around all values, with 0 if `ground`."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if ground:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:  # a line that does not move runs in the middle
        room = abs(high) / 10 or 1.0
        low, high = low if ground else low - room, high + room
    span = high - low
    size = 10 ** math.floor(math.log10(span / MOST_TICKS))
    step = next(step * size for step in STEPS if step * size * MOST_TICKS >= span)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [step * place for place in range(first, last + 1)]


def _line(line: Line, across: Scale, up: Scale) -> list[str]:
    parts = []
    for run in runs(line.values):
        points: list[Point] = [(across(place), up(line.values[place])) for place in run]
        if len(points) > 1:
            parts.append(f'<path class="{line.css}" d="{path(points)}"/>')
        else:
            [(x, y)] = points
            parts.append(f'<circle class="dot" cx="{short(x)}" cy="{short(y)}" r="3"/>')
    return parts


def _legend(drawn: Sequence[Line]) -> list[str]:
    parts, at = [], 0.0
    for line in drawn:
        ends = path([(at, LEGEND), (at + 18, LEGEND)])
        parts.append(f'<path class="{line.css}" d="{ends}"/>')
        parts.append(text(at + 24, LEGEND + 4, line.name, "tick"))
        at += 24 + text_width(line.name, SIZE) + 16
    return parts
