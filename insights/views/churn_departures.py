"""Everybody who left: when, why, and whether the score had warned."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from common.dates import months_before
from insights.departure_export import departures_csv
from insights.departure_words import FILTERS, departure_words, warned_words
from insights.revenue_choice import month_end, month_of
from insights.selectors.warned import departures_judged, departures_of

# Departures in a file.
FILE_ROWS = 2000
YEAR = 12


@require_safe
def departures(request: PersonalRequest) -> HttpResponse:
    """This will list departures, newest first. The number of queries is fixed.

    A page judges a hundred; the filter picks from these.
    """
    first, last, warned = _asked(request)
    rows = departures_of(request.user, first, last)
    judged, more = departures_judged(rows, behind=_place(request.GET.get("at", "")))
    shown = [one for one in judged if not warned or one.warned == warned]
    content: dict[str, Any] = {
        "first": first,
        "until": last.replace(day=1),
        "filters": [
            (key, words, key == warned, _query(first, last, key))
            for key, words in FILTERS.items()
        ],
        "filtered": warned,
        "lines": [(one, departure_words(one)) for one in shown],
        "judged": len(judged),
        "sentence": warned_words(judged, more=False),
        "previous_url": _query(first, last, warned) if request.GET.get("at") else "",
        "next_url": _query(
            first, last, warned, at=f"{judged[-1].event.left_on}|{judged[-1].event.pk}"
        )
        if more
        else "",
        "csv_query": _query(first, last, ""),
    }
    return render(request, "insights/churn/departures.html", content)


@require_safe
def departures_file(request: PersonalRequest) -> HttpResponse:
    """This will hand the departures out for spreadsheets, the newest 2,000 at most."""
    first, last, _warned = _asked(request)
    judged, _more = departures_judged(
        departures_of(request.user, first, last), limit=FILE_ROWS
    )
    return HttpResponse(
        b"".join(departures_csv(judged)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="departures.csv"'},
    )


def _asked(request: PersonalRequest) -> tuple[dt.date, dt.date, str]:
    """This will read months and filter; without months it is the last twelve."""
    last = month_of(request.GET.get("to", "")) or timezone.localdate().replace(day=1)
    first = month_of(request.GET.get("from", "")) or months_before(last, YEAR - 1)
    warned = request.GET.get("warned", "")
    return first, month_end(max(first, last)), warned if warned in FILTERS else ""


def _query(first: dt.date, last: dt.date, warned: str, **more: str) -> str:
    asked = {"from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}"}
    if warned:
        asked["warned"] = warned
    return f"?{urlencode(asked | more)}"


def _place(text: str) -> tuple[dt.date, int] | None:
    day, _sign, pk = text.partition("|")
    try:
        place = dt.date.fromisoformat(day), int(pk)
    except ValueError:
        return None
    return place if 0 <= place[1] < 2**63 else None
