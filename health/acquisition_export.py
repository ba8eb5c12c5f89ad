"""The groups of customers won as a table for spreadsheets."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from common.csvout import MARK, csv_lines
from health.acquisition_lines import Line

AMOUNTS = (
    "clv",
    "clv_low",
    "clv_high",
    "cac",
    "gain",
    "gain_low",
    "gain_high",
    "ratio",
    "payback",
    "most",
    "spent",
    "profit",
)


def acquisition_csv(lines: Sequence[Line], *, currency: str) -> Iterator[bytes]:
    """This will yield a header and a row per group; what nobody knows is empty."""
    header = [
        _("Group"),
        _("Customers"),
        _("CLV"),
        _("CLV P10"),
        _("CLV P90"),
        _("CAC"),
        _("Left of each"),
        _("Left of each P10"),
        _("Left of each P90"),
        _("CLV / CAC"),
        _("Months to pay back"),
        _("At most for one more"),
        _("Spent"),
        _("Left in all"),
        _("Verdict"),
        _("Currency"),
    ]
    yield MARK + csv_lines([header])
    for line in lines:
        amounts = (getattr(line, name) for name in AMOUNTS)
        figures = ["" if value is None else round(value, 2) for value in amounts]
        row = [line.name, line.customers, *figures, line.verdict.words, currency]
        yield csv_lines([row])
