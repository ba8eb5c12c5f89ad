"""Whom we may lose within 90 days, by lifecycle stage."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from billing.selectors.revenue import revenue_months
from common.dates import months_before
from health.selectors.shown import shown_run
from insights.churn_ahead import ahead_learnt, ahead_observed
from insights.selectors.churn_forecast import learnt_by, stage_forecasts
from insights.selectors.revenue import anything_sold, ledger_for
from insights.views.revenue import head_of

YEAR = 12


@require_safe
def churn_forecast(request: PersonalRequest) -> HttpResponse:
    """This will show what is expected to be lost. The number of queries is fixed.

    By the forecasts of each customer where a learned version is in use, else by the
    share that was lost a month over the last twelve.
    """
    ledger = ledger_for(request.user)
    content: dict[str, Any] = head_of(request, ledger)
    run = shown_run()
    number = learnt_by(run) if run else None
    content |= {"run": run, "number": number, "currency": request.company.currency}
    if run is not None and number is not None:
        content["ahead"] = ahead_learnt(stage_forecasts(request.user))
    elif ledger is not None:
        first = max(months_before(ledger.last.replace(day=1), YEAR), ledger.earliest)
        rows = revenue_months(first, ledger.last, "stage", customers=ledger.customers)
        content["ahead"] = ahead_observed(rows, now=ledger.last.replace(day=1))
    else:
        content["waiting"] = anything_sold()
    return render(request, "insights/churn/forecast.html", content)
