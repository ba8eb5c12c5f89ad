"""A line over time: zones named in words, a few marked events, a confidence band."""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.charts.labels import Labels, Place
from common.charts.svg import Point, Scale, path, runs, scale, short, svg, text

LEFT, RIGHT, TOP, BOTTOM = 34, 10, 12, 24


@dataclass(frozen=True)
class Zone:
    """A named stretch of the scale; tone is crit, warn or ok."""

    low: float
    high: float
    tone: str
    name: str


@dataclass(frozen=True)
class Mark:
    """An event on the line, at the index of its value; without words it is a dot alone."""

    index: int
    words: str


def trend(
    values: Sequence[float],
    *,
    days: Sequence[tuple[int, str]],
    width: int,
    height: int,
    ticks: Sequence[float],
    write: Callable[[float], str],
    zones: Sequence[Zone] = (),
    marks: Sequence[Mark] = (),
    band: tuple[Sequence[float], Sequence[float]] | None = None,
) -> str:
    """This will draw a line chart; the first and last tick are the ends of its scale.

    `days` are (index, words) below the line, `band` its lower and upper ends. NaN breaks
    the line and dots bridge the gap, because a guess must not look like a measurement. A
    value between two gaps is a dot, its range a stroke.
    """
    across = scale(0, max(1, len(values) - 1), LEFT, width - RIGHT)
    down = scale(ticks[0], ticks[-1], height - BOTTOM, TOP)
    points = [(across(index), down(value)) for index, value in enumerate(values)]
    labels = Labels([point for point in points if not math.isnan(point[1])], width)
    parts = [_zone(zone, ticks, down, width) for zone in zones]
    for tick in ticks:
        y = short(down(tick))
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{width - RIGHT}" y1="{y}" y2="{y}"/>'
        )
        parts.append(text(LEFT - 6, down(tick) + 4, write(tick), "tick", "end"))
    if band:
        parts += _band(band, across, down)
    parts += _line(values, points)
    parts += _marks(marks, points, labels)
    # Zones are named last, in the corner that the line and the marks leave free.
    parts += [_zone_name(zone, ticks, down, width, labels) for zone in zones]
    last = len(values) - 1
    for index, words in days:
        anchor = "start" if index == 0 else "end" if index == last else "middle"
        parts.append(text(across(index), height - 6, words, "tick", anchor))
    return svg(width, height, parts)


def _zone_ends(zone: Zone, ticks: Sequence[float], down: Scale) -> tuple[float, float]:
    return down(min(zone.high, ticks[-1])), down(max(zone.low, ticks[0]))


def _zone(zone: Zone, ticks: Sequence[float], down: Scale, width: int) -> str:
    top, bottom = _zone_ends(zone, ticks, down)
    return (
        f'<rect class="zone z-{zone.tone}" x="{LEFT}" y="{short(top)}"'
        f' width="{width - LEFT - RIGHT}" height="{short(bottom - top)}"/>'
    )


def _zone_name(
    zone: Zone, ticks: Sequence[float], down: Scale, width: int, labels: Labels
) -> str:
    top, bottom = _zone_ends(zone, ticks, down)
    corners = [
        Place(x, y, anchor)
        for x, anchor in ((LEFT + 6, "start"), (width - RIGHT - 6, "end"))
        for y in (top + 16, bottom - 7)
    ]
    return labels.write(zone.name, corners, "tick")


def _band(
    band: tuple[Sequence[float], Sequence[float]], across: Scale, down: Scale
) -> list[str]:
    lows, highs = band
    parts = []
    for run in runs(highs):
        if len(run) == 1:
            x, low, high = across(run[0]), down(lows[run[0]]), down(highs[run[0]])
            ends = (
                f'x1="{short(x)}" x2="{short(x)}" y1="{short(low)}" y2="{short(high)}"'
            )
            parts.append(f'<line class="alone" {ends}/>')
            continue
        upper = [(across(index), down(highs[index])) for index in run]
        lower = [(across(index), down(lows[index])) for index in reversed(run)]
        parts.append(f'<path class="band" d="{path(upper + lower)}Z"/>')
    return parts


def _line(values: Sequence[float], points: Sequence[Point]) -> list[str]:
    stretches = [[points[index] for index in run] for run in runs(values)]
    parts = [
        f'<path class="gap" d="{path([before[-1], after[0]])}"/>'
        for before, after in itertools.pairwise(stretches)
    ]
    parts += [_stretch(stretch) for stretch in stretches]
    if stretches:
        x, y = stretches[-1][-1]
        parts.append(f'<circle class="dot" cx="{short(x)}" cy="{short(y)}" r="4"/>')
    return parts


def _stretch(points: Sequence[Point]) -> str:
    """This will draw a piece of the line, which may be no more than a dot."""
    if len(points) > 1:
        return f'<path class="line" d="{path(points)}"/>'
    x, y = points[0]
    return f'<circle class="dot" cx="{short(x)}" cy="{short(y)}" r="3"/>'


def _marks(marks: Sequence[Mark], points: Sequence[Point], labels: Labels) -> list[str]:
    parts = []
    for mark in marks:
        x, y = points[mark.index]
        if math.isnan(y):
            continue
        places = [
            Place(x + side, y + lift, anchor)
            for side, anchor in ((0, "middle"), (4, "start"), (-4, "end"))
            for lift in (-10, 19)
        ]
        parts.append(f'<circle class="mark" cx="{short(x)}" cy="{short(y)}" r="3.5"/>')
        if mark.words:
            parts.append(labels.write(mark.words, places, "note"))
    return parts
