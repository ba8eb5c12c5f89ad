"""What failed, what came back, and what brought it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from billing.models import DunningCase
from billing.recovered_choice import SPANS, span_of
from billing.recovered_page import RecoveredPage
from billing.selectors.dunning.attempts_export import attempts_csv, attempts_of
from common.dates import local_day


@require_safe
def recovered(request: PersonalRequest) -> HttpResponse:
    """This will sum up failed payments of some months. The number of queries is fixed."""
    user, now = request.user, timezone.now()
    span = span_of(request.GET, local_day(now, ZoneInfo(request.company.time_zone)))
    page = RecoveredPage(user, span, request.company.currency, now)
    content = {
        "spans": [
            (words, span.url(months), months == span.months)
            for months, words in SPANS.items()
        ],
        "months": span.months,
        "first": span.first,
        "today": span.today,
    }
    if page.whole.group.cases:
        content |= page.content()
    else:
        content |= {
            "at": "recovered",
            "ever": DunningCase.objects.visible_to(user).exists(),
        }
    return render(request, "billing/dunning/recovered.html", content)


@require_safe
def recovered_attempts(request: PersonalRequest) -> HttpResponse:
    """This will hand out every try of the same cases, one a row, while it reads them."""
    now = timezone.now()
    span = span_of(request.GET, local_day(now, ZoneInfo(request.company.time_zone)))
    rows = attempts_of(request.user, span.first, span.today)
    response: Any = StreamingHttpResponse(
        attempts_csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="attempts.csv"'},
    )
    # Django's own decorators take it for what it stands in for.
    answer: HttpResponse = response
    return answer
