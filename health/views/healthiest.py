"""The healthiest customers: whom to ask for a reference, a review, an expansion."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from common.dates import local_day
from health.ask_words import RULES, TITLES, ask_rows, asked_words, asks_csv
from health.enums import AskKind
from health.selectors.asking import (
    AskedEdge,
    askable,
    askable_counts,
    asked_edge_from,
    asked_page,
)
from health.selectors.keyset import PAGE_SIZE, edge_from, placed_page
from health.selectors.shown import anybody, shown_run
from health.selectors.standing import latest_run
from health.wording import late_words


@require_safe
def healthiest(request: PersonalRequest) -> HttpResponse:
    """This will show whom one may ask for something. The number of queries is fixed."""
    kind, run, now = _kind(request), shown_run(), timezone.now()
    content: dict[str, Any] = {"kind": kind, "run": run, "here": kind.value}
    if run is None:
        content["anybody"] = anybody()
        return render(request, "health/healthiest.html", content)
    today = local_day(now, ZoneInfo(request.company.time_zone))
    rows = askable(user=request.user, kind=kind, today=today, now=now)
    page = placed_page(rows, edge_from(request.GET.get("at", "")))
    counts = askable_counts(user=request.user, today=today, now=now)
    content |= {
        "lists": _lists(counts),
        "rule": RULES[kind],
        "rows": ask_rows(page.rows, as_of=run.as_of),
        "total": counts[kind],
        "previous_url": _url(kind, page.previous),
        "next_url": _url(kind, page.following),
        "currency": request.company.currency,
        "late": late_words(run.parameters.get("late", {})),
    }
    return render(request, "health/healthiest.html", content)


@require_safe
def healthiest_csv(request: PersonalRequest) -> HttpResponse:
    """This will hand a whole list out for spreadsheets."""
    kind, run, now = _kind(request), latest_run(), timezone.now()
    if run is None:
        raise Http404
    today = local_day(now, ZoneInfo(request.company.time_zone))
    rows = askable(user=request.user, kind=kind, today=today, now=now)
    ordered = rows.select_related("customer").order_by("-place", "customer_id")
    name = f"{kind.value}-{run.as_of}.csv"
    response: Any = StreamingHttpResponse(
        asks_csv(
            ordered.iterator(chunk_size=2_000),
            as_of=run.as_of,
            currency=request.company.currency,
        ),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    # Django's own decorators take it for what it stands in for.
    answer: HttpResponse = response
    return answer


@require_safe
def asked(request: PersonalRequest) -> HttpResponse:
    """This will show who was asked in a year, and what came of it."""
    user, now, run = request.user, timezone.now(), latest_run()
    edge = asked_edge_from(request.GET.get("at", ""))
    found = asked_page(user=user, now=now, edge=edge, limit=PAGE_SIZE)
    asks = found[:PAGE_SIZE]
    following = ""
    if len(found) > PAGE_SIZE:
        following = AskedEdge(asks[-1].asked_at, asks[-1].pk).encode()
    today = local_day(now, ZoneInfo(request.company.time_zone))
    content = {
        "run": run,
        "here": "asked",
        "lists": _lists(askable_counts(user=user, today=today, now=now)),
        "asks": [{"ask": ask, "words": asked_words(ask.kind)} for ask in asks],
        "first_page": edge is None,
        "next_url": f"?{urlencode({'at': following})}" if following else "",
    }
    return render(request, "health/asked.html", content)


def _kind(request: PersonalRequest) -> AskKind:
    """This will read which list is asked for; anything unknown is the first one."""
    asked_for = request.GET.get("for", "")
    return AskKind(asked_for) if asked_for in AskKind.values else AskKind.REFERENCE


def _lists(counts: dict[AskKind, int]) -> list[dict[str, Any]]:
    return [
        {"key": kind.value, "name": title, "count": counts[kind], "url": _url(kind)}
        for kind, title in TITLES.items()
    ]


def _url(kind: AskKind, at: str | None = None) -> str:
    """This will return the address of a page of a list, "" where there is none."""
    if at == "":
        return ""
    return f"?{urlencode({'for': kind.value} | ({'at': at} if at else {}))}"
