"""Who ought to pay by the year, and what is offered to them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.calculations.yearly import Terms
from billing.models import YearlyCandidate, YearlyOffer
from billing.selectors.offers import offer_state
from billing.services.offers import (
    OfferValues,
    UnableToOffer,
    offer_make,
    offer_withdraw,
)
from customers.access import editable_row_for
from insights.renewals_forms import OfferForm, terms_choices, terms_read
from insights.selectors.renewals import renewal_state
from insights.selectors.renewals_yearly import (
    candidates_page,
    contacts_to_write,
    offers_shown,
    reckoned,
)
from insights.services.renewals import assumptions_of

USUAL = "d10"


@require_safe
def yearly_candidates(request: PersonalRequest) -> HttpResponse:
    """This will rank customers who might pay by the year. The number of queries is fixed."""
    now = timezone.now()
    key, behind = _key(request.GET.get("terms", "")), request.GET.get("at", "")
    page = candidates_page(
        request.user,
        terms=_terms(key),
        assumed=assumptions_of(request.company),
        behind=behind,
    )
    offers = offers_shown(request.user, now=now)
    content: dict[str, Any] = {
        "state": renewal_state(),
        "rows": page.rows,
        "key": key,
        "terms": [(name, words, f"?terms={name}") for name, words in terms_choices()],
        "next_url": f"?terms={key}&at={page.following}" if page.following else "",
        "first_url": f"?terms={key}" if behind else "",
        "offers": [(offer, offer_state(offer, now=now)) for offer in offers],
        "assumed": assumptions_of(request.company),
        "currency": request.company.currency,
        "at": "yearly",
    }
    return render(request, "insights/renewals/yearly.html", content)


@require_http_methods(["GET", "HEAD", "POST"])
def yearly_offer_new(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show what an offer brings, and send it."""
    candidate = editable_row_for(
        request.user,
        YearlyCandidate.objects.select_related("customer", "subscription__plan"),
        pk,
    )
    contacts = contacts_to_write(candidate.customer)
    if request.method != "POST":
        key = _key(request.GET.get("terms", ""))
        return _page(
            request, candidate, OfferForm(initial={"terms": key}, contacts=contacts)
        )
    form = OfferForm(request.POST, contacts=contacts)
    if not form.is_valid():
        return _page(request, candidate, form, 422)
    discount, free_months = form.terms_chosen()
    values = OfferValues(
        contact=form.cleaned_data["contact"],
        discount=discount,
        free_months=free_months,
        days=form.cleaned_data["days"],
    )
    try:
        offer_make(
            subscription=candidate.subscription,
            values=values,
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToOffer as refusal:
        form.add_error(None, str(refusal))
        return _page(request, candidate, form, 422)
    words = {"name": values.contact.name}
    messages.success(request, _("The offer goes to %(name)s.") % words)
    return HttpResponseRedirect(reverse("yearly_candidates"))


@require_POST
def yearly_offer_withdraw(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take an open offer back."""
    offer = editable_row_for(request.user, YearlyOffer.objects.all(), pk)
    if offer_withdraw(offer=offer, by=actor_of(request), now=timezone.now()):
        messages.success(request, _("The offer is withdrawn; its link opens nothing."))
    else:
        messages.info(request, _("The offer was answered or over before."))
    return HttpResponseRedirect(reverse("yearly_candidates"))


def _page(
    request: PersonalRequest,
    candidate: YearlyCandidate,
    form: OfferForm,
    status: int = 200,
) -> HttpResponse:
    assumed = assumptions_of(request.company)
    content = {
        "candidate": candidate,
        "options": [
            (words, reckoned([candidate], _terms(key), assumed)[0])
            for key, words in terms_choices()
        ],
        "form": form,
        "nobody": not form.fields["contact"].queryset.exists(),  # type: ignore[attr-defined]
        "assumed": assumed,
        "currency": request.company.currency,
    }
    return render(request, "insights/renewals/offer.html", content, status=status)


def _key(text: str) -> str:
    return text if text in {key for key, _words in terms_choices()} else USUAL


def _terms(key: str) -> Terms:
    discount, free_months = terms_read(key)
    return Terms(float(discount), free_months)
