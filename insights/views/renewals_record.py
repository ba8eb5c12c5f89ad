"""How renewals turned out: the forecasts and the people's views, held to account."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from billing.selectors.revenue import revenue_months
from insights.renewals_charts import past_figure
from insights.renewals_record_words import record_lines, renewal_rate
from insights.selectors.renewals import renewal_state
from insights.selectors.renewals_record import YEAR, Past, past_of
from insights.views.renewals import company_day


@require_safe
def renewals_record(request: PersonalRequest) -> HttpResponse:
    """This will compare what was said before renewals with what came. Three queries."""
    user, today = request.user, company_day(request)
    everybody = user.reach.sees.everybody
    past = (
        Past.from_json(renewal_state().record)
        if everybody
        else past_of(user, today=today)
    )
    records = [(days, record_lines(record)) for days, record in past.records.items()]
    content: dict[str, Any] = {
        "figure": past_figure(past.months, currency=request.company.currency),
        "records": records,
        "judged": any(line.cases for _days, lines in records for line in lines),
        "currency": request.company.currency,
        "at": "record",
    }
    if everybody:
        # Everybody's, those without a checkpoint included.
        rows = revenue_months(today - YEAR, today)
        content["rate"] = renewal_rate(
            sum(row.renewals_due for row in rows),
            sum(row.renewals_kept for row in rows),
        )
    return render(request, "insights/renewals/record.html", content)
