"""What is expected of a customer, and what stands behind it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from customers.access import customer_for
from health.views.customer_forecast_page import forecast_content


@require_safe
def customer_forecast(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a customer's chance of leaving, its value, and why both are so."""
    customer = customer_for(request.user, pk)
    content = forecast_content(
        customer=customer,
        user=request.user,
        company=request.company,
        now=timezone.now(),
    )
    return render(
        request,
        "health/customer_forecast/page.html",
        {"customer": customer, "currency": request.company.currency, **content},
    )
