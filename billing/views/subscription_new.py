"""Starting a subscription."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.forms.starting import StartForm
from billing.models import Plan
from billing.previews import start_preview
from billing.services.subscriptions import (
    UnableToChangeSubscription,
    subscription_start,
)
from common.dates import local_day
from customers.access import editable_customer_for


@require_http_methods(["GET", "HEAD", "POST"])
def subscription_new(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will start a subscription: a first POST says what it means, a second does it."""
    customer, now = editable_customer_for(request.user, pk), timezone.now()
    today = local_day(now, ZoneInfo(request.company.time_zone))
    form = StartForm(
        request.POST if request.method == "POST" else None,
        customer=customer,
        today=today,
        ours=request.company.currency,
    )
    preview = None
    if form.is_bound and form.is_valid():
        try:
            preview = start_preview(customer, form.values(), today=today)
            if request.POST.get("do") == "take":
                made = subscription_start(
                    customer=customer,
                    values=form.values(),
                    by=actor_of(request),
                    now=now,
                    note=form.cleaned_data["note"],
                )
                messages.success(request, _("The subscription is noted."))
                return HttpResponseRedirect(reverse("subscription", args=[made.pk]))
        except UnableToChangeSubscription as error:
            form.add_error(None, str(error))
    content = {
        "customer": customer,
        "form": form,
        "preview": preview,
        "sold": Plan.objects.exists(),
    }
    status = 422 if form.errors else 200
    return render(request, "billing/subscription_new.html", content, status=status)
