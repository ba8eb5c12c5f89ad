"""How what an average customer is worth has moved, and what moved it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from health.calculations.what_if import averages
from health.selectors.portfolio_days import DAILY, YEAR
from health.selectors.shown import anybody, shown_run
from health.selectors.value_days import value_days
from health.value_time_charts import variable_figures
from health.value_time_words import moved_sentence
from health.views.operations import for_leaders


@require_safe
@for_leaders
def value_over_time(request: PersonalRequest) -> HttpResponse:
    """This will show the variables of the formula over 90 days or a year.

    The number of queries is fixed.
    """
    run, company = shown_run(), request.company
    span = YEAR if request.GET.get("span") == str(YEAR) else DAILY
    days = value_days(as_of=run.as_of, days=span, company=company) if run else []
    content: dict[str, Any] = {"run": run, "days": days}
    if not days:
        content["anybody"] = anybody()
        return render(request, "health/value_over_time.html", content)
    found = [averages(day.paths, day.assumptions) for day in days]
    content |= {
        "span": span,
        "spans": [(DAILY, _("90 days, daily")), (YEAR, _("A year, weekly"))],
        "sentence": moved_sentence(days, currency=company.currency),
        "figures": variable_figures(days, found, currency=company.currency),
    }
    return render(request, "health/value_over_time.html", content)
