"""Invented content for the page that shows every component."""

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common import formats
from common.charts import (
    Contribution,
    Figure,
    Held,
    Mark,
    Ranged,
    Zone,
    calibration,
    contributions,
    interval_bar,
    ranges,
    trend,
)

FALLING = [71, 72, 70, 71, 69, 70, 68, 66, 67, 64, 58, 52, 46]
WITH_GAP = [62, 64, 63, math.nan, math.nan, 66, 69, 70, 72, 71, 73, 74, 76]
PUSHES = [14, 9, 7, 5, -6, -4]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name")
    segment = forms.ChoiceField(
        label="Segment", choices=[("mid", "Mid-market"), ("ent", "Enterprise")]
    )
    note = forms.CharField(
        label="Note",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everybody who sees the customer can read it.",
    )
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("call", "Call"), ("mail", "Email")],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(
        label="The renewal is agreed", help_text="Ask for it in writing first."
    )


def styleguide_content() -> dict[str, Any]:
    """This will return all the invented rows, forms and figures of the page."""
    today = timezone.localdate()
    broken = SampleForm({"name": "", "segment": "mid", "kind": "call"}, prefix="broken")
    broken.is_valid()
    return {
        "nothing": None,
        "today": today,
        "now": timezone.now(),
        "soon": today + dt.timedelta(days=24),
        "late": today - dt.timedelta(days=1),
        "past": today - dt.timedelta(days=41),
        "amounts": [Decimal(18240), Decimal("12.5"), Decimal(1_216_800)],
        "probability": {"value": 0.38, "low": 0.29, "high": 0.47},
        "interval": interval_bar(0.38, 0.29, 0.47),
        "bands": [1, 2, 3, 0],
        "falling": FALLING,
        "with_gap": WITH_GAP,
        "no_values": [math.nan],
        "form": SampleForm(initial={"name": "Brightwater Logistics", "kind": "call"}),
        "broken_form": broken,
        "health": health_figure(FALLING),
        "gap": health_figure(WITH_GAP, marks=()),
        "pushes": pushes_figure(),
        "ranges": ranges_figure(),
        "calibration": calibration_figure(),
        "nps": band_figure(),
        "schemes": ["light", "dark"],
    }


def _write(value: float) -> str:
    return formats.number(value, translation.get_language() or "en")


def _signed(value: float) -> str:
    return formats.signed(value, translation.get_language() or "en")


def health_figure(
    values: Sequence[float],
    marks: tuple[Mark, ...] = (Mark(8, "Admin left"), Mark(11, "NPS 4")),
) -> Figure:
    """This will draw a score over a quarter with its bands."""
    zones = [
        Zone(0, 50, "crit", _("At risk")),
        Zone(50, 70, "warn", _("Watch")),
        Zone(70, 100, "ok", _("Healthy")),
    ]
    days = [(0, "31 Aug"), (4, "28 Sep"), (8, "26 Oct"), (12, "23 Nov")]

    def draw(width: int, height: int, shown: list[tuple[int, str]]) -> str:
        return trend(
            values,
            days=shown,
            width=width,
            height=height,
            ticks=[30, 50, 70, 90],
            write=_write,
            zones=zones,
            marks=marks,
        )

    return Figure(
        value=_write(values[-1]),
        tone="crit" if values[-1] < 50 else "ok",
        headline="Health fell 18 points in 30 days"
        if marks
        else "Two weeks are missing",
        subtitle="Score from 0 to 100, last 90 days",
        wide=draw(430, 210, days),
        narrow=draw(290, 190, [days[0], days[-1]]),
        columns=["Week", "Health"],
        rows=[
            (str(index + 1), "–" if math.isnan(value) else _write(value))
            for index, value in enumerate(values)
        ],
    )


