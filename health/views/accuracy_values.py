"""Last year's forecasts of what customers would bring, one by one."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from common.csvout import MARK, csv_lines
from health.calculations.sum_ranges import FEW, ends
from health.models import ForecastVersion, ValueCheck
from health.selectors.accuracy import value_checks, version_checked
from health.selectors.keyset import edge_from, placed_page

HEADER = (
    "external id",
    "customer",
    "as of",
    "currency",
    "expected",
    "P10",
    "P50",
    "P90",
    "realised",
    "difference",
    "inside",
    "left",
)
CHUNK = 500


@require_safe
def accuracy_values(request: PersonalRequest) -> HttpResponse:
    """This will list what was expected of each customer and what it brought.

    Largest miss first. The number of queries is fixed.
    """
    version = version_checked()
    content: dict[str, Any] = {"version": version}
    if version:
        rows = value_checks(user=request.user, version=version)
        page = placed_page(rows, edge_from(request.GET.get("at", "")))
        inside = Q(realised__gte=F("low"), realised__lte=F("high"))
        total = rows.aggregate(
            customers=Count("pk"),
            hoped=Sum("expected"),
            came=Sum("realised"),
            held=Count("pk", filter=inside),
            gone=Count("pk", filter=Q(left=True)),
            own=Sum(F("spread") * F("spread")),
        )
        content |= {
            "rows": page.rows,
            "previous_url": f"?at={page.previous}" if page.previous else "",
            "next_url": f"?at={page.following}" if page.following else "",
            "total": total,
            "whole": _whole(version, total),
            "everybody": request.user.reach.sees.everybody,
            "currency": request.company.currency,
        }
    return render(request, "health/accuracy_values.html", content)


def _whole(version: ForecastVersion, total: dict[str, Any]) -> dict[str, Any] | None:
    """This will put a range around the sum; None where it was not learnt, or of few.

    What all were off together counts for some of them as for all, as a share.
    """
    shared = (version.summary.get("values") or {}).get("shared")
    if shared is None or total["own"] is None or total["customers"] < FEW:
        return None
    expected = float(total["hoped"])
    low, high = ends(expected, math.hypot(math.sqrt(total["own"]), shared * expected))
    return {"low": low, "high": high, "inside": low <= float(total["came"]) <= high}


@require_safe
def accuracy_values_csv(request: PersonalRequest) -> HttpResponse:
    """This will hand the whole list out for spreadsheets."""
    version = version_checked()
    if version is None:
        raise Http404
    rows = value_checks(user=request.user, version=version)
    ordered = rows.order_by("-place", "customer_id").iterator(chunk_size=2_000)
    name = f"values-v{version.number}.csv"
    response: Any = StreamingHttpResponse(
        _lines(ordered, request.company.currency),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    # Django's own decorators take it for what it stands in for.
    answer: HttpResponse = response
    return answer


def _lines(rows: Iterable[ValueCheck], currency: str) -> Iterator[bytes]:
    yield MARK + csv_lines([HEADER])
    chunk: list[tuple[object, ...]] = []
    for row in rows:
        chunk.append(_cells(row, currency))
        if len(chunk) == CHUNK:
            yield csv_lines(chunk)
            chunk = []
    yield csv_lines(chunk)


def _cells(row: ValueCheck, currency: str) -> tuple[object, ...]:
    return (
        row.customer.external_id,
        row.customer.name,
        row.as_of,
        currency,
        row.expected,
        row.low,
        row.mid,
        row.high,
        row.realised,
        row.apart,
        "yes" if row.inside else "no",
        "yes" if row.left else "no",
    )
