"""One push to the left or to the right of a line, small enough for a row."""

from common.charts.svg import short, svg

HEIGHT, BAR = 16, 12


def leaning(
    value: float, *, limit: float, width: int = 180, up_is_good: bool = True
) -> str:
    """This will draw a bar from the middle: to the right if it is above 0.

    All rows that are compared take one `limit`, the longest bar's size. The number stands
    beside it, so the picture is decoration to a screen reader.
    """
    middle = width / 2
    size = min(1.0, abs(value) / limit) * (middle - 1) if limit else 0.0
    start = middle if value >= 0 else middle - size
    css = "good" if (value >= 0) == up_is_good else "bad"
    parts = [
        (
            f'<rect class="{css}" x="{short(start)}" y="{(HEIGHT - BAR) // 2}"'
            f' width="{short(size)}" height="{BAR}" rx="2"/>'
        )
    ]
    x = short(middle)
    parts.append(f'<line class="axis" x1="{x}" x2="{x}" y1="0" y2="{HEIGHT}"/>')
    return svg(width, HEIGHT, parts, "chart leaning")
