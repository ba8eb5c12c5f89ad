"""Monthly revenue: what came in, what leaked, and where."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.enums import Reach
from accounts.http import PersonalRequest
from billing.selectors.revenue import revenue_months
from billing.selectors.revenue_rows import MonthRow
from insights.revenue_charts import bucket_figure, movements_figure
from insights.revenue_choice import SPANS, Choice, choice_of, month_end
from insights.revenue_export import months_csv
from insights.revenue_lines import (
    MONTHS_LISTED,
    kept_of,
    leaks_of,
    month_lines,
    rows_url,
    sums_of,
)
from insights.revenue_words import (
    DIMENSIONS,
    SPAN_WORDS,
    people_words,
    period_words,
    preset_name,
    revenue_sentence,
    signed_money,
)
from insights.selectors.revenue import (
    Ledger,
    anything_sold,
    currencies_sold,
    ledger_for,
    months_shown,
    names_of,
    rate_days,
)

LEAKY = ("reason", "plan", "segment")


@require_safe
def revenue(request: PersonalRequest) -> HttpResponse:
    """This will show the months of revenue. The number of queries is fixed."""
    ledger = ledger_for(request.user)
    content = head_of(request, ledger)
    if ledger is None:
        content["waiting"] = anything_sold()
        return render(request, "insights/revenue/revenue.html", content)
    choice = choice_of(request.GET)
    first = choice.first(ledger.last, ledger.earliest)
    months = months_shown(ledger, first, ledger.last, choice.currency)
    if choice.month and choice.month not in {row.month for row in months}:
        choice = replace(choice, month=None)
    content |= {
        "choice": choice,
        "spans": [(span, SPAN_WORDS[span], choice.url(months=span)) for span in SPANS],
        "currencies": _currencies(request, choice),
        "currency": choice.currency or request.company.currency,
        "months": months,
        "csv_query": choice.url(),
    }
    if months:
        content |= _months(request, ledger, choice, months)
        content |= _bucket(request, ledger, choice, months)
    return render(request, "insights/revenue/revenue.html", content)


@require_safe
def revenue_file(request: PersonalRequest) -> HttpResponse:
    """This will hand all months of the choice out for spreadsheets."""
    ledger, choice = ledger_for(request.user), choice_of(request.GET)
    months: list[MonthRow] = []
    if ledger is not None:
        first = choice.first(ledger.last, ledger.earliest)
        months = months_shown(ledger, first, ledger.last, choice.currency)
    currency = choice.currency or request.company.currency
    return HttpResponse(
        b"".join(months_csv(months, currency=currency)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="revenue.csv"'},
    )


def head_of(request: PersonalRequest, ledger: Ledger | None) -> dict[str, Any]:
    """This will say whose figures these are and how the sums stand."""
    content: dict[str, Any] = {
        "ledger": ledger,
        "whose": request.user.reach.sees.extent_for(request.user.pk),
        "own": Reach.OWN,
        "everybody": Reach.ALL,
        "company_currency": request.company.currency,
    }
    if ledger is not None:
        content["preset"] = preset_name(ledger.preset)
        content["missing"] = ", ".join(ledger.state.rates_missing)
    return content


def _currencies(request: PersonalRequest, choice: Choice) -> list[tuple[str, str, str]]:
    """This will offer the currencies; nothing where there is only the company's own."""
    sold = currencies_sold()
    if len(sold) < 2 and sold in ([], [request.company.currency]):
        return []
    all_of_it = _("All in %(currency)s") % {"currency": request.company.currency}
    return [
        ("", all_of_it, choice.url(currency="")),
        *((code, code, choice.url(currency=code)) for code in sold),
    ]


def _months(
    request: PersonalRequest, ledger: Ledger, choice: Choice, months: list[MonthRow]
) -> dict[str, Any]:
    currency = choice.currency or request.company.currency
    now = months[-1]
    sentence, tone = revenue_sentence(now, currency)
    ends = (months[0].month, now.month)
    return {
        "now": now,
        "net": now.closing - now.opening,
        "net_words": signed_money(now.closing - now.opening, currency),
        "sentence": sentence,
        "tone": tone,
        "partial": ledger.last < month_end(now.month),
        "kept": kept_of(now),
        "now_url": rows_url(ledger.earliest, now.month, currency=choice.currency),
        "net_url": rows_url(now.month, now.month, currency=choice.currency),
        "kept_url": f"{reverse('revenue_kept')}?month={now.month:%Y-%m}",
        "figure": movements_figure(
            months,
            currency=currency,
            subtitle=_("What moved each month, %(period)s")
            % {"period": period_words(*ends)},
        ),
        "lines": month_lines(
            months, currency=choice.currency, base=choice.url(month="", by="")
        ),
        "older": len(months) > MONTHS_LISTED,
        "revalued": any(row.revaluation for row in months),
        "rates": rate_days(ledger.last) if not choice.currency else [],
    }


def _bucket(
    request: PersonalRequest, ledger: Ledger, choice: Choice, months: list[MonthRow]
) -> dict[str, Any]:
    """This will sum the period up, and rank where it leaked. Five queries."""
    currency = choice.currency or request.company.currency
    first, last = choice.period(ledger.last, ledger.earliest)
    words = period_words(first, last)
    sums = sums_of([row for row in months if first <= row.month <= last])
    content: dict[str, Any] = {
        "sums": sums,
        "period": words,
        "people": people_words(sums.customers_won, sums.customers_lost),
        "whole_url": choice.url(month="") + "#bucket",
        "bucket": bucket_figure(sums, currency=currency, subtitle=words),
    }
    if choice.currency:
        return content
    leaks = []
    for dimension in LEAKY:
        rows = revenue_months(first, last, dimension, customers=ledger.customers)
        names = names_of(dimension, {row.value for row in rows})
        ranked = leaks_of(rows, dimension, names=names, period=(first, last))
        leaks.append((DIMENSIONS[dimension], dimension, ranked))
    return content | {"leaks": leaks}
