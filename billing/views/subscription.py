"""The page of a subscription: what it is, what is to come, and its log."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from billing.models import Subscription
from billing.subscription_page import subscription_content
from common.dates import local_day
from customers.access import row_for


@require_safe
def subscription(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a subscription of a customer that the person may see."""
    found: Subscription = row_for(
        request.user,
        Subscription.objects.select_related("customer", "plan", "parent__plan"),
        pk,
    )
    now = timezone.now()
    today = local_day(now, ZoneInfo(request.company.time_zone))
    content = subscription_content(found, today=today)
    return render(request, "billing/subscription_page.html", content)
