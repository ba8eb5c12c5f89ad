"""How many on each of some days that follow each other."""

from collections.abc import Callable, Sequence

from common.charts.svg import scale, short, svg, text

TOP, BOTTOM = 20, 22
# The least height of a bar that holds something, so that one of a thousand shows.
LEAST = 2


def daybars(
    values: Sequence[int],
    *,
    days: Sequence[tuple[int, str]],
    width: int,
    height: int,
    write: Callable[[int], str],
) -> str:
    """This will draw a bar per day; the fullest one carries its number.

    `days` are (index, words) below the bars; the first and the last keep inside.
    """
    step, last = width / len(values), len(values) - 1
    ground, most = height - BOTTOM, max(values)
    up = scale(0, most or 1, ground, TOP)
    y, end = short(ground), short(width)
    parts = [f'<line class="axis" x1="0" x2="{end}" y1="{y}" y2="{y}"/>']
    for index, value in enumerate(values):
        if value:
            top = min(up(value), ground - LEAST)
            parts.append(
                f'<rect class="column c-high" x="{short((index + 0.12) * step)}"'
                f' y="{short(top)}" width="{short(step * 0.76)}"'
                f' height="{short(ground - top)}" rx="1.5"/>'
            )
    if most:
        index = values.index(most)
        place, anchor = _inside(index, last, step)
        parts.append(text(place, TOP - 6, write(most), "val", anchor))
    for index, words in days:
        place, anchor = _inside(index, last, step)
        parts.append(text(place, height - 6, words, "tick", anchor))
    return svg(width, height, parts)


def _inside(index: int, last: int, step: float) -> tuple[float, str]:
    """This will place words at a bar without letting them leave the chart."""
    if index <= last * 0.1:
        return index * step, "start"
    if index >= last * 0.9:
        return (index + 1) * step, "end"
    return (index + 0.5) * step, "middle"
