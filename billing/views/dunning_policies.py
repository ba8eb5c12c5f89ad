"""Settings: who is asked for money how, and what a change would do."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.enums import Collection
from billing.forms.dunning_policies import PolicyForm, initial_of
from billing.models import DunningPolicy
from billing.policy_page import (
    is_for_others,
    line_of,
    preview_content,
    used_now,
    versions_of,
)
from billing.selectors.dunning.policies import (
    cases_by_policy,
    policies_in_order,
    policy_digest,
)
from billing.services.dunning.policies import (
    policies_ensure,
    policy_retire,
    policy_save,
)
from billing.services.dunning.policy_values import (
    PolicyValues,
    UnableToSavePolicy,
    usual_steps,
    values_check,
    values_of,
)
from billing.services.dunning.previewing import policy_preview
from common.dates import first_zone, local_day


@require_safe
@for_administrators
def dunning_policies(request: PersonalRequest) -> HttpResponse:
    """This will list the policies in the order in which they are tried.

    The usual two are made where nobody has needed any before.
    """
    policies_ensure(timezone.now())
    counted, currency = cases_by_policy(), request.company.currency
    lines = [
        line_of(row, cases=counted.get(row.pk, 0), currency=currency)
        for row in policies_in_order()
    ]
    groups = [
        (kind, [line for line in lines if line.policy.collection == kind])
        for kind in Collection
    ]
    return render(request, "billing/dunning/policies.html", {"groups": groups})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def dunning_policy_new(request: PersonalRequest, collection: str) -> HttpResponse:
    """This will add a policy for a segment or for amounts from one on."""
    if collection not in Collection.values:
        raise Http404
    kind = Collection(collection)
    usual = PolicyValues(name="", collection=kind, steps=usual_steps(kind))
    return _form_answer(request, None, usual)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def dunning_policy(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a policy to be changed, what that would do, and its history."""
    policy = _policy(pk)
    return _form_answer(request, policy, values_of(policy))


@require_POST
@for_administrators
def dunning_policy_retire(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take a policy out of use; open cases keep it to their end."""
    policy = _policy(pk)
    try:
        policy_retire(policy=policy, by=actor_of(request), now=timezone.now())
    except UnableToSavePolicy as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("dunning_policy", args=[pk]))
    text = _("%(name)s is used for nothing new.") % {"name": policy.name}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("dunning_policies"))


def _policy(pk: int) -> DunningPolicy:
    rows = DunningPolicy.objects.filter(retired_at__isnull=True)
    return get_object_or_404(rows.select_related("segment"), pk=pk)


def _form_answer(
    request: PersonalRequest, policy: DunningPolicy | None, stored: PolicyValues
) -> HttpResponse:
    """This will show the form, what it would do where that is asked, or save it."""
    form = PolicyForm(
        request.POST if request.method == "POST" else None,
        collection=stored.collection,
        others=policy is not None and is_for_others(policy),
        initial={
            **initial_of(stored),
            "seen": policy_digest(policy) if policy else "",
        },
    )
    content: dict[str, Any] = {"form": form, "policy": policy}
    status = 200
    if form.is_bound:
        saved = None
        if not form.is_valid():
            status = 422
        elif "preview" in request.POST:
            status = _preview(request, form, policy, content)
        else:
            saved, status = _save(request, form, policy, content)
        if saved is not None:
            return saved
    content |= _around(request, policy, stored)
    return render(request, "billing/dunning/policy.html", content, status=status)


def _preview(
    request: PersonalRequest,
    form: PolicyForm,
    policy: DunningPolicy | None,
    content: dict[str, Any],
) -> int:
    values, now = form.values(), timezone.now()
    try:
        values_check(values)
    except UnableToSavePolicy as error:
        form.add_error(None, str(error))
        return 422
    today = local_day(now, first_zone(request.company.time_zone))
    found = policy_preview(draft=values, today=today, now=now, policy=policy)
    currency = request.company.currency
    content |= preview_content(found, values, currency=currency, using=used_now(policy))
    return 200


def _save(
    request: PersonalRequest,
    form: PolicyForm,
    policy: DunningPolicy | None,
    content: dict[str, Any],
) -> tuple[HttpResponse | None, int]:
    """This will save; what somebody else has saved meanwhile is shown first."""
    seen = form.cleaned_data["seen"]
    if policy is not None and seen != policy_digest(policy):
        content["met"] = True
        # Saved once more it is meant. No field of the form has several values.
        form.data = {**request.POST.dict(), "seen": policy_digest(policy)}
        return None, 409
    try:
        row = policy_save(
            policy=policy,
            values=form.values(),
            seen=seen,
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSavePolicy as error:
        form.add_error(None, str(error))
        return None, 422
    text = _("Saved. Payments that fail from now on are collected so: %(name)s.")
    messages.success(request, text % {"name": row.name})
    return HttpResponseRedirect(reverse("dunning_policies")), 302


def _around(
    request: PersonalRequest, policy: DunningPolicy | None, stored: PolicyValues
) -> dict[str, Any]:
    content: dict[str, Any] = {
        "currency": request.company.currency,
        "charged": stored.collection == Collection.CHARGE,
        "collection": stored.collection,
        "others": False,
    }
    if policy is None:
        return content
    cases = cases_by_policy().get(policy.pk, 0)
    return content | {
        "line": line_of(policy, cases=cases, currency=request.company.currency),
        "versions": versions_of(policy),
        "others": is_for_others(policy),
    }
