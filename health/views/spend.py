"""Money spent on winning customers, and the campaigns it was spent on, by hand."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_leaders
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.dates import local_day
from common.undo import message_with_undo, way_back
from customers.models import AcquisitionSpend, Campaign
from customers.services.campaigns import campaign_add, campaign_change
from customers.services.spend import (
    UnableToNoteSpend,
    spend_add,
    spend_delete,
    spend_restore,
)
from health.acquisition_forms import CampaignForm, SpendForm
from health.selectors.acquisition import acquisition_day
from health.selectors.spend import (
    PAGE_SIZE,
    SpendEdge,
    campaigns_listed,
    sources_named,
    spend_page,
)

METHODS = ["GET", "HEAD", "POST"]
# What was deleted last, so that it can be brought back; it ends with the session.
DELETED = "health.spend_deleted"


@require_http_methods(METHODS)
@for_leaders
def spend(request: PersonalRequest) -> HttpResponse:
    """This will list spend and campaigns, and note what was spent."""
    now = timezone.now()
    today = local_day(now, ZoneInfo(request.company.time_zone))
    data = request.POST if request.method == "POST" else None
    form = SpendForm(data, currency=request.company.currency, today=today)
    if data is not None and form.is_valid():
        try:
            spend_add(values=form.values(), by=actor_of(request), now=now)
        except UnableToNoteSpend as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Noted. The figures count it already."))
            return HttpResponseRedirect(reverse("spend"))
    return _page(request, form)


@require_POST
@for_leaders
def spend_remove(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will delete a row, with a way to take it back."""
    stored = get_object_or_404(AcquisitionSpend, pk=pk)
    request.session[DELETED] = spend_delete(
        spend=stored, by=actor_of(request), now=timezone.now()
    )
    back = reverse("spend")
    message_with_undo(request, _("Deleted."), url=reverse("spend_restore"), back=back)
    return HttpResponseRedirect(back)


@require_POST
@for_leaders
def spend_return(request: PersonalRequest) -> HttpResponse:
    """This will bring back what the person deleted last."""
    kept = request.session.pop(DELETED, None)
    if kept is None:
        messages.info(request, _("There is nothing to bring back."))
    else:
        spend_restore(kept=kept, by=actor_of(request), now=timezone.now())
        messages.success(request, _("It is back."))
    return HttpResponseRedirect(way_back(request, reverse("spend")))


@require_http_methods(METHODS)
@for_leaders
def campaign_new(request: PersonalRequest) -> HttpResponse:
    """This will ask for a campaign and keep it."""
    form = CampaignForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _campaign_page(request, form)
    campaign = campaign_add(
        values=form.values(), by=actor_of(request), now=timezone.now()
    )
    messages.success(request, _("Kept: %(name)s") % {"name": campaign.name})
    return HttpResponseRedirect(reverse("spend"))


@require_http_methods(METHODS)
@for_leaders
def campaign_edit(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show and change a campaign."""
    stored = get_object_or_404(Campaign, pk=pk)
    names = ("name", "source", "starts_on", "ends_on", "note")
    form = CampaignForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(stored, name) for name in names},
    )
    if request.method != "POST" or not form.is_valid():
        return _campaign_page(request, form, stored)
    campaign_change(
        campaign=stored,
        values=form.values(),
        by=actor_of(request),
        now=timezone.now(),
    )
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("spend"))


def _page(request: PersonalRequest, form: SpendForm) -> HttpResponse:
    edge = _edge(request.GET.get("at", ""))
    rows = spend_page(behind=edge)
    shown = rows[:PAGE_SIZE]
    older = ""
    if len(rows) > PAGE_SIZE:
        older = f"?at={shown[-1].spent_on.isoformat()}_{shown[-1].pk}"
    content: dict[str, Any] = {
        "form": form,
        "rows": shown,
        "campaigns": campaigns_listed(),
        "sources": _sources(),
        "previous_url": reverse("spend") if edge else "",
        "next_url": older,
    }
    status = 422 if form.is_bound else 200
    return render(request, "health/spend.html", content, status=status)


def _campaign_page(
    request: PersonalRequest, form: CampaignForm, stored: Campaign | None = None
) -> HttpResponse:
    content = {"form": form, "stored": stored, "sources": _sources()}
    status = 422 if form.is_bound else 200
    return render(request, "health/campaign.html", content, status=status)


def _sources() -> list[str]:
    day = acquisition_day()
    return sources_named(day.parameters["sources"] if day else ())


def _edge(text: str) -> SpendEdge | None:
    """This will read where a page begins; what makes no sense is the first page."""
    day, _sign, pk = text.partition("_")
    try:
        return SpendEdge(dt.date.fromisoformat(day), int(pk[:18]))
    except ValueError:
        return None
