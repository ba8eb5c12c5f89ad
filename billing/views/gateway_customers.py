"""Customers of a gateway that are nobody's here, and saying whose they are."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.models import GatewayAccount
from billing.selectors.gateways.rows import (
    customers_found,
    nobodys,
    nobodys_page,
    objects_of,
)
from billing.services.gateways.linking import UnableToLink, customer_link
from billing.views.gateway import number_of
from customers.access import customer_for

LONGEST_WORDS = 100


@require_safe
@for_administrators
def gateway_customers(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will list the customers of the gateway of whom nobody knows who they are."""
    account = get_object_or_404(GatewayAccount, pk=pk)
    before = number_of(request, "before")
    page = nobodys_page(account, before=before)
    content = {
        "account": account,
        "page": page,
        "first": not before,
        "address": reverse("gateway_customers", args=[pk]),
    }
    return render(request, "billing/gateways/customers.html", content)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def gateway_customer(request: PersonalRequest, pk: int, row: int) -> HttpResponse:
    """This will look for whose a customer of the gateway is, and note it."""
    account = get_object_or_404(GatewayAccount, pk=pk)
    if request.method == "POST":
        return _linked(request, account, row)
    theirs = get_object_or_404(nobodys(account), pk=row)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    content = {
        "account": account,
        "theirs": theirs,
        "words": words,
        "found": customers_found(request.user, words),
    }
    return render(request, "billing/gateways/customer.html", content)


def _linked(
    request: PersonalRequest, account: GatewayAccount, row: int
) -> HttpResponse:
    theirs = get_object_or_404(objects_of(account), pk=row)
    chosen = request.POST.get("customer", "")
    customer = customer_for(request.user, int(chosen) if chosen.isdecimal() else 0)
    try:
        customer_link(
            row=theirs, customer=customer, by=actor_of(request), now=timezone.now()
        )
    except UnableToLink as error:
        messages.warning(request, str(error))
    else:
        text = _("%(number)s is %(name)s. What waited for that is read now.")
        words = {"number": theirs.external_id, "name": customer.name}
        messages.success(request, text % words)
    return HttpResponseRedirect(reverse("gateway_customers", args=[account.pk]))
