"""What flowed in and out from month to month, and above it what stood at the end of each.

Two panels with a scale each share the months: the total is often a hundred times what
moves, and one scale would flatten either.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.charts.lines import ticks_around
from common.charts.stacked import Part, legend
from common.charts.svg import Scale, path, scale, short, svg, text, text_width

UPPER, BETWEEN, BOTTOM, SIZE = 78, 22, 22, 12
FILLED, WIDEST = 0.72, 80.0
Write = Callable[[float], str]


@dataclass(frozen=True)
class Flow:
    """A month: what came (from zero up), what went (from zero down), the total then."""

    came: Sequence[float]
    went: Sequence[float]
    closing: float


def flows(
    months: Sequence[Flow],
    parts: Sequence[Part],
    *,
    total: str,
    names: Sequence[tuple[int, str]],
    width: int,
    height: int,
    write: Write,
) -> str:
    """This will draw the two panels; `parts` name what came and then what went.

    `went` is below zero. `names` are (index, words) under the months; `total` says what
    the line above is.
    """
    drawn, top = legend(parts, width)
    highest = [sum(month.came) for month in months]
    lowest = [sum(month.went) for month in months]
    below = ticks_around([*highest, *lowest])
    above = ticks_around([month.closing for month in months], ground=False)
    left = max(text_width(write(tick), SIZE) for tick in (*below, *above)) + 8
    step = min(WIDEST, (width - left) / max(1, len(months)))
    drawn.append(text(left, top + 8, total, "tick"))
    line = scale(above[0], above[-1], top + 18 + UPPER, top + 18)
    flow = scale(below[0], below[-1], height - BOTTOM, top + 18 + UPPER + BETWEEN)
    drawn += _grid((above[0], above[-1]), line, left, width, write)
    drawn += _grid(below, flow, left, width, write)
    drawn += _closing(months, line, left, step)
    for index, month in enumerate(months):
        drawn += _column(month, parts, flow, left + index * step, step)
    zero = short(flow(0))
    drawn.append(
        f'<line class="axis" x1="{short(left)}" x2="{width}" y1="{zero}" y2="{zero}"/>'
    )
    for index, words in names:
        # The last name ends with its column: no name leaves the chart.
        ends = index == len(months) - 1 and index > 0
        at = left + (index + 1) * step if ends else left + index * step
        drawn.append(text(at, height - 6, words, "tick", "end" if ends else "start"))
    return svg(width, height, drawn)


def _grid(
    ticks: Sequence[float], up: Scale, left: float, width: int, write: Write
) -> list[str]:
    drawn = []
    for tick in ticks:
        y = short(up(tick))
        ends = f'x1="{short(left)}" x2="{width}" y1="{y}" y2="{y}"'
        drawn.append(f'<line class="grid" {ends}/>')
        drawn.append(text(left - 6, up(tick) + 4, write(tick), "tick", "end"))
    return drawn


def _closing(months: Sequence[Flow], up: Scale, left: float, step: float) -> list[str]:
    points = [
        (left + (index + 0.5) * step, up(month.closing))
        for index, month in enumerate(months)
    ]
    x, y = points[-1]
    dot = f'<circle class="dot" cx="{short(x)}" cy="{short(y)}" r="3.5"/>'
    return [f'<path class="line" d="{path(points)}"/>', dot]


def _column(
    month: Flow, parts: Sequence[Part], up: Scale, x: float, step: float
) -> list[str]:
    drawn, room = [], step * FILLED
    css = [part.css for part in parts]
    for values, names in (
        (month.came, css[: len(month.came)]),
        (month.went, css[len(month.came) :]),
    ):
        done = 0.0
        for name, value in zip(names, values, strict=True):
            one, other = sorted((up(done), up(done + value)))
            done += value
            if value:
                box = f'x="{short(x + (step - room) / 2)}" y="{short(one)}"'
                size = f'width="{short(room)}" height="{short(other - one)}"'
                drawn.append(f'<rect class="part {name}" {box} {size}/>')
    return drawn
