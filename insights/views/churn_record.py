"""Why a customer left, and whether the score had said so."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actor import actor_of
from accounts.http import PersonalRequest
from billing.forms.churn import REASONS, ChurnForm
from billing.selectors.churn import churn_last, words_used
from billing.services.churn import churn_record as churn_write
from common.undo import way_back
from customers.access import editable_customer_for
from insights.departure_words import departure_words
from insights.selectors.warned import departure_judged

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def churn_record(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will ask why a customer left and keep the answer; 404 where it has not left."""
    customer = editable_customer_for(request.user, pk)
    event = churn_last(customer)
    if event is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = ChurnForm(data, event=event)
    if data is not None and form.is_valid():
        churn_write(
            event=event, values=form.values(), by=actor_of(request), now=timezone.now()
        )
        messages.success(
            request, _("Kept. It counts in the churn figures from now on.")
        )
        back = reverse("customer", args=[pk]) + "#subscriptions"
        return HttpResponseRedirect(way_back(request, back))
    judged = departure_judged(event)
    usual = [str(word) for word in REASONS]
    content = {
        "customer": customer,
        "event": event,
        "form": form,
        "judged": judged,
        "told": departure_words(judged),
        "reasons": list(dict.fromkeys([*usual, *words_used("reason")])),
        "competitors": words_used("competitor"),
    }
    status = 422 if form.errors else 200
    return render(request, "insights/churn/record.html", content, status=status)
