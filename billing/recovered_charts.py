"""The pictures of what came back: month by month, by reason, and how soon."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.calculations.dunning.duration import Day, median, paid_by
from billing.calculations.rates import Rate
from billing.recovered_lines import Line, range_words
from common.charts import Figure, Mark, Ranged, ranges, trend
from common.templatetags import ui

WIDE, NARROW, HEIGHT = 920, 300, 230
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
NAN = float("nan")
# What comes after so many days is told by the table alone.
DAYS = 45
MONTH = 30


def cohorts_figure(lines: Sequence[Line], *, subtitle: str) -> Figure | None:
    """This will draw the share of the money that came back, by the month it failed in."""
    rates = [None if line.few else line.money for line in lines]
    if sum(rate is not None for rate in rates) < 2:
        return None

    def draw(width: int, shown: int) -> str:
        return trend(
            [rate.share if rate else NAN for rate in rates],
            days=_months(lines, shown),
            width=width,
            height=HEIGHT,
            ticks=SHARES,
            write=ui.percent,
            band=(
                [_end(rate, "low") for rate in rates],
                [_end(rate, "high") for rate in rates],
            ),
        )

    known = [(line, rate) for line, rate in zip(lines, rates, strict=True) if rate]
    worst, least = min(known, key=lambda pair: pair[1].share)
    return Figure(
        headline=_("Of what failed in %(month)s the least came back: %(share)s")
        % {"month": worst.name, "share": ui.percent(least.share)},
        subtitle=subtitle,
        wide=draw(WIDE, 6),
        narrow=draw(NARROW, 2),
        columns=[_("Failed in"), _("Payments"), _("Came back"), _("Range")],
        rows=[
            (line.name, ui.number(line.group.counted), line.share, line.range or "–")
            for line in reversed(lines)
        ],
    )


def _end(rate: Rate | None, name: str) -> float:
    """Where there is an estimate and no range, the range is the estimate."""
    if rate is None:
        return NAN
    end: float | None = getattr(rate, name)
    return rate.share if end is None else end


def _months(lines: Sequence[Line], shown: int) -> list[tuple[int, str]]:
    last, steps = len(lines) - 1, min(shown, len(lines))
    places = {round(index * last / max(1, steps - 1)) for index in range(steps)}
    return [(place, ui.month_short(lines[place].group.key)) for place in sorted(places)]


def reasons_figure(
    lines: Sequence[Line], whole: Rate | None, *, subtitle: str
) -> Figure | None:
    """This will draw how many payments came back for each reason, beside all of them."""
    rated = [(line, line.rate) for line in lines if not line.few]
    told = [(line, rate) for line, rate in rated if rate is not None]
    if whole is None or len(told) < 2:
        return None
    told.sort(key=lambda pair: pair[1].share)
    drawn = [
        Ranged(
            line.name,
            rate.share,
            _end(rate, "low"),
            _end(rate, "high"),
            ui.percent(rate.share),
            "crit" if _end(rate, "high") < whole.share else "",
        )
        for line, rate in told
    ]

    def draw(width: int) -> str:
        return ranges(
            drawn,
            ticks=SHARES,
            write=ui.percent,
            line=whole.share,
            line_words=_("all"),
            width=width,
        )

    worst, rate = told[0]
    return Figure(
        headline=_("“%(reason)s” comes back least often: %(share)s of the payments")
        % {"reason": worst.name, "share": ui.percent(rate.share)},
        subtitle=subtitle,
        wide=draw(WIDE),
        narrow=draw(NARROW),
        columns=[_("Why it failed"), _("Payments"), _("Came back"), _("Range")],
        rows=[
            (
                line.name,
                ui.number(line.group.counted),
                ui.percent(rate.share),
                range_words(rate) or "–",
            )
            for line, rate in told
        ],
    )


def time_figure(days: Sequence[Day], *, cases: int) -> Figure | None:
    """This will draw the share that had come back after so many days, with its range."""
    if not days:
        return None
    shown = min(DAYS, max(MONTH, days[-1].day))
    found = [paid_by(days, day) for day in range(shown + 1)]

    def draw(width: int, steps: Sequence[int]) -> str:
        return trend(
            [1 - one.unpaid if one else 0.0 for one in found],
            days=[(day, ui.number(day)) for day in steps],
            width=width,
            height=HEIGHT,
            ticks=SHARES,
            write=ui.percent,
            marks=_half(days, shown),
            band=(
                [1 - one.high if one else 0.0 for one in found],
                [1 - one.low if one else 0.0 for one in found],
            ),
        )

    weekly = [*range(0, shown, 7), shown] if shown % 7 else list(range(0, shown + 1, 7))
    return Figure(
        headline=_time_headline(days),
        subtitle=ngettext(
            "Share of %(n)s payment that had come back so many days after it failed, with"
            " its range; who has not paid yet counts as long as it has been",
            "Share of %(n)s payments that had come back so many days after they failed,"
            " with its range; who has not paid yet counts as long as it has been",
            cases,
        )
        % {"n": ui.number(cases)},
        wide=draw(WIDE, [day for day in weekly if day == shown or shown - day > 2]),
        narrow=draw(NARROW, [0, shown]),
        columns=[
            _("Day"),
            _("Still open before"),
            _("Paid that day"),
            _("Paid by then"),
        ],
        rows=[
            (
                ui.number(one.day),
                ui.number(one.at_risk),
                ui.number(one.paid),
                f"{ui.percent(1 - one.unpaid)} ({ui.percent_range(1 - one.high, 1 - one.low)})",
            )
            for one in days
        ],
    )


def _half(days: Sequence[Day], shown: int) -> list[Mark]:
    found = median(days).day
    return [Mark(found, _("half"))] if found is not None and found <= shown else []


def _time_headline(days: Sequence[Day]) -> str:
    half, month = median(days), paid_by(days, MONTH)
    if half.day is not None and half.low is not None and half.high is not None:
        words = ngettext(
            "Half of the payments are back after %(day)s day (range: %(low)s – %(high)s)",
            "Half of the payments are back after %(day)s days (range: %(low)s – %(high)s)",
            half.day,
        )
        told = {"day": half.day, "low": half.low, "high": half.high}
        return words % {name: ui.number(value) for name, value in told.items()}
    if half.day is not None:
        words = ngettext(
            "Half of the payments are back after %(day)s day",
            "Half of the payments are back after %(day)s days",
            half.day,
        )
        return words % {"day": ui.number(half.day)}
    share = 1 - month.unpaid if month else 0.0
    return _("Less than half comes back: %(share)s within 30 days") % {
        "share": ui.percent(share)
    }
