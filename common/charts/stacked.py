"""Bars that are made of parts, the longest first: how many, and of what kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.charts.svg import LETTER, Scale, scale, short, svg, text, text_width

BAR, ROW, LEGEND, LINE, ABOVE = 18, 34, 26, 18, 20
SIZE = 13


@dataclass(frozen=True)
class Part:
    """A kind of part: its CSS class (bad, mid, good, none) and what it is called."""

    css: str
    name: str


@dataclass(frozen=True)
class Stack:
    """A named bar: a number for each part, and what stands at its end."""

    name: str
    values: Sequence[float]
    words: str


def stacked(
    stacks: Sequence[Stack], parts: Sequence[Part], *, width: int, names: int = 0
) -> str:
    """This will draw a bar per stack, and what the colours mean above them.

    `names` is the room for names on the left; 0 writes them above their bars.
    """
    room = max((text_width(stack.words, SIZE) for stack in stacks), default=0) + 10
    longest = max((sum(stack.values) for stack in stacks), default=0)
    across = scale(0, longest or 1, names, width - room)
    row = ROW if names else ROW + ABOVE
    drawn, below = legend(parts, width)
    for place, stack in enumerate(stacks):
        top = below + place * row + (0 if names else ABOVE)
        drawn.append(_name(stack, top, width, names))
        drawn += _bar(stack, parts, across, top)
    return svg(width, below + len(stacks) * row, drawn)


def legend(parts: Sequence[Part], width: int) -> tuple[list[str], float]:
    """This will write what the colours mean, and say how much height that takes."""
    drawn, x, y = [], 0.0, 0.0
    for part in parts:
        room = 15 + text_width(part.name, 12)
        if x and x + room > width:
            x, y = 0.0, y + LINE
        box = f'x="{short(x)}" y="{short(y + 2)}" width="10" height="10" rx="2"'
        drawn.append(f'<rect class="part {part.css}" {box}/>')
        drawn.append(text(x + 15, y + 11, part.name, "tick"))
        x += room + 10
    return drawn, y + LEGEND


def _name(stack: Stack, top: float, width: int, names: int) -> str:
    room = int(((names or width) - 10) / (SIZE * LETTER))
    shown = stack.name
    if len(shown) > room:
        shown = shown[: max(1, room - 1)].rstrip() + "…"
    return text(0, top + 14 if names else top - 6, shown, "lab")


def _bar(stack: Stack, parts: Sequence[Part], across: Scale, top: float) -> list[str]:
    drawn, done = [], 0.0
    for part, value in zip(parts, stack.values, strict=True):
        start, done = across(done), done + value
        if value:
            # A thin gap keeps neighbours apart for those who see no colours.
            room = max(1.0, across(done) - start - 1)
            box = f'x="{short(start)}" y="{short(top)}" width="{short(room)}"'
            drawn.append(f'<rect class="part {part.css}" {box} height="{BAR}"/>')
    drawn.append(text(across(done) + 6, top + 14, stack.words, "val"))
    return drawn
