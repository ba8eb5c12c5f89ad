"""What lifts a number and what drags it, as bars to both sides of a line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.charts.svg import short, svg, text, text_width, wrap

TEXT_SIZE = 13
LINE = 16
BAR = 16
PADDING = 7
VALUE_GAP = 6


@dataclass(frozen=True)
class Contribution:
    """One reason in words and how much it moves the number."""

    label: str
    value: float


def contributions(
    items: Sequence[Contribution],
    *,
    width: int,
    write: Callable[[float], str],
    up_is_good: bool = True,
    stacked: bool = False,
) -> str:
    """This will draw one bar per item, in the order given, all to one scale.

    Pushes up lie to the right; whether that is good news decides the colour, and the
    written sign says it without colour. `stacked` puts the words above the bar, for
    narrow places. Long words wrap.
    """
    room = 2 * (max((text_width(write(i.value), 12) for i in items), default=0) + 8)
    label_width = 0 if stacked else width * 0.48
    half = (width - label_width - room) / 2
    zero = width - room / 2 - half
    limit = max((abs(item.value) for item in items), default=0) or 1
    parts, y = [], 2.0
    for item in items:
        lines = wrap(item.label, width if stacked else label_width - 12, TEXT_SIZE)
        words = len(lines) * LINE
        tall = words + BAR + 2 * PADDING if stacked else max(words, BAR) + 2 * PADDING
        middle = y + words + BAR / 2 + 2 if stacked else y + tall / 2
        first = y + 13 if stacked else middle - (words - LINE) / 2 + 4.5
        for index, line in enumerate(lines):
            parts.append(text(0, first + index * LINE, line, "lab"))
        parts += _bar(
            item.value, limit, zero, half, middle, write, up_is_good=up_is_good
        )
        # Beside the words the axis may run through; under them it would cross them out.
        reach = BAR / 2 + 3 if stacked else tall / 2
        parts.append(
            f'<line class="axis" x1="{short(zero)}" x2="{short(zero)}"'
            f' y1="{short(middle - reach)}" y2="{short(middle + reach)}"/>'
        )
        y += tall
    return svg(width, y + 2, parts)


def _bar(
    value: float,
    limit: float,
    zero: float,
    half: float,
    middle: float,
    write: Callable[[float], str],
    *,
    up_is_good: bool,
) -> list[str]:
    size = max(1.5, abs(value) / limit * half)
    up = value >= 0
    css = "good" if up == up_is_good else "bad"
    x = zero if up else zero - size
    end = zero + size + VALUE_GAP if up else zero - size - VALUE_GAP
    return [
        (
            f'<rect class="{css}" x="{short(x)}" y="{short(middle - BAR / 2)}"'
            f' width="{short(size)}" height="{BAR}" rx="2"/>'
        ),
        text(end, middle + 4, write(value), "val", "start" if up else "end"),
    ]
