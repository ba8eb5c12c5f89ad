"""What a draft would change, before it is published."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import for_leaders
from accounts.http import PersonalRequest
from customers.access import customer_for
from customers.models import Customer
from customers.selectors.search import customers_named
from health.measures import MEASURES
from health.models import Preview, Scorecard, ScorecardVersion
from health.selectors.preview_customer import PreviewCustomer, preview_customer
from health.services.previews import preview_again, preview_ensure
from health.views.preview_page import difference_content
from health.views.preview_past import past_content

LONGEST = 100
FOUND = 10


@require_http_methods(["GET", "HEAD", "POST"])
@for_leaders
def preview(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show what the draft would change; a POST tries a failed one again."""
    card = get_object_or_404(Scorecard, pk=pk)
    version = _draft(card)
    content: dict[str, Any] = {"scorecard": card, "version": version}
    made = preview_ensure(version=version, now=timezone.now()) if version else None
    if request.method == "POST":
        if made:
            preview_again(preview=made, now=timezone.now())
        return HttpResponseRedirect(request.path)
    content |= {"preview": made, "currency": request.company.currency}
    if made and made.result.get("past") is not None:
        content |= _found(request, made)
    return render(request, "health/scorecards/preview.html", content)


@require_safe
@for_leaders
def preview_of_customer(
    request: PersonalRequest, pk: int, customer: int
) -> HttpResponse:
    """This will show one customer's score by the draft, line by line."""
    card = get_object_or_404(Scorecard, pk=pk)
    seen = customer_for(request.user, customer)
    version = _draft(card)
    made = preview_ensure(version=version, now=timezone.now()) if version else None
    found = _of_customer(made, version, seen)
    content = {
        "scorecard": card,
        "version": version,
        "customer": seen,
        "preview": made,
        "found": found,
        "lines": _said(found, made) if found and made else [],
    }
    return render(request, "health/scorecards/preview_customer.html", content)


def _draft(card: Scorecard) -> ScorecardVersion | None:
    drafts = ScorecardVersion.objects.filter(scorecard=card, published_at__isnull=True)
    return drafts.select_related("scorecard").first()


def _found(request: PersonalRequest, made: Preview) -> dict[str, Any]:
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    customers: list[Customer] = []
    if words:
        rows = customers_named(words).visible_to(request.user)
        customers = list(rows.order_by("name", "pk")[:FOUND])
    content = difference_content(
        made, user=request.user, currency=request.company.currency
    )
    past = past_content(made.result["past"])
    return content | {"past": past, "words": words, "customers": customers}


def _of_customer(
    made: Preview | None, version: ScorecardVersion | None, seen: Customer
) -> PreviewCustomer | None:
    if made is None or version is None:
        return None
    made.version = version
    return preview_customer(preview=made, customer=seen)


def _said(found: PreviewCustomer, made: Preview) -> list[dict[str, Any]]:
    """This will put each line's value into words."""
    return [
        {
            "line": line,
            "measure": MEASURES[line.key],
            "words": MEASURES[line.key].sentence(
                line.value, line.before, made.run.as_of
            )
            if line.value == line.value
            else "",
        }
        for line in found.lines
        if line.key in MEASURES
    ]
