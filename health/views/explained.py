"""A customer's health over time, why it moved, and the rows behind each measure."""

import datetime as dt

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from customers.access import customer_for
from health.measures import MEASURES
from health.views.explained_page import health_page
from health.views.measure_page import measure_content


@require_safe
def customer_health(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a customer's score over time, why it moved and every measure."""
    return health_page(request, customer_for(request.user, pk))


@require_safe
def customer_measure(request: PersonalRequest, pk: int, key: str) -> HttpResponse:
    """This will show one measure of a customer on a day, and the rows behind it."""
    customer = customer_for(request.user, pk)
    if key not in MEASURES:
        raise Http404
    content = measure_content(
        customer=customer,
        key=key,
        on=_day(request.GET.get("on", "")),
        company=request.company,
    )
    return render(request, "health/measure.html", {"customer": customer, **content})


def _day(text: str) -> dt.date | None:
    """This will read a day of the address; anything else is no day."""
    try:
        return parse_date(text)
    except ValueError:
        return None
