"""Charts drawn on the server: plain SVG text, no script, colours only from CSS classes.

A chart never stands alone: `Figure` gives it a headline that says the message, a subtitle
that says what is measured, and a real table (templates/common/figure.html).
"""

from common.charts.columns import Bracket, columns
from common.charts.compared import compared
from common.charts.contributions import Contribution, contributions
from common.charts.daybars import daybars
from common.charts.figure import Figure
from common.charts.interval import interval_bar
from common.charts.layers import layers
from common.charts.sparkline import sparkline
from common.charts.stacked import Part, Stack, stacked
from common.charts.trend import Mark, Zone, trend

__all__ = [
    "Bracket",
    "Contribution",
    "Figure",
    "Mark",
    "Part",
    "Stack",
    "Zone",
    "columns",
    "compared",
    "contributions",
    "daybars",
    "interval_bar",
    "layers",
    "sparkline",
    "stacked",
    "trend",
]
