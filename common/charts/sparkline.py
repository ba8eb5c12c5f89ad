"""A trend small enough for every row of a list."""

import math
from collections.abc import Sequence
from html import escape

from common.charts.svg import path, runs, scale, short

PADDING = 3


def sparkline(
    values: Sequence[float],
    *,
    label: str,
    span: float = 36,
    width: int = 84,
    height: int = 30,
) -> str:
    """This will draw one series of about 300 bytes with its last known point marked.

    Every row shows at least `span` units, so that slopes compare between rows and noise
    does not look like a fall. NaN leaves a gap. The label is read to the blind, so it
    says the message: "Health over 90 days, from 70 to 46".
    """
    known = [value for value in values if not math.isnan(value)]
    head = (
        f'<svg class="spark" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-label="{escape(label)}">'
    )
    if not known:
        return f"{head}</svg>"
    middle = (max(known) + min(known)) / 2
    half = max(span, max(known) - min(known)) / 2
    across = scale(0, len(values) - 1, PADDING, width - PADDING)
    down = scale(middle + half, middle - half, PADDING, height - PADDING)
    pieces = [
        path([(across(index), down(values[index])) for index in run])
        for run in runs(values)
        if len(run) > 1
    ]
    last = max(index for index, value in enumerate(values) if not math.isnan(value))
    line = f'<path class="spark-line" d="{"".join(pieces)}"/>' if pieces else ""
    x, y = short(across(last)), short(down(values[last]))
    return f'{head}{line}<circle class="spark-dot" cx="{x}" cy="{y}" r="2.5"/></svg>'
