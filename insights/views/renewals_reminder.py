"""Whether customers are told of a yearly charge before it comes."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.selectors.reminders import reminder_rules, reminders_next_week
from billing.services.reminders import (
    UnableToSaveReminders,
    reminder_test,
    reminders_change,
)
from insights.renewals_forms import ReminderForm
from insights.renewals_record_words import line_of
from insights.selectors.renewals import renewal_state
from insights.selectors.renewals_record import Tally
from insights.views.renewals import company_day


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def renewal_reminder(request: PersonalRequest) -> HttpResponse:
    """This will show and save whether and when customers are told. Administrators'."""
    if request.method != "POST":
        return _page(request, ReminderForm(stored=reminder_rules()))
    form = ReminderForm(request.POST, stored=reminder_rules())
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        changed = reminders_change(
            is_on=form.cleaned_data["is_on"],
            days_before=form.cleaned_data["days_before"],
            seen=form.seen,
            by=actor_of(request),
            today=company_day(request),
            now=timezone.now(),
        )
    except UnableToSaveReminders:
        form.meet(reminder_rules())
        return _page(request, form, 409)
    if changed:
        messages.success(request, _("Saved."))
    else:
        messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(request.path)


@require_POST
@for_administrators
def renewal_reminder_test(request: PersonalRequest) -> HttpResponse:
    """This will send the person an example."""
    effect = request.POST.get("effect", "")[:40] or secrets.token_hex(8)
    if reminder_test(effect=effect, by=request.user, now=timezone.now()):
        words = {"email": request.user.email}
        messages.success(request, _("An example goes to %(email)s.") % words)
    else:
        messages.info(request, _("That was sent already."))
    return HttpResponseRedirect(reverse("renewal_reminder"))


def _page(
    request: PersonalRequest, form: ReminderForm, status: int = 200
) -> HttpResponse:
    rules, state = reminder_rules(), renewal_state()
    content: dict[str, Any] = {
        "form": form,
        "rules": rules,
        "next_week": reminders_next_week(rules, today=company_day(request)),
        "charges": _charges(state.charges),
        "effect": secrets.token_hex(8),
        "at": "reminder",
    }
    return render(request, "insights/renewals/reminder.html", content, status=status)


def _charges(counted: dict[str, list[int]]) -> list[Any]:
    """This will name how many yearly charges were taken back, with a reminder and not."""
    names = (("told", _("With a reminder")), ("silent", _("Without a reminder")))
    found = []
    for key, name in names:
        charges, back = counted.get(key, [0, 0])
        found.append((line_of(name, Tally(back, charges)), back))
    return found
