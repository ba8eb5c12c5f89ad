"""Whom it pays to win: what customers brought against what was spent on winning them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import for_leaders
from accounts.http import PersonalRequest
from health.acquisition_export import acquisition_csv
from health.acquisition_lines import (
    BY_ORIGIN,
    WAYS,
    Line,
    group_name,
    known_of,
    lines_of,
    tables_of,
    weighed,
    years_of,
)
from health.acquisition_words import counted, gain_figure, headline
from health.models import AcquisitionDay
from health.selectors.acquisition import (
    Group,
    acquisition_day,
    acquisition_failed,
    customers_won_page,
    group_names,
)
from health.selectors.shown import anybody
from health.selectors.spend import Uncounted, spend_sums

RATIOS = (1, 2, 3, 4, 5)
PAGE_SIZE = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for: the way to group, a year or all, the wanted ratio."""

    by: str
    year: int | None
    ratio: int

    def url(self, **other: Any) -> str:
        """This will return the address of the same page with something else chosen."""
        wanted = {"by": self.by, "year": self.year, "ratio": self.ratio, **other}
        usual = {"by": "source", "year": None, "ratio": 1, "page": 1}
        parts = {key: x for key, x in wanted.items() if x != usual.get(key)}
        return f"?{urlencode(parts)}"


@require_safe
@for_leaders
def acquisition(request: PersonalRequest) -> HttpResponse:
    """This will rank groups of customers won. The number of queries is fixed."""
    day, choice = acquisition_day(), choice_of(request)
    if day is None or not day.content:
        content: dict[str, Any] = {
            "anybody": anybody(),
            "failed": acquisition_failed(),
            "nobody": day is not None,
        }
        return render(request, "health/acquisition.html", content)
    currency = request.company.currency
    read = _read(day, choice, currency)
    lines = read.lines
    sentence, tone = headline(lines, by=choice.by, currency=currency)
    page = _page(request, len(lines))
    first = (page - 1) * PAGE_SIZE
    content = {
        "day": day,
        "choice": choice,
        "ways": [(key, words, choice.url(by=key)) for key, words in WAYS.items()],
        "way": WAYS[choice.by],
        "years": read.years,
        "ratios": RATIOS,
        "uncounted": read.uncounted,
        "unspent": not any(line.spent for line in lines),
        "idle": 0.0 if choice.by in BY_ORIGIN else read.idle,
        "sentence": sentence,
        "tone": tone,
        "counted": counted(lines),
        "figure": gain_figure(lines, by=choice.by, currency=currency),
        "lines": [
            (line, _customers_url(choice, line))
            for line in lines[first : first + PAGE_SIZE]
        ],
        "total": len(lines),
        "first": first + 1,
        "last": min(first + PAGE_SIZE, len(lines)),
        "previous_url": choice.url(page=page - 1) if page > 1 else "",
        "next_url": choice.url(page=page + 1) if first + PAGE_SIZE < len(lines) else "",
        "csv_query": choice.url(),
        "currency": currency,
        "miss": day.parameters["miss"],
        "checked": day.parameters["checked"],
    }
    return render(request, "health/acquisition.html", content)


@require_safe
@for_leaders
def acquisition_file(request: PersonalRequest) -> HttpResponse:
    """This will hand the groups out for spreadsheets."""
    day, choice = acquisition_day(), choice_of(request)
    if day is None or not day.content:
        raise Http404
    read = _read(day, choice, request.company.currency)
    name = f"acquisition-{choice.by}-{day.as_of}.csv"
    return HttpResponse(
        b"".join(acquisition_csv(read.lines, currency=request.company.currency)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
@for_leaders
def acquisition_customers(request: PersonalRequest) -> HttpResponse:
    """This will list the customers of a group that the person may see."""
    choice = choice_of(request)
    key = request.GET.get("key", "").replace("\x00", "")
    if choice.by != "source" and not (
        key.isascii() and key.isdigit() and len(key) < 19
    ):
        raise Http404
    if choice.by == "cohort" and not _quarter(key):
        raise Http404
    group = Group(choice.by, key, choice.year)
    at = request.GET.get("at", "")
    behind = int(at) if at.isascii() and at.isdigit() and len(at) < 19 else 0
    rows, more = customers_won_page(request.user, group, behind=behind)
    content = {
        "choice": choice,
        "name": _name(choice.by, key),
        "way": WAYS[choice.by],
        "back": choice.url(),
        "rows": rows,
        "currency": request.company.currency,
        "previous_url": choice.url(key=key) if behind else "",
        "next_url": choice.url(key=key, at=rows[-1].customer.pk) if more else "",
    }
    return render(request, "health/acquisition_customers.html", content)


def choice_of(request: PersonalRequest) -> Choice:
    """This will read the address; whatever makes no sense is the usual."""
    by, year = request.GET.get("by", ""), request.GET.get("year", "")
    ratio = request.GET.get("ratio", "")
    return Choice(
        by if by in WAYS else "source",
        int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        int(ratio) if ratio in map(str, RATIOS) else 1,
    )


@dataclass(frozen=True, slots=True)
class Read:
    """The lines of a page, and what could not be put into them."""

    lines: list[Line]
    years: list[int]
    uncounted: list[Uncounted]
    idle: float  # spent in a year in which it brought nobody


def _read(day: AcquisitionDay, choice: Choice, currency: str) -> Read:
    """This will put sums and spend together. Four queries at most."""
    tables = tables_of(day)
    spent = spend_sums(currency=currency, known=known_of(day, tables))
    found, shares = weighed(
        tables,
        spent.rows,
        by=choice.by,
        year=choice.year,
        ratio=choice.ratio,
        miss=day.parameters["miss"],
    )
    names = group_names(choice.by, [int(code) for code in found.group])
    lines = lines_of(found, by=choice.by, names=names, sources=spent.sources)
    idle = sum(one.amount for one in shares.idle)
    return Read(lines, years_of(tables, spent), spent.uncounted, idle)


def _page(request: PersonalRequest, total: int) -> int:
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return min(max(page, 1), max(1, -(-total // PAGE_SIZE)))


def _customers_url(choice: Choice, line: Line) -> str:
    return choice.url(key=line.key) if line.listed else ""


def _quarter(key: str) -> bool:
    year, quarter = divmod(int(key), 10)
    return 1 <= quarter <= 4 and 1970 <= year <= 2199


def _name(by: str, key: str) -> str:
    if by == "source":
        return key or group_name(by, 0, {})
    return group_name(by, int(key), group_names(by, [int(key)]))
