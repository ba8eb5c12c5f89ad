"""How many there are of each value, before and after: bars, and a stepped line."""

from collections.abc import Sequence

from common.charts.svg import Point, path, scale, short, svg, text, text_width

TOP, BOTTOM, LEGEND = 28, 22, 10
# The least height of a bar that holds something, so that one of a thousand shows.
LEAST = 2


def compared(
    before: Sequence[float],
    after: Sequence[float],
    *,
    names: tuple[str, str],
    ticks: Sequence[tuple[int, str]],
    width: int,
    height: int,
) -> str:
    """This will draw a bar per value for `after` and a line around `before`.

    `names` says what line and bars stand for; `ticks` are (edge, words) along the axis,
    edge 0 being the left one of the first bar. Both are drawn to one scale.
    """
    step, ground = (width - 2) / len(after), height - BOTTOM
    up = scale(0, max(*before, *after) or 1, ground, TOP)
    parts = [
        (
            f'<rect class="span" x="{short(1 + index * step + 1)}"'
            f' y="{short(min(up(value), ground - LEAST))}" width="{short(step - 2)}"'
            f' height="{short(max(ground - up(value), LEAST))}"/>'
        )
        for index, value in enumerate(after)
        if value
    ]
    y = short(ground)
    parts.append(f'<line class="axis" x1="0" x2="{width}" y1="{y}" y2="{y}"/>')
    corners: list[Point] = [(1, ground)]
    for index, value in enumerate(before):
        corners += [(1 + (index + side) * step, up(value)) for side in (0, 1)]
    corners.append((width - 1, ground))
    parts.append(f'<path class="line" d="{path(corners)}"/>')
    for edge, words in ticks:
        anchor = "start" if edge == 0 else "end" if edge == len(after) else "middle"
        parts.append(text(1 + edge * step, height - 6, words, "tick", anchor))
    return svg(width, height, parts + _legend(names))


def _legend(names: tuple[str, str]) -> list[str]:
    line, bars = names
    start = 22 + text_width(line, 12) + 14
    return [
        f'<path class="line" d="{path([(0, LEGEND), (16, LEGEND)])}"/>',
        text(22, LEGEND + 4, line, "tick"),
        (
            f'<rect class="span" x="{short(start)}" y="{LEGEND - 6}" width="12"'
            ' height="12" rx="2"/>'
        ),
        text(start + 18, LEGEND + 4, bars, "tick"),
    ]
