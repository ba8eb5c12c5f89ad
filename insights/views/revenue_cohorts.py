"""What is left of customers and their revenue, by the month in which they first paid."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from billing.selectors.revenue import revenue_cohorts
from common.dates import months_before
from insights.cohort_lines import Cohorts, cohorts_of
from insights.cohort_words import cohorts_sentence
from insights.revenue_choice import Choice, choice_of, month_end
from insights.revenue_export import cohorts_csv
from insights.selectors.revenue import Ledger, anything_sold, ledger_for
from insights.views.revenue import head_of

WAYS = {"customers": _("Customers"), "revenue": _("Revenue")}
# Cohorts on a page; older ones are a page further.
LISTED = 24


@require_safe
def cohorts(request: PersonalRequest) -> HttpResponse:
    """This will show the cohorts as a table. The number of queries is fixed."""
    ledger, choice = ledger_for(request.user), choice_of(request.GET, by=tuple(WAYS))
    content: dict[str, Any] = head_of(request, ledger)
    if ledger is None:
        content["waiting"] = anything_sold()
        return render(request, "insights/revenue/cohorts.html", content)
    first, last = _range(ledger, choice)
    table = _table(ledger, choice, first, last)
    before, after = months_before(first, 1), month_end(last) + dt.timedelta(days=1)
    content |= {
        "choice": choice,
        "ways": [(key, name, choice.url(by=key)) for key, name in WAYS.items()],
        "table": table,
        "money": choice.by == "revenue",
        "currency": request.company.currency,
        "sentence": cohorts_sentence(table, choice.by),
        "few": any(
            cell is not None and cell.share is None
            for line in table.lines
            for cell in line.cells
        ),
        "previous_url": choice.url(month=f"{before:%Y-%m}")
        if first > ledger.earliest
        else "",
        "next_url": choice.url(month=f"{_later(ledger, after):%Y-%m}")
        if after <= ledger.last
        else "",
        "csv_query": choice.url(),
    }
    return render(request, "insights/revenue/cohorts.html", content)


@require_safe
def cohorts_file(request: PersonalRequest) -> HttpResponse:
    """This will hand all cohorts out for spreadsheets."""
    ledger, choice = ledger_for(request.user), choice_of(request.GET, by=tuple(WAYS))
    table = Cohorts([], [], [])
    if ledger is not None:
        table = _table(ledger, choice, ledger.earliest, ledger.last)
    return HttpResponse(
        b"".join(cohorts_csv(table.lines, table.ages)),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="cohorts-{choice.by}.csv"'
        },
    )


def _range(ledger: Ledger, choice: Choice) -> tuple[dt.date, dt.date]:
    """This will return the first and last cohort of the page that a month closes."""
    last = min(choice.month or ledger.last, ledger.last).replace(day=1)
    return max(months_before(last, LISTED - 1), ledger.earliest), last


def _later(ledger: Ledger, first: dt.date) -> dt.date:
    """This will return the month that closes the page after this one."""
    found = first
    for _month in range(LISTED - 1):
        found = month_end(found) + dt.timedelta(days=1)
    return min(found, ledger.last.replace(day=1))


def _table(ledger: Ledger, choice: Choice, first: dt.date, last: dt.date) -> Cohorts:
    rows = revenue_cohorts(first, last, customers=ledger.customers)
    return cohorts_of(rows, choice.by)
