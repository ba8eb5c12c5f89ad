"""The pictures of the portfolio over time."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from common.charts import Figure, Part, layers
from common.templatetags import ui
from health.enums import Band
from health.models import PortfolioDay

WIDE, NARROW = 520, 300
DAYS_SHOWN = 4
# From the ground up, worst first: what is at risk is read off the scale.
BANDS = (
    (Band.AT_RISK, "bad", "at_risk"),
    (Band.WATCH, "warn", "watch"),
    (Band.UNKNOWN, "none", "unknown"),
    (Band.HEALTHY, "good", "healthy"),
)
Write = Callable[[float], str]


def customers_figure(days: Sequence[PortfolioDay], *, subtitle: str) -> Figure:
    """This will draw how many customers were in each band."""
    first, last = days[0], days[-1]
    share = last.band_healthy / last.customers if last.customers else 0.0
    before = first.band_healthy / first.customers if first.customers else 0.0
    return _figure(
        days,
        field="band",
        write=ui.number,
        headline=_headline(_("of customers are healthy"), share, before, len(days)),
        value=ui.percent(share),
        subtitle=subtitle,
    )


def revenue_figure(
    days: Sequence[PortfolioDay], *, subtitle: str, currency: str
) -> Figure:
    """This will draw the monthly revenue of the customers in each band."""
    first, last = days[0], days[-1]
    share = float(last.mrr_at_risk / last.mrr) if last.mrr else 0.0
    before = float(first.mrr_at_risk / first.mrr) if first.mrr else 0.0

    def write(value: float) -> str:
        return ui.money_short(value, currency)

    return _figure(
        days,
        field="mrr",
        write=write,
        headline=_headline(_("of revenue is at risk"), share, before, len(days)),
        value=ui.percent(share),
        subtitle=subtitle,
    )


def _headline(words: str, share: float, before: float, days: int) -> str:
    points = round(share * 100) - round(before * 100)
    if days < 2 or not points:
        return words
    told = {"words": words, "share": ui.percent(before)}
    return _("%(words)s, %(share)s at the beginning") % told


def _figure(
    days: Sequence[PortfolioDay],
    *,
    field: str,
    write: Write,
    headline: str,
    value: str,
    subtitle: str,
) -> Figure:
    parts = [Part(css, str(band.label)) for band, css, _name in BANDS]
    columns = [
        [float(getattr(day, f"{field}_{name}")) for _band, _css, name in BANDS]
        for day in days
    ]

    def draw(width: int, height: int, shown: int) -> str:
        return layers(
            columns,
            parts,
            days=_names(days, shown),
            width=width,
            height=height,
            write=write,
        )

    return Figure(
        value=value,
        headline=headline,
        subtitle=subtitle,
        wide=draw(WIDE, 230, DAYS_SHOWN),
        narrow=draw(NARROW, 220, 2),
        columns=[_("Day"), *(part.name for part in parts)],
        rows=[
            (ui.day_long(day.as_of), *(write(value) for value in column))
            for day, column in zip(reversed(days), reversed(columns), strict=True)
        ],
    )


def _names(days: Sequence[PortfolioDay], shown: int) -> list[tuple[int, str]]:
    """This will name a few days below the columns, the first and the last always."""
    last = len(days) - 1
    steps = min(shown, len(days))
    places = {round(index * last / max(1, steps - 1)) for index in range(steps)}
    return [(place, ui.day(days[place].as_of)) for place in sorted(places)]
