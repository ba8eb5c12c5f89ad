"""New prices, and moving everybody from one to another."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import for_leaders
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.forms.catalogue import MoveForm, NewPriceForm
from billing.models import Plan, PriceVersion
from billing.selectors.catalogue import move_preview
from billing.services.catalogue import UnableToSetPrice, price_add
from billing.services.subscriptions import UnableToChangeSubscription
from billing.services.subscriptions.price_moves import price_move_ask
from common.dates import local_day


@require_http_methods(["GET", "HEAD", "POST"])
@for_leaders
def price_new(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will give a plan a new version of its price."""
    plan, now = get_object_or_404(Plan, pk=pk), timezone.now()
    today = local_day(now, ZoneInfo(request.company.time_zone))
    form = NewPriceForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        today=today,
        ours=request.company.currency,
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            price_add(
                plan=plan,
                amount=data["amount"],
                currency=data["currency"],
                interval_months=data.get("interval_months"),
                valid_on=data["valid_on"],
                today=today,
                by=actor_of(request),
                now=now,
            )
        except UnableToSetPrice as error:
            form.add_error("amount", str(error))
        else:
            text = _("The price is noted. Whoever subscribed before keeps the old one.")
            messages.success(request, text)
            return HttpResponseRedirect(reverse("plan", args=[pk]))
    content = {"plan": plan, "form": form}
    status = 422 if form.errors else 200
    return render(request, "billing/price_new.html", content, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leaders
def price_move(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will move everybody on a price: first how many and how much, then the move."""
    rows = PriceVersion.objects.select_related("plan")
    source, now = get_object_or_404(rows, pk=pk), timezone.now()
    today = local_day(now, ZoneInfo(request.company.time_zone))
    data = request.POST if request.method == "POST" else None
    form, preview = MoveForm(data, source=source), None
    if form.is_bound and form.is_valid():
        preview = move_preview(source=source, target=form.chosen, today=today)
        if request.POST.get("do") == "take":
            try:
                price_move_ask(
                    source=source,
                    target=form.chosen,
                    on=form.cleaned_data["on"],
                    by=actor_of(request),
                    now=now,
                )
            except UnableToChangeSubscription as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("They are being moved."))
                return HttpResponseRedirect(reverse("plan", args=[source.plan_id]))
    content = {"source": source, "plan": source.plan, "form": form, "preview": preview}
    status = 422 if form.errors else 200
    return render(request, "billing/price_move.html", content, status=status)