def pushes_figure() -> Figure:
    """This will draw what pushes a probability up and down."""
    labels = [
        "Administrator left",
        "Renewal in 24 days",
        "Low NPS answer",
        "Fewer exports run than in the same month a year ago",
        "Long customer history",
        "Invoices paid on time",
    ]
    items = [Contribution(*pair) for pair in zip(labels, PUSHES, strict=True)]

    def draw(width: int, *, stacked: bool) -> str:
        return contributions(
            items, width=width, write=_signed, up_is_good=False, stacked=stacked
        )

    return Figure(
        value=formats.percent(0.38, translation.get_language() or "en"),
        tone="crit",
        headline="May leave within 90 days",
        subtitle="Of 100 customers like this one, 29 to 47 left. What pushes it, in points:",
        wide=draw(430, stacked=False),
        narrow=draw(290, stacked=True),
        columns=["Reason", "Points"],
        rows=[(item.label, _signed(item.value)) for item in items],
    )


def band_figure() -> Figure:
    """This will draw a line with its confidence band."""
    values = [18, 21, 19, 24, 22, 27, 29, 26, 31, 30, 33, 34]
    lows = [value - 17 + index * 0.4 for index, value in enumerate(values)]
    highs = [value + 18 - index * 0.4 for index, value in enumerate(values)]
    quarters = [(0, "Q1 24"), (4, "Q1 25"), (11, "Q4 26")]

    def draw(width: int, height: int) -> str:
        return trend(
            values,
            days=quarters,
            width=width,
            height=height,
            ticks=[0, 20, 40, 60],
            write=_signed,
            band=(lows, highs),
        )

    return Figure(
        headline="NPS is +34, and has risen for two years",
        subtitle="By quarter, with the 95% range; last quarter 128 answers",
        wide=draw(430, 210),
        narrow=draw(290, 180),
        columns=["Quarter", "NPS", "95% range"],
        rows=[
            (
                str(index + 1),
                _signed(value),
                f"{_signed(lows[index])} … {_signed(highs[index])}",
            )
            for index, value in enumerate(values)
        ],
    )


def ranges_figure() -> Figure:
    """This will draw two estimates beside a line to beat."""
    drawn = [
        Ranged("Forecast", 0.81, 0.74, 0.87, "81"),
        Ranged("Highest revenue first", 0.48, 0.41, 0.55, "48", "muted"),
    ]

    def draw(width: int, ticks: Sequence[float]) -> str:
        return ranges(
            drawn,
            ticks=ticks,
            write=lambda share: _write(round(share * 100)),
            line=0.5,
            line_words="guessing",
            width=width,
        )

    return Figure(
        headline="Ranges beside a line to beat",
        subtitle="What holds the line is drawn without colour",
        wide=draw(520, (0.3, 0.5, 0.7, 0.9)),
        narrow=draw(300, (0.3, 0.6, 0.9)),
        columns=["Order", "Right of 100", "Range"],
        rows=[
            [one.name, one.words, f"{one.low:.0%} – {one.high:.0%}"] for one in drawn
        ],
    )


def calibration_figure() -> Figure:
    """This will draw four groups around the diagonal."""
    groups = [
        Held(0.02, 0.03, 0.01, 0.06),
        Held(0.06, 0.05, 0.02, 0.1),
        Held(0.11, 0.13, 0.08, 0.2),
        Held(0.24, 0.27, 0.19, 0.36),
    ]

    def draw(width: int) -> str:
        return calibration(
            groups,
            write=lambda share: _write(round(share * 100)),
            names=("forecast, of 100", "really, of 100", "right"),
            width=width,
            height=300,
        )

    return Figure(
        headline="Forecast against what happened",
        subtitle="On the dashed line the forecast was right; whiskers are ranges",
        wide=draw(440),
        narrow=draw(290),
        columns=["Forecast", "Really", "Range"],
        rows=[
            [
                f"{one.forecast:.0%}",
                f"{one.share:.0%}",
                f"{one.low:.0%} – {one.high:.0%}",
            ]
            for one in groups
        ],
    )
