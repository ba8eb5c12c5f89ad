"""One estimate with its range, on a scale that starts at nothing unless it is said."""

from common.charts.svg import scale, short, svg

HEIGHT = 14
MIDDLE = HEIGHT / 2


def interval_bar(
    value: float,
    low: float,
    high: float,
    *,
    limit: float = 1,
    first: float = 0,
    width: int = 180,
) -> str:
    """This will draw the range as a bar and the estimate as a dot on it.

    The scale goes from `first` to `limit`; what lies beyond is cut there. The numbers stand in words beside it, so the
    picture is decoration to a screen reader.
    """
    across = scale(first, limit, 5, width - 5)
    start, end, at = (
        across(min(max(first, part), limit)) for part in (low, high, value)
    )
    return svg(
        width,
        HEIGHT,
        [
            f'<rect class="track" x="0" y="{short(MIDDLE - 3)}" width="{width}" height="6" rx="3"/>',
            (
                f'<rect class="span" x="{short(start)}" y="{short(MIDDLE - 3)}"'
                f' width="{short(max(2, end - start))}" height="6" rx="3"/>'
            ),
            f'<circle class="dot" cx="{short(at)}" cy="{short(MIDDLE)}" r="5"/>',
        ],
        "chart interval",
    )
