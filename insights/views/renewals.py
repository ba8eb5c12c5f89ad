"""Renewals that come up, with what is expected of them."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from accounts.models import User
from billing.calculations.renewals_forecast import by_month, outlook, within
from billing.models import RenewalState
from common.dates import first_zone
from customers.access import customer_for
from customers.models import Customer
from health.selectors.shown import anybody
from insights.renewals_charts import months_figure, range_words
from insights.renewals_rows import rows_of
from insights.selectors.renewals import (
    BY_DATE,
    BY_WEIGHT,
    Window,
    checkpoints_open,
    known_of,
    renewal_state,
    renewals_page,
    sums_for,
)

DAYS, USUAL = (30, 60, 90, 180), 90
MONTHS = 6


@require_safe
def renewals(request: PersonalRequest) -> HttpResponse:
    """This will list renewals of the next days. The number of queries is fixed."""
    user, today = request.user, company_day(request)
    state, customer = renewal_state(), _customer(request)
    content: dict[str, Any] = {"state": state, "customer": customer, "at": "renewals"}
    if state.filled_at is None:
        content["anybody"] = anybody()
        return render(request, "insights/renewals/list.html", content)
    currency = request.company.currency
    days, order = _days(request), _order(request)
    window = Window(
        today, 366 if customer else days, order, customer.pk if customer else None
    )
    behind = request.GET.get("at", "")
    page = renewals_page(user, window, behind)
    known = known_of(page.rows, today=today)
    rows = rows_of(page.rows, known, today=today, currency=currency)
    base: dict[str, Any] = {"days": days, "order": order}
    if customer:
        base["customer"] = customer.pk
    content |= {
        "rows": rows,
        "days": days,
        "order": order,
        "windows": [(n, _url(base | {"days": n})) for n in DAYS],
        "orders": [
            (BY_WEIGHT, _("Most at risk first"), _url(base | {"order": BY_WEIGHT})),
            (BY_DATE, _("Next first"), _url(base | {"order": BY_DATE})),
        ],
        "next_url": _url(base | {"at": page.following}) if page.following else "",
        "first_url": _url(base) if behind else "",
        "currency": currency,
    }
    if customer is None:
        content |= _forecast(user, state, today, days, currency)
    return render(request, "insights/renewals/list.html", content)


def _forecast(
    user: User, state: RenewalState, today: dt.date, days: int, currency: str
) -> dict[str, Any]:
    """This will say what the renewals bring. Two queries at most."""
    sums = sums_for(user, state)
    coming = outlook(within(sums, today, today + dt.timedelta(days=days)))
    return {
        "coming": coming,
        "range": range_words(coming.low, coming.high, currency, brief=True),
        "figure": months_figure(by_month(sums, today, MONTHS), currency=currency),
        "waiting": checkpoints_open(user, today=today),
    }


def company_day(request: PersonalRequest) -> dt.date:
    """This will return the company's day: renewals are days there, wherever one sits."""
    return timezone.localdate(timezone=first_zone(request.company.time_zone))


def _customer(request: PersonalRequest) -> Customer | None:
    asked = request.GET.get("customer", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    return customer_for(request.user, int(asked))


def _days(request: PersonalRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(days) for days in DAYS} else USUAL


def _order(request: PersonalRequest) -> str:
    return BY_DATE if request.GET.get("order") == BY_DATE else BY_WEIGHT


def _url(parts: dict[str, Any]) -> str:
    usual = {"days": USUAL, "order": BY_WEIGHT}
    told = {key: value for key, value in parts.items() if value != usual.get(key)}
    return f"?{urlencode(told)}"
