"""What people say of a renewal, and where they and the machine disagree."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import LEADERS, for_leaders
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.models import RenewalCheckpoint
from customers.access import editable_row_for, row_for
from insights.renewals_forms import SettleForm, ViewForm
from insights.renewals_rows import View
from insights.selectors.renewals import boards_of, disagreements
from insights.services.checkpoints import (
    UnableToSayView,
    UnableToSettle,
    checkpoint_settle,
    checkpoint_view,
)
from insights.views.renewals import company_day

WITH = ("customer__owner", "subscription__plan", "viewed_by", "settled_by")
ALWAYS = ["GET", "HEAD", "POST"]


@require_http_methods(ALWAYS)
def renewal_checkpoint(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show both views of a renewal, and put the person's on record."""
    if request.method != "POST":
        checkpoint = row_for(
            request.user, RenewalCheckpoint.objects.select_related(*WITH), pk
        )
        said = {"view": checkpoint.view, "plan": checkpoint.plan}
        return _page(request, checkpoint, ViewForm(initial=said))
    checkpoint = editable_row_for(
        request.user, RenewalCheckpoint.objects.select_related(*WITH), pk
    )
    form = ViewForm(request.POST)
    if not form.is_valid():
        return _page(request, checkpoint, form, 422)
    try:
        checkpoint_view(
            checkpoint=checkpoint,
            view=form.cleaned_data["view"],
            plan=form.cleaned_data["plan"],
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSayView as refusal:
        form.add_error(None, str(refusal))
        return _page(request, checkpoint, form, 422)
    messages.success(request, _("Your view is on record."))
    return HttpResponseRedirect(_back(checkpoint))


@require_http_methods(ALWAYS)
@for_leaders
def renewal_settle(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will settle a disagreement. For those who lead."""
    checkpoint = editable_row_for(
        request.user, RenewalCheckpoint.objects.select_related(*WITH), pk
    )
    if request.method != "POST":
        said = {"view": checkpoint.settled_view, "note": checkpoint.settled_note}
        return _page(request, checkpoint, SettleForm(initial=said), settle=True)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, checkpoint, form, 422, settle=True)
    try:
        checkpoint_settle(
            checkpoint=checkpoint,
            view=form.cleaned_data["view"],
            note=form.cleaned_data["note"],
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSettle as refusal:
        form.add_error(None, str(refusal))
        return _page(request, checkpoint, form, 422, settle=True)
    messages.success(request, _("Settled. Both views stay on record."))
    return HttpResponseRedirect(reverse("renewal_disagreements"))


@require_safe
@for_leaders
def renewal_disagreements(request: PersonalRequest) -> HttpResponse:
    """This will list where the machine and people disagree. For those who lead."""
    today = company_day(request)
    rows = disagreements(request.user, today=today)
    content: dict[str, Any] = {
        "rows": [(row, View(row, today)) for row in rows],
        "currency": request.company.currency,
        "at": "disagreements",
    }
    return render(request, "insights/renewals/disagreements.html", content)


def _back(checkpoint: RenewalCheckpoint) -> str:
    return f"{reverse('renewals')}?customer={checkpoint.customer_id}"


def _page(
    request: PersonalRequest,
    checkpoint: RenewalCheckpoint,
    form: ViewForm | SettleForm,
    status: int = 200,
    *,
    settle: bool = False,
) -> HttpResponse:
    today = company_day(request)
    content = {
        "checkpoint": checkpoint,
        "said": View(checkpoint, today),
        "board": boards_of([checkpoint.customer_id]).get(checkpoint.customer_id),
        "form": form,
        "settle": settle,
        "leads": request.user.role in LEADERS,
        "back": _back(checkpoint),
        "currency": request.company.currency,
    }
    return render(request, "insights/renewals/checkpoint.html", content, status=status)
