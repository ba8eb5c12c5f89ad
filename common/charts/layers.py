"""What a whole is made of, on some days that follow each other."""

import math
from collections.abc import Callable, Sequence

from common.charts.stacked import Part, legend
from common.charts.svg import Scale, scale, short, svg, text, text_width

BOTTOM, SIZE = 22, 12
# The share of its room that a column fills; the rest keeps it apart from its neighbours.
FILLED = 0.84
# A few columns stand together on the left: a whole without a history is no wall.
WIDEST = 60.0
STEPS = (1, 2, 2.5, 5, 10)
MOST_TICKS = 4


def layers(
    columns: Sequence[Sequence[float]],
    parts: Sequence[Part],
    *,
    days: Sequence[tuple[int, str]],
    width: int,
    height: int,
    write: Callable[[float], str],
) -> str:
    """This will draw a column per day, its parts on top of each other, the first below.

    `days` are (index, words) under the columns; what the colours mean stands above.
    """
    drawn, top = legend(parts, width)
    most = max((sum(column) for column in columns), default=0)
    ticks = ticks_up_to(most)
    left = max(text_width(write(tick), SIZE) for tick in ticks) + 8
    up = scale(0, ticks[-1], height - BOTTOM, top)
    step = min(WIDEST, (width - left) / max(1, len(columns)))
    for tick in ticks:
        y = short(up(tick))
        ends = f'x1="{short(left)}" x2="{short(width)}" y1="{y}" y2="{y}"'
        drawn.append(f'<line class="grid" {ends}/>')
        drawn.append(text(left - 6, up(tick) + 4, write(tick), "tick", "end"))
    for index, column in enumerate(columns):
        drawn += _column(column, parts, up, left + index * step, step)
    for index, words in days:
        place, anchor = _inside(index, len(columns) - 1, left, step)
        drawn.append(text(place, height - 6, words, "tick", anchor))
    return svg(width, height, drawn)


def ticks_up_to(most: float) -> list[float]:
    """This will return round numbers from 0 to the first at or above a number."""
    if most <= 0:
        return [0, 1]
    size = 10 ** math.floor(math.log10(most / MOST_TICKS))
    step = next(step * size for step in STEPS if step * size * MOST_TICKS >= most)
    # People and customers come whole.
    step = max(step, 1)
    return [step * index for index in range(math.ceil(most / step) + 1)]


def _column(
    column: Sequence[float], parts: Sequence[Part], up: Scale, x: float, step: float
) -> list[str]:
    drawn, done, room = [], 0.0, step * FILLED
    for part, value in zip(parts, column, strict=True):
        bottom, done = up(done), done + value
        if value:
            box = f'x="{short(x + (step - room) / 2)}" y="{short(up(done))}"'
            size = f'width="{short(room)}" height="{short(bottom - up(done))}"'
            drawn.append(f'<rect class="part {part.css}" {box} {size}/>')
    return drawn


def _inside(index: int, last: int, left: float, step: float) -> tuple[float, str]:
    """This will place words under a column without letting them leave the chart."""
    if index <= last * 0.1 and last:
        return left + index * step, "start"
    if index >= last * 0.9 and last:
        return left + (index + 1) * step, "end"
    return left + (index + 0.5) * step, "middle"
