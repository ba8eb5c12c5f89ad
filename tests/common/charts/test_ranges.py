"""Estimates with their ranges, beside a line to beat."""

import re

from common.charts import Ranged, ranges

ROWS = [
    Ranged("Forecast", 0.8, 0.7, 0.9, "80"),
    Ranged("Revenue & <more>", 0.5, 0.1, 1.2, "50", "muted"),
]


def drawn(width: int) -> str:
    return ranges(
        ROWS,
        ticks=(0.4, 0.6, 0.8, 1.0),
        write=lambda share: f"{share:.0%}",
        line=0.5,
        line_words="guessing",
        width=width,
    )


def test_bars_lie_where_their_ranges_are() -> None:
    """From 190 to 596 for 0.4 to 1: 0.7 at 393, 0.9 at 528.3; 0.8 at 460.7."""
    svg = drawn(680)
    bars = re.findall(r'class="(span[^"]*)" x="([\d.]+)"[^>]*width="([\d.]+)"', svg)
    assert bars[0] == ("span", "393", "135.3")
    dots = re.findall(r'class="(dot[^"]*)" cx="([\d.]+)"', svg)
    assert dots[0] == ("dot", "460.7")
    # What lies beyond the scale is cut at its ends.
    assert bars[1] == ("span muted", "190", "406")
    assert 'class="beat" x1="257.7" x2="257.7"' in svg
    assert "Revenue &amp; &lt;more&gt;" in svg


def test_on_a_phone_names_stand_above() -> None:
    """The scale takes the whole width: from 8 to 292."""
    svg = drawn(300)
    assert '<rect class="span muted" x="8"' in svg
    ys = re.findall(r'<text class="lab halo" x="0" y="([\d.]+)"', svg)
    dots = re.findall(r'class="dot[^"]*" cx="[\d.]+" cy="([\d.]+)"', svg)
    assert all(float(dot) > float(y) for y, dot in zip(ys, dots, strict=True))
