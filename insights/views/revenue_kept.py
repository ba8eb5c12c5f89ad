"""The customers of a year ago: what is left of what they paid."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from common.dates import months_before
from insights.revenue_choice import month_end, month_of
from insights.revenue_lines import kept_of
from insights.selectors.revenue import anything_sold, ledger_for, months_shown
from insights.selectors.revenue_kept import kept_page
from insights.views.revenue import head_of

YEAR = 12


@require_safe
def revenue_kept(request: PersonalRequest) -> HttpResponse:
    """This will list the customers behind both retentions. The number of queries is fixed."""
    ledger = ledger_for(request.user)
    content: dict[str, Any] = head_of(request, ledger)
    if ledger is None:
        content["waiting"] = anything_sold()
        return render(request, "insights/revenue/kept.html", content)
    month = month_of(request.GET.get("month", "")) or ledger.last.replace(day=1)
    ago = month_end(months_before(month, YEAR))
    at = request.GET.get("at", "")
    behind = int(at) if at.isascii() and at.isdigit() and len(at) < 19 else 0
    rows, more = kept_page(
        request.user,
        then=ago,
        now=min(month_end(month), ledger.last),
        currency=request.company.currency,
        behind=behind,
    )
    sums = months_shown(ledger, month, month)
    base = f"?month={month:%Y-%m}"
    content |= {
        "month": month,
        "ago": ago,
        "rows": rows,
        "sums": sums[0] if sums else None,
        "kept": kept_of(sums[0]) if sums else None,
        "currency": request.company.currency,
        "previous_url": base if behind else "",
        "next_url": f"{base}&at={rows[-1].customer_id}" if more else "",
    }
    return render(request, "insights/revenue/kept.html", content)
