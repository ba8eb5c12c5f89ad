"""One failed payment, and what people do about it."""

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor, actor_of
from accounts.http import PersonalRequest
from billing.dunning_page import acts_of, case_page, context_of
from billing.dunning_rows import rows_of
from billing.forms.dunning_case import FORMS, CaseForm, HandOverForm
from billing.models import DunningCase
from billing.selectors.dunning.page import people_for
from billing.selectors.pay_links import pay_token
from billing.services.dunning.handing import case_hand_over
from billing.services.dunning.people import (
    BY_HAND,
    WRITTEN_OFF,
    case_called,
    case_reopen,
    case_stop,
    case_try_now,
    case_wait,
    hard_refused,
)
from common.dates import first_zone, local_day
from common.errors import KeepwellError
from customers.access import editable_row_for, row_for

WITH = ("invoice__gateway", "customer__owner", "method")


@require_safe
def dunning_case(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a failed payment: how it stands, what was done, what comes."""
    case: DunningCase = row_for(
        request.user, DunningCase.objects.select_related(*WITH), pk
    )
    page = case_page(
        case, user=request.user, company=request.company, now=timezone.now()
    )
    content = context_of(page) | _link(request, case)
    return render(request, "billing/dunning/case.html", content)


def _link(request: PersonalRequest, case: DunningCase) -> dict[str, str]:
    """This will make the link to the customer's page, for whoever may send it to them."""
    if case.customer.owner_id not in request.user.reach.changes:
        return {}
    path = reverse("pay", args=[pay_token(case.invoice_id)])
    base = request.company.base_url or request.build_absolute_uri("/")
    return {"pay_url": base.rstrip("/") + path}


@require_http_methods(["GET", "HEAD", "POST"])
def dunning_act(request: PersonalRequest, pk: int, action: str) -> HttpResponse:
    """This will ask what an action needs, and do it; 422 shows what is amiss."""
    case: DunningCase = editable_row_for(
        request.user, DunningCase.objects.select_related(*WITH), pk
    )
    if action not in FORMS:
        raise Http404
    now, back = timezone.now(), reverse("dunning_case", args=[pk])
    [row] = rows_of([case], company=request.company, now=now)
    if action not in acts_of(row):
        messages.warning(request, _("That is not possible as it stands now."))
        return HttpResponseRedirect(back)
    people = people_for(case, company=request.company) if action == "hand-over" else []
    form = FORMS[action](
        request.POST if request.method == "POST" else None,
        today=local_day(now, first_zone(request.company.time_zone)),
        hard=action == "try" and hard_refused(case.invoice),
        people=people,
    )
    if form.is_valid():
        try:
            said = ACTS[action](case, form, actor_of(request), now)
        except KeepwellError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return HttpResponseRedirect(back)
    content = {"form": form, "case": case, "customer": case.customer, "row": row}
    status = 422 if form.errors else 200
    return render(request, "billing/dunning/act.html", content, status=status)


def _try(case: DunningCase, form: CaseForm, by: Actor, now: dt.datetime) -> str:
    sure = form.cleaned_data.get("sure", False)
    case_try_now(case=case, by=by, now=now, confirmed=sure)
    return _("It is being tried now. Load the page again in a moment.")


def _wait(case: DunningCase, form: CaseForm, by: Actor, now: dt.datetime) -> str:
    data = form.cleaned_data
    case_wait(case=case, until=data["until"], reason=data["note"], by=by, now=now)
    return _("It is left alone until then.")


def _resume(case: DunningCase, form: CaseForm, by: Actor, now: dt.datetime) -> str:
    del form
    case_wait(case=case, until=None, reason="", by=by, now=now)
    return _("It goes on.")


def _call(case: DunningCase, form: CaseForm, by: Actor, now: dt.datetime) -> str:
    case_called(case=case, note=form.cleaned_data["note"], by=by, now=now)
    return _("The call is logged.")


def _stop(case: DunningCase, form: CaseForm, by: Actor, now: dt.datetime) -> str:
    data = form.cleaned_data
    reason = WRITTEN_OFF if data["written_off"] else BY_HAND
    case_stop(case=case, note=data["note"], by=by, now=now, reason=reason)
    return _("Stopped. Nothing is charged or written any more.")


def _reopen(case: DunningCase, form: CaseForm, by: Actor, now: dt.datetime) -> str:
    del form
    case_reopen(case=case, by=by, now=now)
    return _("Taken up again.")


def _hand_over(case: DunningCase, form: CaseForm, by: Actor, now: dt.datetime) -> str:
    assert isinstance(form, HandOverForm)  # noqa: S101 - by FORMS
    to = form.chosen()
    case_hand_over(case=case, to=to, note=form.cleaned_data["note"], by=by, now=now)
    return _("%(name)s has got the task.") % {"name": to.name}


Act = Callable[[DunningCase, CaseForm, Actor, dt.datetime], str]
ACTS: dict[str, Act] = {
    "try": _try,
    "call": _call,
    "wait": _wait,
    "resume": _resume,
    "stop": _stop,
    "reopen": _reopen,
    "hand-over": _hand_over,
}
