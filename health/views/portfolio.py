"""The portfolio over time, and who moved between bands."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import LEADERS
from accounts.enums import Reach
from accounts.http import PersonalRequest
from common.templatetags import ui
from health.enums import Band
from health.models import PortfolioDay, Run
from health.portfolio_charts import customers_figure, revenue_figure
from health.portfolio_values import values_content
from health.portfolio_words import (
    SHOWN,
    band_name,
    move_lines,
    move_sentences,
    moved_sentence,
    period_name,
)
from health.selectors.keyset import PAGE_SIZE, edge_from, placed_page
from health.selectors.moves import NOBODY, compared_days, gone, moved, moves_of
from health.selectors.portfolio_days import DAILY, YEAR, portfolio_days
from health.selectors.shown import anybody, shown_run
from health.selectors.standing import latest_run
from health.selectors.value_paths import assumed, kept_paths, path_names
from health.wording import late_words

USUAL = 30


@require_safe
def portfolio(request: PersonalRequest) -> HttpResponse:
    """This will show bands over time and the moves between them. Four queries of its own,
    and some six for what all customers will bring."""
    run = shown_run()
    content: dict[str, Any] = {"run": run}
    if run is None:
        content["anybody"] = anybody()
        return render(request, "health/portfolio.html", content)
    span = YEAR if request.GET.get("span") == str(YEAR) else DAILY
    days = portfolio_days(request.user, as_of=run.as_of, days=span)
    content |= {
        "whose": request.user.reach.sees.extent_for(request.user.pk),
        "all": Reach.ALL,
        "own": Reach.OWN,
        "span": span,
        "spans": [(DAILY, _("90 days, daily")), (YEAR, _("A year, weekly"))],
        "currency": request.company.currency,
        "late": late_words(run.parameters.get("late", {})),
        **_moves(request, run),
    }
    if days:
        content |= {"today": days[-1], "figures": _figures(request, days)}
        content |= _values(request, run)
    return render(request, "health/portfolio.html", content)


def _values(request: PersonalRequest, run: Run) -> dict[str, Any]:
    """This will say what all customers will bring, to those who see all of them."""
    sees = request.user.reach.sees
    kept = kept_paths(as_of=run.as_of) if sees.everybody else None
    if kept is None:
        return {}
    now = assumed(request.company, months=kept.paths.months)
    currency = request.company.currency
    return {
        "values": values_content(kept, names=path_names(), now=now, currency=currency),
        "leads": request.user.role in LEADERS,
    }


def _figures(request: PersonalRequest, days: list[PortfolioDay]) -> dict[str, Any]:
    ends = {"first": ui.day_long(days[0].as_of), "last": ui.day_long(days[-1].as_of)}
    return {
        "customers": customers_figure(
            days, subtitle=_("Customers by band, %(first)s to %(last)s") % ends
        ),
        "revenue": revenue_figure(
            days,
            subtitle=_("Monthly revenue by band, %(first)s to %(last)s") % ends,
            currency=request.company.currency,
        ),
    }


def _moves(request: PersonalRequest, run: Run) -> dict[str, Any]:
    """This will read the moves of the period asked for, of the usual one otherwise."""
    compared = compared_days(as_of=run.as_of)
    if not compared:
        return {"moves": None}
    asked = request.GET.get("days", "")
    usual = USUAL if USUAL in compared else max(compared)
    period = int(asked) if asked in {str(days) for days in compared} else usual
    moves = moves_of(request.user, as_of=run.as_of, compared_on=compared[period])
    base = reverse("portfolio_moves")
    return {
        "moves": moves,
        "period": period,
        "periods": [(days, period_name(days)) for days in compared],
        "sentences": move_sentences(moves, currency=request.company.currency),
        "lines": move_lines(moves, days=period, base=base),
        "columns": [band_name(band, later=True) for band in (*SHOWN, NOBODY)],
    }


@require_safe
def portfolio_moves(request: PersonalRequest) -> HttpResponse:
    """This will list who moved from one band to another. The number of queries is fixed."""
    run = latest_run()
    compared = compared_days(as_of=run.as_of) if run else {}
    days, then, now = (_number(request, name) for name in ("days", "from", "to"))
    if run is None or days not in compared or not _sound(then, now):
        raise Http404
    content: dict[str, Any] = {
        "run": run,
        "days": days,
        "compared_on": compared[days],
        "names": (band_name(then, later=False), band_name(now, later=True)),
        "sentence": moved_sentence(
            then=then, now=now, compared_on=compared[days], as_of=run.as_of
        ),
        "currency": request.company.currency,
    }
    moves = moves_of(request.user, as_of=run.as_of, compared_on=compared[days])
    content["cell"] = moves.cells.get((then, now))
    base = f"?from={then}&to={now}&days={days}"
    if now == NOBODY:
        content |= _gone(request, compared[days], then, base)
    else:
        content |= _moved(request, compared[days], (then, now), base)
    return render(request, "health/moves.html", content)


def _moved(
    request: PersonalRequest, compared_on: dt.date, bands: tuple[int, int], base: str
) -> dict[str, Any]:
    rows = moved(
        user=request.user,
        compared_on=compared_on,
        from_band=bands[0],
        to_band=bands[1],
    )
    page = placed_page(rows, edge_from(request.GET.get("at", "")))
    return {
        "rows": page.rows,
        "unknown_then": bands[0] == Band.UNKNOWN,
        "unknown_now": bands[1] == Band.UNKNOWN,
        "came": bands[0] == NOBODY,
        "previous_url": f"{base}&at={page.previous}" if page.previous else "",
        "next_url": f"{base}&at={page.following}" if page.following else "",
    }


def _gone(
    request: PersonalRequest, compared_on: dt.date, then: int, base: str
) -> dict[str, Any]:
    at = request.GET.get("at", "")
    behind = int(at) if at.isascii() and at.isdigit() and len(at) < 19 else 0
    found = gone(
        user=request.user,
        compared_on=compared_on,
        from_band=then,
        behind=behind,
        limit=PAGE_SIZE,
    )
    more, rows = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    return {
        "gone": rows,
        "left": True,
        "unknown_then": then == Band.UNKNOWN,
        "previous_url": base if behind else "",
        "next_url": f"{base}&at={rows[-1].customer_id}" if more else "",
    }


def _number(request: PersonalRequest, name: str) -> int:
    """This will read a small number of the address; anything else fits nowhere."""
    text = request.GET.get(name, "")
    return int(text) if text in {"-1", *map(str, range(100))} else -2


def _sound(then: int, now: int) -> bool:
    bands = {NOBODY, *Band.values}
    return then in bands and now in bands and not then == now == NOBODY
