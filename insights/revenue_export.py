"""Months, lines of the ledger and cohorts as tables for spreadsheets."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from billing.enums import MovementKind
from billing.models import Movement
from billing.selectors.revenue_rows import MonthRow
from common.csvout import MARK, csv_lines
from insights.cohort_lines import CohortLine
from insights.revenue_words import KINDS

AT_ONCE = 1000


def months_csv(rows: Iterable[MonthRow], *, currency: str) -> Iterator[bytes]:
    """This will yield a header and a row per month."""
    header = [
        _("Month"),
        _("Currency"),
        _("Opening"),
        *(str(kind.label) for kind in MovementKind),
        _("Exchange rates"),
        _("Closing"),
        _("Customers at the end"),
        _("Customers lost"),
    ]
    yield MARK + csv_lines([header])
    for row in rows:
        amounts = [getattr(row, KINDS[kind]) for kind in MovementKind]
        yield csv_lines(
            [
                [
                    f"{row.month:%Y-%m}",
                    currency,
                    row.opening,
                    *amounts,
                    row.revaluation,
                    row.closing,
                    row.customers_closing,
                    row.customers_lost,
                ]
            ]
        )


def movements_csv(rows: Iterable[Movement], *, currency: str) -> Iterator[bytes]:
    """This will yield a header and a row per line; `currency` is the company's."""
    header = [
        _("Day"),
        _("Customer"),
        _("Customer id"),
        _("Movement"),
        _("Before"),
        _("After"),
        _("Amount"),
        _("Currency"),
        _("In %(currency)s") % {"currency": currency},
    ]
    yield MARK + csv_lines([header])
    names = {kind.value: str(kind.label) for kind in MovementKind}
    waiting: list[list[object]] = []
    for row in rows:
        worth = "" if row.converted is None else row.converted
        waiting.append(
            [
                row.day,
                row.customer.name,
                row.customer.external_id,
                names[row.kind],
                row.before,
                row.after,
                row.amount,
                row.currency,
                worth,
            ]
        )
        if len(waiting) == AT_ONCE:
            yield csv_lines(waiting)
            waiting = []
    yield csv_lines(waiting)


def cohorts_csv(lines: Sequence[CohortLine], ages: Sequence[int]) -> Iterator[bytes]:
    """This will yield a header and a row per cohort: what is left after so many months."""
    yield MARK + csv_lines([[_("First paid in"), *map(str, ages)]])
    for line in lines:
        left = ["" if cell is None else cell.left for cell in line.cells]
        yield csv_lines([[f"{line.cohort:%Y-%m}", *left]])
