"""What we sell: everybody reads it, administrators and managers change it."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.access import LEADERS, for_leaders
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.catalogue_page import plan_content
from billing.forms.catalogue import NameForm, PlanForm
from billing.models import Plan
from billing.selectors.catalogue import plan_lines
from billing.services.catalogue import (
    UnableToAddPlan,
    plan_add,
    plan_rename,
    plan_retire,
    plan_sell_again,
)
from common.dates import local_day
from common.undo import message_with_undo, way_back


@require_safe
def catalogue(request: PersonalRequest) -> HttpResponse:
    """This will list what is sold and what was."""
    now = timezone.now()
    today = local_day(now, ZoneInfo(request.company.time_zone))
    lines = plan_lines(user=request.user, today=today)

    def retired(plan: Plan) -> bool:
        return plan.retired_on is not None and plan.retired_on <= today

    content = {
        "sold": [line for line in lines if not retired(line.plan)],
        "retired": [line for line in lines if retired(line.plan)],
        "may_change": request.user.role in LEADERS,
        "everybody": request.user.reach.sees.everybody,
        "today": today,
    }
    return render(request, "billing/catalogue.html", content)


@require_http_methods(["GET", "HEAD", "POST"])
@for_leaders
def plan_new(request: PersonalRequest) -> HttpResponse:
    """This will add a plan and go on to its first price."""
    form = PlanForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            plan = plan_add(
                values=form.values(), by=actor_of(request), now=timezone.now()
            )
        except UnableToAddPlan as error:
            form.add_error(None, str(error))
        else:
            text = _("%(name)s is in the catalogue. Give it a price.")
            messages.success(request, text % {"name": plan.name})
            return HttpResponseRedirect(reverse("price_new", args=[plan.pk]))
    content = {"form": form}
    status = 422 if form.errors else 200
    return render(request, "billing/plan_new.html", content, status=status)


@require_safe
def plan(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a plan: its prices in versions and who is on which."""
    found, now = _plan(pk), timezone.now()
    today = local_day(now, ZoneInfo(request.company.time_zone))
    content = plan_content(found, user=request.user, today=today)
    content["name_form"] = NameForm(initial={"name": found.name})
    return render(request, "billing/plan.html", content)


@require_POST
@for_leaders
def plan_name(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will give a plan another name."""
    found, now = _plan(pk), timezone.now()
    form = NameForm(request.POST)
    if form.is_valid():
        plan_rename(
            plan=found, name=form.cleaned_data["name"], by=actor_of(request), now=now
        )
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("plan", args=[pk]))
    today = local_day(now, ZoneInfo(request.company.time_zone))
    content = plan_content(found, user=request.user, today=today)
    content["name_form"] = form
    return render(request, "billing/plan.html", content, status=422)


@require_POST
@for_leaders
def plan_retire_page(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will sell a plan to nobody new from today on, with a way to take it back."""
    found, now = _plan(pk), timezone.now()
    today = local_day(now, ZoneInfo(request.company.time_zone))
    plan_retire(plan=found, on=today, by=actor_of(request), now=now)
    text = _("%(name)s is sold to nobody new.") % {"name": found.name}
    back = reverse("plan", args=[pk])
    url = reverse("plan_sell_again", args=[pk])
    message_with_undo(request, text, url=url, back=back)
    return HttpResponseRedirect(back)


@require_POST
@for_leaders
def plan_sell_again_page(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will sell a retired plan again."""
    found = _plan(pk)
    plan_sell_again(plan=found, by=actor_of(request), now=timezone.now())
    messages.success(request, _("%(name)s is sold again.") % {"name": found.name})
    return HttpResponseRedirect(way_back(request, reverse("plan", args=[pk])))


def _plan(pk: int) -> Plan:
    return get_object_or_404(Plan.objects.select_related("product"), pk=pk)
