"""Estimates with their ranges under each other, on one scale, beside a line to beat."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.charts.svg import Scale, scale, short, svg, text, text_width

LABEL, VALUE, ROW, STACKED, TOP, BOTTOM = 190, 84, 34, 48, 24, 22
BAR = 8
# Below this width names stand above their bars.
NARROW = 400


@dataclass(frozen=True)
class Ranged:
    """One estimate: its name, value and ends, and how it is written; css as its colour."""

    name: str
    value: float
    low: float
    high: float
    words: str
    css: str = ""


def ranges(
    drawn: Sequence[Ranged],
    *,
    ticks: Sequence[float],
    write: Callable[[float], str],
    line: float,
    line_words: str,
    width: int,
) -> str:
    """This will draw a bar for each range with a dot for its estimate.

    The first and last tick are the ends of the scale, what lies beyond is cut there;
    `line` is what one ought to be better than.
    """
    stacked = width < NARROW
    left, row = (8, STACKED) if stacked else (LABEL, ROW)
    right = width - (8 if stacked else VALUE)
    across = scale(ticks[0], ticks[-1], left, right)
    ground = TOP + row * len(drawn)
    parts = [_tick(tick, across, ground, write) for tick in ticks]
    parts.append(_line(across(line), ground, line_words, width))
    for place, one in enumerate(drawn):
        parts += _row(one, across, TOP + row * place, (ticks[0], ticks[-1]), width)
    return svg(width, ground + BOTTOM, parts)


def _tick(
    tick: float, across: Scale, ground: float, write: Callable[[float], str]
) -> str:
    x = short(across(tick))
    return (
        f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP}" y2="{short(ground)}"/>'
        + text(across(tick), ground + 16, write(tick), "tick", "middle")
    )


def _line(x: float, ground: float, words: str, width: int) -> str:
    half = text_width(words, 12) / 2
    at = min(max(x, half), width - half)
    return (
        f'<line class="beat" x1="{short(x)}" x2="{short(x)}" y1="{TOP - 6}"'
        f' y2="{short(ground)}"/>' + text(at, TOP - 10, words, "tick", "middle")
    )


def _row(
    one: Ranged, across: Scale, top: float, ends: tuple[float, float], width: int
) -> list[str]:
    stacked = width < NARROW
    middle = top + (34 if stacked else ROW / 2)
    start, end, at = (
        across(min(max(ends[0], part), ends[1]))
        for part in (one.low, one.high, one.value)
    )
    named = (0, top + 17) if stacked else (0, middle + 4)
    css = f" {one.css}" if one.css else ""
    return [
        text(*named, one.name, "lab halo"),
        text(width, named[1], one.words, "val", "end"),
        (
            f'<rect class="span{css}" x="{short(start)}" y="{short(middle - BAR / 2)}"'
            f' width="{short(max(2, end - start))}" height="{BAR}" rx="4"/>'
        ),
        f'<circle class="dot{css}" cx="{short(at)}" cy="{short(middle)}" r="5"/>',
    ]
