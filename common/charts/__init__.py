"""Charts drawn on the server: plain SVG text, no script, colours only from CSS classes.

A chart never stands alone: `Figure` gives it a headline that says the message, a subtitle
that says what is measured, and a real table (templates/common/figure.html).
"""

from common.charts.calibration import Held, calibration
from common.charts.columns import Bracket, columns
from common.charts.compared import compared
from common.charts.contributions import Contribution, contributions
from common.charts.course import Lane, course
from common.charts.daybars import daybars
from common.charts.figure import Figure
from common.charts.flows import Flow, flows
from common.charts.interval import interval_bar
from common.charts.layers import layers
from common.charts.leaning import leaning
from common.charts.lines import Line, lines
from common.charts.outlook import Period, outlook
from common.charts.ranges import Ranged, ranges
from common.charts.sparkline import sparkline
from common.charts.stacked import Part, Stack, stacked
from common.charts.trend import Mark, Zone, trend

__all__ = [
    "Bracket",
    "Contribution",
    "Figure",
    "Flow",
    "Held",
    "Lane",
    "Line",
    "Mark",
    "Part",
    "Period",
    "Ranged",
    "Stack",
    "Zone",
    "calibration",
    "columns",
    "compared",
    "contributions",
    "course",
    "daybars",
    "flows",
    "interval_bar",
    "layers",
    "leaning",
    "lines",
    "outlook",
    "ranges",
    "sparkline",
    "stacked",
    "trend",
]
