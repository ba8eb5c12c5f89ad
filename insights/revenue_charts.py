"""The pictures of revenue: what moved by month, what came in against what leaked."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from billing.enums import MovementKind
from billing.selectors.revenue_rows import MonthRow
from common.charts import Figure, Flow, Part, Stack, flows, stacked
from common.templatetags import ui
from insights.revenue_lines import Sums
from insights.revenue_words import COMING, GOING, KINDS, signed_money

WIDE, NARROW, HEIGHT = 920, 300, 330
NAMED = 6
CSS = {
    MovementKind.NEW: "m-new",
    MovementKind.REACTIVATION: "m-back",
    MovementKind.EXPANSION: "m-more",
    MovementKind.CONTRACTION: "m-less",
    MovementKind.CHURN: "m-gone",
}
PARTS = (*COMING, *GOING)


def movements_figure(
    months: Sequence[MonthRow], *, currency: str, subtitle: str
) -> Figure:
    """This will draw what moved month by month, and what stood at each month's end."""

    def write(value: float) -> str:
        return ui.money_short(value, currency)

    def draw(width: int, names: int) -> str:
        return flows(
            [_flow(row) for row in months],
            [Part(CSS[kind], str(kind.label)) for kind in PARTS],
            total=_("Monthly revenue at the end of each month"),
            names=_names(months, names),
            width=width,
            height=HEIGHT,
            write=write,
        )

    return Figure(
        value=ui.money_short(months[-1].closing, currency),
        headline=_headline(months, currency),
        subtitle=subtitle,
        wide=draw(WIDE, NAMED),
        narrow=draw(NARROW, 2),
        columns=[
            _("Month"),
            *(str(kind.label) for kind in PARTS),
            _("At the end"),
        ],
        rows=[
            (
                ui.month_year(row.month),
                *(ui.money(getattr(row, KINDS[kind]), currency) for kind in PARTS),
                ui.money(row.closing, currency),
            )
            for row in reversed(months)
        ],
    )


def _headline(months: Sequence[MonthRow], currency: str) -> str:
    grown = months[-1].closing - months[0].opening
    told = {
        "amount": ui.money(abs(grown), currency),
        "month": ui.month_year(months[0].month),
    }
    if grown > 0:
        return _("a month, %(amount)s more than before %(month)s") % told
    if grown < 0:
        return _("a month, %(amount)s less than before %(month)s") % told
    return _("a month, as much as before %(month)s") % told


def _flow(row: MonthRow) -> Flow:
    return Flow(
        [float(getattr(row, KINDS[kind])) for kind in COMING],
        [float(getattr(row, KINDS[kind])) for kind in GOING],
        float(row.closing),
    )


def _names(months: Sequence[MonthRow], shown: int) -> list[tuple[int, str]]:
    """This will name a few months below, the first and the last always."""
    last = len(months) - 1
    steps = min(shown, len(months))
    places = {round(index * last / max(1, steps - 1)) for index in range(steps)}
    return [(place, ui.month_short(months[place].month)) for place in sorted(places)]


def bucket_figure(sums: Sums, *, currency: str, subtitle: str) -> Figure:
    """This will set what came in against what leaked."""
    stacks = [
        Stack(
            _("Came in"),
            _amounts(sums, COMING, (0,) * len(GOING)),
            _worth(sums.came, currency),
        ),
        Stack(
            _("Leaked"),
            _amounts(sums, GOING, (), before=len(COMING)),
            _worth(-sums.leaked, currency),
        ),
    ]
    parts = [Part(CSS[kind], str(kind.label)) for kind in PARTS]
    return Figure(
        headline=_bucket_headline(sums),
        subtitle=subtitle,
        wide=stacked(stacks, parts, width=WIDE, names=90),
        narrow=stacked(stacks, parts, width=NARROW),
        columns=[_("Movement"), _("Amount")],
        rows=[
            (str(kind.label), signed_money(sums.amounts[KINDS[kind]], currency))
            for kind in PARTS
        ],
    )


def _amounts(
    sums: Sums,
    kinds: Sequence[MovementKind],
    after: Sequence[int],
    *,
    before: int = 0,
) -> list[float]:
    values = [abs(float(sums.amounts[KINDS[kind]])) for kind in kinds]
    return [*([0.0] * before), *values, *map(float, after)]


def _worth(amount: object, currency: str) -> str:
    return ui.money_short(amount, currency)  # type: ignore[arg-type]


def _bucket_headline(sums: Sums) -> str:
    if sums.quick is None:
        return (
            _("Nothing leaked") if sums.came else _("Nothing came in, nothing leaked")
        )
    share = -float(sums.leaked) / float(sums.came) if sums.came else None
    if share is None:
        return _("Nothing came in to make up for what leaked")
    return _("Of each 100 that came in, %(leaked)s leaked out") % {
        "leaked": ui.number(round(share * 100))
    }
