"""What if: what the customers there are would be worth, were things otherwise."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from health.selectors.shown import anybody, shown_run
from health.selectors.value_paths import assumed, kept_paths, path_names
from health.value_forms import WhatIfForm
from health.views.operations import for_leaders
from health.what_if_page import what_if_content, whom_choices


@require_safe
@for_leaders
def what_if(request: PersonalRequest) -> HttpResponse:
    """This will answer a question that stands in the address; 422 where it makes no sense.

    The number of queries is fixed.
    """
    run = shown_run()
    kept = kept_paths(as_of=run.as_of) if run else None
    content: dict[str, Any] = {"run": run, "kept": kept}
    if kept is None:
        content["anybody"] = anybody()
        return render(request, "health/what_if.html", content)
    names, months = path_names(), kept.paths.months
    now = assumed(request.company, months=months)
    form = WhatIfForm(
        request.GET.dict(), now=now, months=months, whom=whom_choices(kept, names)
    )
    content |= {"form": form, "now": now, "currency": request.company.currency}
    if not form.is_valid():
        return render(request, "health/what_if.html", content, status=422)
    content |= what_if_content(
        kept,
        whom=form.cleaned_data["whom"],
        now=now,
        change=form.change(),
        names=names,
        currency=request.company.currency,
    )
    return render(request, "health/what_if.html", content)
