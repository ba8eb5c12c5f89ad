"""What is due in each period, what of it is sure, what is expected, and how sure that is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.charts.svg import Scale, scale, short, svg, text

TOP, BOTTOM, SIDE = 24, 24, 2


@dataclass(frozen=True)
class Period:
    """A period: all that is due, the sure part, the expected total and its range.

    `expected` and its ends are None where nothing is foreseen.
    """

    name: str
    due: float
    sure: float
    expected: float | None = None
    low: float | None = None
    high: float | None = None


def outlook(
    periods: Sequence[Period],
    *,
    width: int,
    height: int,
    write: Callable[[float], str],
) -> str:
    """This will draw a frame per period for what is due, filled as far as it is sure,

    a line across at what is expected, and a bar for the range of that.
    """
    step, ground = (width - 2 * SIDE) / len(periods), height - BOTTOM
    most = max((max(one.due, one.sure) for one in periods), default=0.0)
    up = scale(0, most or 1, ground, TOP)
    parts = []
    for place, one in enumerate(periods):
        left = SIDE + place * step
        parts += _period(one, left, step, up, ground, write)
    y = short(ground)
    parts.append(f'<line class="axis" x1="0" x2="{width}" y1="{y}" y2="{y}"/>')
    return svg(width, height, parts)


def _period(
    one: Period,
    left: float,
    step: float,
    up: Scale,
    ground: float,
    write: Callable[[float], str],
) -> list[str]:
    wide, middle = step * 0.62, left + step / 2
    start = middle - wide / 2
    parts = [_bar("due", start, wide, up(one.due), ground)] if one.due else []
    if one.sure:
        parts.append(_bar("sure", start, wide, up(one.sure), ground))
    if one.expected is not None and one.low is not None and one.high is not None:
        parts.append(
            f'<rect class="span" x="{short(middle - 4)}" y="{short(up(one.high))}"'
            f' width="8" height="{short(max(up(one.low) - up(one.high), 1))}" rx="2"/>'
        )
        y = short(up(one.expected))
        parts.append(
            f'<line class="mark" x1="{short(start)}" x2="{short(start + wide)}"'
            f' y1="{y}" y2="{y}"/>'
        )
    if one.due:
        parts.append(text(middle, up(one.due) - 7, write(one.due), "val", "middle"))
    parts.append(text(middle, ground + 16, one.name, "tick", "middle"))
    return parts


def _bar(css: str, x: float, wide: float, top: float, ground: float) -> str:
    return (
        f'<rect class="{css}" x="{short(x)}" y="{short(top)}" width="{short(wide)}"'
        f' height="{short(max(ground - top, 1))}" rx="2"/>'
    )
