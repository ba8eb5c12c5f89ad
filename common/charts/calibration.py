"""What was forecast against what happened: points with whiskers around a diagonal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.charts.svg import path, scale, short, svg, text, text_width

RIGHT, TOP, BOTTOM = 12, 26, 40
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
MOST_TICKS = 5


@dataclass(frozen=True)
class Held:
    """A group: its mean forecast, the share of it to which it happened, and the ends of
    the range of that share."""

    forecast: float
    share: float
    low: float
    high: float


def calibration(
    groups: Sequence[Held],
    *,
    write: Callable[[float], str],
    names: tuple[str, str, str],
    width: int,
    height: int,
) -> str:
    """This will draw the groups; on the diagonal forecasts are right.

    `names` are those of the axis across, of the axis up (at its top) and of the diagonal.
    """
    ticks = scale_of(groups)
    left = max(text_width(write(tick), 12) for tick in ticks) + 8
    across = scale(0, ticks[-1], left, width - RIGHT)
    up = scale(0, ticks[-1], height - BOTTOM, TOP)
    parts = []
    for tick in ticks:
        y = short(up(tick))
        parts.append(
            f'<line class="grid" x1="{short(left)}" x2="{width - RIGHT}" y1="{y}" y2="{y}"/>'
        )
        parts.append(text(left - 6, up(tick) + 4, write(tick), "tick", "end"))
        anchor = "end" if tick == ticks[-1] else "middle"
        parts.append(
            text(across(tick), height - BOTTOM + 16, write(tick), "tick", anchor)
        )
    ends = [(across(0), up(0)), (across(ticks[-1]), up(ticks[-1]))]
    parts.append(f'<path class="beat" d="{path(ends)}"/>')
    parts += [_held(one, across(one.forecast), up) for one in groups]
    parts.append(text(0, 12, names[1], "tick"))
    parts.append(text(width - RIGHT, height - 6, names[0], "tick", "end"))
    parts.append(
        text(across(ticks[-1]) - 4, up(ticks[-1]) - 6, names[2], "tick", "end")
    )
    return svg(width, height, parts)


def scale_of(groups: Sequence[Held]) -> list[float]:
    """This will return ticks from 0 to just above all that is drawn, at most 1."""
    most = min(1.0, max((max(one.forecast, one.high) for one in groups), default=0.1))
    step = next((one for one in STEPS if one * MOST_TICKS >= most), STEPS[-1])
    count = max(1, -int(-most / step // 1))
    return [round(step * place, 4) for place in range(count + 1)]


def _held(one: Held, x: float, up: Callable[[float], float]) -> str:
    at, low, high = (short(up(part)) for part in (one.share, one.low, one.high))
    return (
        f'<line class="err" x1="{short(x)}" x2="{short(x)}" y1="{low}" y2="{high}"/>'
        f'<circle class="dot" cx="{short(x)}" cy="{at}" r="5"/>'
    )
