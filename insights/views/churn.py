"""Who left, with how much, why, and whether anybody had been warned."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from billing.enums import MovementKind
from billing.selectors.revenue import revenue_months
from insights.churn_charts import churn_figure, groups_figure
from insights.churn_lines import RATELESS, churn_lines, lost_of
from insights.churn_words import (
    churn_sentence,
    groups_headline,
    rate_words,
    renewed_words,
)
from insights.departure_words import departure_words, warned_words
from insights.revenue_choice import SPANS, Choice, choice_of, month_end
from insights.revenue_lines import rows_url
from insights.revenue_words import DIMENSIONS, SPAN_WORDS, period_words
from insights.selectors.revenue import (
    Ledger,
    anything_sold,
    ledger_for,
    months_shown,
    names_of,
)
from insights.selectors.warned import departures_judged, departures_of
from insights.views.revenue import head_of

NEWEST = 8
MONTHS = 24  # in the list to choose one from


@require_safe
def churn(request: PersonalRequest) -> HttpResponse:
    """This will show churn four ways, by a dimension. The number of queries is fixed."""
    ledger = ledger_for(request.user)
    content = head_of(request, ledger)
    if ledger is None:
        content["waiting"] = anything_sold()
        return render(request, "insights/churn/churn.html", content)
    choice = choice_of(request.GET, by=tuple(DIMENSIONS))
    first, last = choice.period(ledger.last, ledger.earliest)
    content |= {
        "choice": choice,
        "currency": request.company.currency,
        "spans": [
            (span, SPAN_WORDS[span], choice.url(months=span, month=""))
            for span in SPANS
        ],
        "months": _months(ledger),
        "period": period_words(first, last),
        "dimensions": [
            (key, name, choice.url(by=key) + "#by") for key, name in DIMENSIONS.items()
        ],
        "dimension": DIMENSIONS[choice.by],
        **_whole(request, ledger, (first, last)),
        **_groups(request, ledger, choice, (first, last)),
        **_departures(request, (first, last)),
    }
    content["groups"] = groups_figure(
        content["lines"],
        content["lost"],
        headline=groups_headline(content["lines"], content["lost"]),
        subtitle=_("Customers lost a month, with 95%% ranges. By: %(by)s")
        % {"by": DIMENSIONS[choice.by]},
    )
    return render(request, "insights/churn/churn.html", content)


def _months(ledger: Ledger) -> list[dt.date]:
    """This will list the months to choose from, newest first."""
    found: list[dt.date] = []
    month = ledger.last.replace(day=1)
    while month >= ledger.earliest and len(found) < MONTHS:
        found.append(month)
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return found


def _whole(
    request: PersonalRequest, ledger: Ledger, period: tuple[dt.date, dt.date]
) -> dict[str, Any]:
    """This will measure everybody, all months and each. One query."""
    rows = months_shown(ledger, *period)
    lost = lost_of(rows, len(rows))
    sentence, tone = churn_sentence(lost, currency=request.company.currency)
    gone = [MovementKind.CHURN]
    return {
        "lost": lost,
        "sentence": sentence,
        "tone": tone,
        "renewed": renewed_words(
            sum(row.renewals_due for row in rows),
            sum(row.renewals_kept for row in rows),
        ),
        "customers_rate": rate_words(lost.customers_rate),
        "revenue_rate": rate_words(lost.revenue_rate),
        "leaked_rate": rate_words(lost.leaked_rate),
        "gone_url": rows_url(*period, kinds=gone),
        "failed_url": rows_url(*period, kinds=gone, cause="failed"),
        "chose_url": rows_url(*period, kinds=gone, cause="chose"),
        "shrunk_url": rows_url(*period, kinds=[MovementKind.CONTRACTION]),
        "figure": churn_figure(
            rows,
            subtitle=_("Lost in each month, of what there was at its beginning"),
        )
        if len(rows) > 1
        else None,
    }


def _groups(
    request: PersonalRequest,
    ledger: Ledger,
    choice: Choice,
    period: tuple[dt.date, dt.date],
) -> dict[str, Any]:
    """This will measure each value of the dimension. Two queries at most."""
    rows = revenue_months(*period, choice.by, customers=ledger.customers)
    names = names_of(choice.by, {row.value for row in rows})
    months = len({row.month for row in rows})
    lines = churn_lines(rows, choice.by, names=names, period=period, months=months)
    rated = [
        (line, rate_words(line.lost.customers_rate), rate_words(line.lost.revenue_rate))
        for line in lines
    ]
    return {"lines": lines, "rated": rated, "rateless": choice.by in RATELESS}


def _departures(
    request: PersonalRequest, period: tuple[dt.date, dt.date]
) -> dict[str, Any]:
    """This will judge the newest departures. Two queries."""
    rows = departures_of(request.user, period[0], month_end(period[1]))
    judged, more = departures_judged(rows)
    return {
        "departures": [(one, departure_words(one)) for one in judged[:NEWEST]],
        "judged": len(judged),
        "warned": warned_words(judged, more=more),
        "departures_query": f"?from={period[0]:%Y-%m}&to={period[1]:%Y-%m}",
    }
