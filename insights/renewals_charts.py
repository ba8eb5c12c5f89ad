"""The pictures of renewals: what is due and expected, and what was and came."""

import datetime as dt
import math
from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.calculations.renewals_forecast import Z80, Outlook
from common.charts import Figure, Period, outlook
from common.formats import month_short, month_year
from common.templatetags import ui
from insights.selectors.renewals_record import PastMonth

WIDE, NARROW = 760, 300
HIGH, LOW = 230, 200
SHOWN_NARROW = 4


def months_figure(
    months: Sequence[tuple[dt.date, Outlook]], *, currency: str
) -> Figure | None:
    """This will draw what the next months' renewals bring; None where nothing is due."""
    if not any(one.due for _month, one in months):
        return None
    periods = [
        Period(_month(day), one.due, one.won, one.expected, one.low, one.high)
        for day, one in months
    ]
    due = math.fsum(one.due for _day, one in months)
    expected = math.fsum(one.expected or 0.0 for _day, one in months)
    words = {
        "expected": ui.money_short(expected, currency),
        "due": ui.money_short(due, currency),
    }
    return Figure(
        headline=_("%(expected)s of %(due)s are expected to renew") % words,
        subtitle=_(
            "By month. Frame: due; filled: renewed already; line: expected, with the"
            " range that holds in 8 of 10 cases"
        ),
        wide=_picture(periods, WIDE, HIGH, currency),
        narrow=_picture(periods[:SHOWN_NARROW], NARROW, LOW, currency),
        columns=[
            _("Month"), _("Renewals"), _("Due"), _("Renewed"), _("Expected"), _("Range"),
        ],
        rows=[_month_row(day, one, currency) for day, one in months],
    )  # fmt: skip


def _month_row(day: dt.date, one: Outlook, currency: str) -> tuple[str, ...]:
    return (
        _month(day, long=True),
        ui.number(one.count),
        ui.money(one.due, currency),
        ui.money(one.won, currency),
        ui.money(one.expected, currency),
        range_words(one.low, one.high, currency),
    )


def past_figure(months: Sequence[PastMonth], *, currency: str) -> Figure | None:
    """This will draw what was forecast 90 days before and what came; None without any."""
    if not months:
        return None
    periods = [
        Period(_month(one.month), one.due, one.kept, one.forecast, *past_range(one))
        for one in months
    ]
    forecast = math.fsum(one.forecast for one in months)
    kept = math.fsum(one.kept for one in months)
    words = {
        "kept": ui.money_short(kept, currency),
        "forecast": ui.money_short(forecast, currency),
    }
    return Figure(
        headline=_("%(kept)s a month renewed, %(forecast)s were forecast") % words,
        subtitle=_(
            "By month of the renewal. Frame: due; filled: what renewed; line: forecast 90"
            " days before, with its range"
        ),
        wide=_picture(periods, WIDE, HIGH, currency),
        narrow=_picture(periods[-SHOWN_NARROW:], NARROW, LOW, currency),
        columns=[
            _("Month"), _("Renewals"), _("Due"), _("Forecast"), _("Range"), _("Renewed"),
        ],
        rows=[
            (
                _month(one.month, long=True),
                ui.number(one.count),
                ui.money(one.due, currency),
                ui.money(one.forecast, currency),
                range_words(*past_range(one), currency),
                ui.money(one.kept, currency),
            )
            for one in months
        ],
    )  # fmt: skip


def past_range(one: PastMonth) -> tuple[float, float]:
    """This will return the range that the forecast of a past month had."""
    spread = Z80 * math.sqrt(max(one.variance, 0.0))
    return max(0.0, one.forecast - spread), min(one.due, one.forecast + spread)


def range_words(
    low: float | None, high: float | None, currency: str, *, brief: bool = False
) -> str:
    """This will write a range of amounts."""
    if low is None or high is None:
        return ui.NOTHING
    write = ui.money_short if brief else ui.money
    words = {"low": write(low, currency), "high": write(high, currency)}
    return _("%(low)s to %(high)s") % words


def _picture(periods: Sequence[Period], width: int, height: int, currency: str) -> str:
    return outlook(
        periods,
        width=width,
        height=height,
        write=lambda value: ui.money_short(value, currency),
    )


def _month(day: dt.date, *, long: bool = False) -> str:
    language = get_language() or "en"
    return month_year(day, language) if long else month_short(day, language)
