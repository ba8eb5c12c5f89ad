"""The lines of the ledger behind a figure."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from billing.enums import MovementKind
from insights.movement_words import movement_lines
from insights.revenue_choice import CURRENCY, month_end, month_of
from insights.revenue_export import movements_csv
from insights.revenue_words import DIMENSIONS, value_name
from insights.selectors.revenue import anything_sold, ledger_for, names_of
from insights.selectors.revenue_movements import (
    Place,
    Wanted,
    movement_file,
    movement_page,
    movement_totals,
    movements_wanted,
    told_movements,
)
from insights.views.revenue import head_of

CAUSES = {
    "failed": gettext_lazy("Payment failed"),
    "chose": gettext_lazy("Chose to leave"),
}
KINDS = {str(kind.value) for kind in MovementKind}


@require_safe
def revenue_movements(request: PersonalRequest) -> HttpResponse:
    """This will list lines of the ledger, newest first. The number of queries is fixed."""
    ledger = ledger_for(request.user)
    content: dict[str, Any] = head_of(request, ledger)
    if ledger is None:
        content["waiting"] = anything_sold()
        return render(request, "insights/revenue/movements.html", content)
    wanted = wanted_of(request, ledger.last)
    rows = movements_wanted(request.user, wanted, until=ledger.last)
    totals = movement_totals(rows)
    found, more = movement_page(rows, _place(request.GET.get("at", "")))
    own = request.company.currency
    content |= {
        "wanted": wanted,
        "until": wanted.last.replace(day=1),
        "kinds": [
            (kind.value, kind.label, kind.value in wanted.kinds)
            for kind in MovementKind
        ],
        "group": _group(wanted),
        "totals": totals,
        "lines": movement_lines(told_movements(found)),
        "count": sum(total.lines for total in totals),
        "converted": sum(total.converted for total in totals),
        "unconverted": sum(total.unconverted for total in totals),
        "foreign": [total.currency for total in totals] != [own],
        "currency": own,
        "previous_url": _query(wanted) if request.GET.get("at") else "",
        "next_url": _query(wanted, at=f"{found[-1].day}|{found[-1].pk}")
        if more
        else "",
        "csv_query": _query(wanted),
    }
    return render(request, "insights/revenue/movements.html", content)


@require_safe
def revenue_movements_file(request: PersonalRequest) -> HttpResponse:
    """This will hand the same lines out for spreadsheets, 100,000 at most."""
    ledger = ledger_for(request.user)
    today = ledger.last if ledger else dt.date.min
    rows = movements_wanted(request.user, wanted_of(request, today), until=today)
    lines = movements_csv(movement_file(rows), currency=request.company.currency)
    return HttpResponse(
        b"".join(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="movements.csv"'},
    )


def wanted_of(request: PersonalRequest, today: dt.date) -> Wanted:
    """This will read the address; what makes no sense is left out.

    `from` and `to` are months, `month` is both; without any it is the present month.
    """
    asked = request.GET
    alone = month_of(asked.get("month", ""))
    first = alone or month_of(asked.get("from", "")) or today.replace(day=1)
    last = alone or month_of(asked.get("to", "")) or first
    currency, by = asked.get("currency", ""), asked.get("by", "")
    kinds = {part for text in asked.getlist("kind") for part in text.split(",")}
    return Wanted(
        first,
        max(month_end(last), month_end(first)),
        tuple(sorted(int(kind) for kind in kinds & KINDS)),
        currency if CURRENCY.match(currency) else "",
        by if by in DIMENSIONS else "",
        asked.get("value", "").replace("\x00", "")[:80],
        cause if (cause := asked.get("cause", "")) in CAUSES else "",
    )


def _query(wanted: Wanted, **more: str) -> str:
    asked = {"from": f"{wanted.first:%Y-%m}", "to": f"{wanted.last:%Y-%m}"}
    if wanted.kinds:
        asked["kind"] = ",".join(map(str, wanted.kinds))
    if wanted.currency:
        asked["currency"] = wanted.currency
    if wanted.by:
        asked |= {"by": wanted.by, "value": wanted.value}
    if wanted.cause:
        asked["cause"] = wanted.cause
    return f"?{urlencode(asked | more)}"


def _place(text: str) -> Place | None:
    """This will read the line a page begins behind; None for anything that is not one."""
    day, _sign, pk = text.partition("|")
    try:
        place = dt.date.fromisoformat(day), int(pk)
    except ValueError:
        return None
    return place if 0 <= place[1] < 2**63 else None


def _group(wanted: Wanted) -> str:
    """This will say which value of which dimension is shown; empty for everybody."""
    if not wanted.by:
        return str(CAUSES.get(wanted.cause, ""))
    names = names_of(wanted.by, [wanted.value])
    return _("%(dimension)s: %(value)s") % {
        "dimension": DIMENSIONS[wanted.by],
        "value": value_name(wanted.by, wanted.value, names),
    }
