"""Changing a subscription: what it would mean first, then the change."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.forms.subscriptions import FORMS, StepForm
from billing.models import Subscription
from billing.previews import Preview, preview_of, start_preview
from billing.services.subscriptions import (
    UnableToChangeSubscription,
    subscription_reactivate,
    subscription_take_back,
)
from billing.services.subscriptions.reactivating import reactivation_values
from billing.services.subscriptions.situation import Situation, situation_of
from billing.services.subscriptions.writing import step_take
from billing.subscription_page import actions_for, subscription_name
from customers.access import editable_row_for


def _found(request: PersonalRequest, pk: int) -> Subscription:
    return editable_row_for(
        request.user, Subscription.objects.select_related("customer", "plan"), pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
def subscription_action(request: PersonalRequest, pk: int, action: str) -> HttpResponse:
    """This will ask what to change; a first POST shows what it means, a second makes it."""
    subscription, now = _found(request, pk), timezone.now()
    situation = situation_of(subscription, now=now)
    back = reverse("subscription", args=[pk])
    if action not in FORMS:
        raise Http404
    if action not in actions_for(subscription, situation.course, situation.today):
        messages.warning(request, _("That is not possible as it stands now."))
        return HttpResponseRedirect(back)
    if request.method != "POST":
        initial = {"seen": _newest(situation)}
        form = FORMS[action](situation=situation, initial=initial)
        # What asks nothing says at once what it means.
        preview = None
        if not form.has_day:
            preview = preview_of(situation, form.step().planned(situation))
        return _page(request, situation, form, preview)
    form = FORMS[action](request.POST, situation=situation)
    preview = _looked(form)
    if preview is None:
        return _page(request, situation, form, None, status=422)
    stale = form.cleaned_data["seen"] != _newest(situation)
    if request.POST.get("do") != "take" or stale:
        return _page(request, situation, form, preview, stale=stale)
    step_take(
        subscription=subscription,
        step=form.step(),
        by=actor_of(request),
        now=now,
        note=form.cleaned_data["note"],
    )
    messages.success(request, preview.headline)
    return HttpResponseRedirect(back)


@require_POST
def subscription_booked_take_back(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take back what is booked for a day to come."""
    subscription, now = _found(request, pk), timezone.now()
    day = parse_date(request.POST.get("day", "")[:10])
    if day is None:
        raise Http404
    try:
        subscription_take_back(
            subscription=subscription, day=day, by=actor_of(request), now=now
        )
    except UnableToChangeSubscription as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("What was booked for that day is taken back."))
    return HttpResponseRedirect(reverse("subscription", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def subscription_again(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take up a subscription that has ended, from today, as a new one."""
    subscription, now = _found(request, pk), timezone.now()
    try:
        if request.method == "POST":
            made = subscription_reactivate(
                subscription=subscription, by=actor_of(request), now=now
            )
            messages.success(request, _("It runs again, from today."))
            return HttpResponseRedirect(reverse("subscription", args=[made.pk]))
        situation = situation_of(subscription, now=now)
        values = reactivation_values(situation)
        preview = start_preview(subscription.customer, values, today=situation.today)
    except UnableToChangeSubscription as error:
        messages.warning(request, str(error))
        return HttpResponseRedirect(reverse("subscription", args=[pk]))
    content = {
        "subscription": subscription,
        "customer": subscription.customer,
        "name": subscription_name(subscription),
        "preview": preview,
    }
    return render(request, "billing/subscription_again.html", content)


def _newest(situation: Situation) -> str:
    return str(max(line.pk for line in situation.log))


def _looked(form: StepForm) -> Preview | None:
    """This will say what a form means; None, with the reason in the form, where it cannot."""
    if not form.is_valid():
        return None
    try:
        return preview_of(form.situation, form.step().planned(form.situation))
    except UnableToChangeSubscription as error:
        form.add_error(None, str(error))
        return None


def _page(
    request: PersonalRequest,
    situation: Situation,
    form: StepForm,
    preview: Preview | None,
    *,
    stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    subscription = situation.subscription
    if form.is_bound:
        typed: Any = form.data
        form.data = {**typed.dict(), "seen": _newest(situation)}
    content = {
        "subscription": subscription,
        "customer": subscription.customer,
        "name": subscription_name(subscription),
        "form": form,
        "fields": [form[name] for name in form.fields if name != "seen"],
        "preview": preview,
        "stale": stale,
    }
    return render(request, "billing/subscription_action.html", content, status=status)
