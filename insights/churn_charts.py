"""The pictures of churn: month by month, and how the values of a dimension compare."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from billing.selectors.revenue_rows import MonthRow
from common.charts import Figure, Line, Ranged, lines, ranges
from common.charts.lines import ticks_around
from common.templatetags import ui
from insights.churn_lines import ChurnLine, Lost, lost_of

WIDE, NARROW, HEIGHT = 920, 300, 230
DRAWN = 8
NAN = float("nan")


def churn_figure(months: Sequence[MonthRow], *, subtitle: str) -> Figure | None:
    """This will draw the share of customers and of revenue lost in each month."""
    found = [(row, lost_of([row], 1)) for row in months]
    customers = [lost.customers_rate for _row, lost in found]
    money = [lost.revenue_rate for _row, lost in found]
    if not any(customers) and not any(money):
        return None

    def draw(width: int, shown: int) -> str:
        return lines(
            [
                Line(_("Customers"), [r.share if r else NAN for r in customers]),
                Line(_("Revenue"), [r.share if r else NAN for r in money], "was"),
            ],
            days=_names(months, shown),
            width=width,
            height=HEIGHT,
            write=lambda share: ui.percent(share, 1),
        )

    return Figure(
        headline=_headline(found),
        subtitle=subtitle,
        wide=draw(WIDE, 4),
        narrow=draw(NARROW, 2),
        columns=[_("Month"), _("Customers lost"), _("Revenue lost")],
        rows=[
            (ui.month_year(row.month), _customers(lost), _rate(lost.revenue_rate))
            for row, lost in reversed(found)
        ],
    )


def _headline(found: Sequence[tuple[MonthRow, Lost]]) -> str:
    rated = [(row, one) for row, one in found if one.customers_rate]
    if not rated:
        return _("Too few customers for a share of them")
    row, worst = max(rated, key=lambda pair: pair[1].customers_rate.share)  # type: ignore[union-attr]
    assert worst.customers_rate is not None  # noqa: S101 - sorted by it
    return _("%(month)s was the worst month: %(share)s of customers left") % {
        "month": ui.month_year(row.month),
        "share": ui.percent(worst.customers_rate.share, 1),
    }


def _customers(lost: Lost) -> str:
    rate = lost.customers_rate
    told = {"lost": ui.number(lost.customers), "of": ui.number(lost.opening)}
    counted = _("%(lost)s of %(of)s") % told
    if rate is None or rate.low is None:
        return counted
    return f"{counted} ({ui.percent(rate.low, 1)} – {ui.percent(rate.high, 1)})"


def _rate(rate: object) -> str:
    return ui.percent(getattr(rate, "share", None), 1)


def _names(months: Sequence[MonthRow], shown: int) -> list[tuple[int, str]]:
    last = len(months) - 1
    steps = min(shown, len(months))
    places = {round(index * last / max(1, steps - 1)) for index in range(steps)}
    return [(place, ui.month_short(months[place].month)) for place in sorted(places)]


def groups_figure(
    found: Sequence[ChurnLine], whole: Lost, *, headline: str, subtitle: str
) -> Figure | None:
    """This will draw how many customers each value loses a month, beside all customers."""
    rated = [
        (line, line.lost.customers_rate)
        for line in found
        if line.lost.customers_rate is not None
        and line.lost.customers_rate.low is not None
    ][:DRAWN]
    if whole.customers_rate is None or len(rated) < 2:
        return None
    most = max(rate.high or rate.share for _line, rate in rated)
    ticks = ticks_around([0.0, most])
    drawn = [
        Ranged(
            line.name,
            rate.share,
            rate.low or 0.0,
            rate.high or rate.share,
            ui.percent(rate.share, 1),
            "crit" if (rate.low or 0.0) > whole.customers_rate.share else "",
        )
        for line, rate in sorted(rated, key=lambda pair: -pair[1].share)
    ]

    def draw(width: int) -> str:
        return ranges(
            drawn,
            ticks=ticks,
            write=lambda share: ui.percent(share, 1),
            line=whole.customers_rate.share if whole.customers_rate else 0.0,
            line_words=_("all"),
            width=width,
        )

    return Figure(
        headline=headline,
        subtitle=subtitle,
        wide=draw(WIDE),
        narrow=draw(NARROW),
        columns=[_("Group"), _("Lost a month"), _("From"), _("To")],
        rows=[
            (one.name, one.words, ui.percent(one.low, 1), ui.percent(one.high, 1))
            for one in drawn
        ],
    )
