"""What customers say without being asked: the list, writing down, putting right."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from common.undo import message_with_undo, way_back
from customers.access import editable_customer_for, editable_row_for
from customers.models import Customer, SupportTicket
from customers.timeline import place_from
from surveys.enums import FeedbackSource
from surveys.forms.feedback import FeedbackForm
from surveys.models import Feedback
from surveys.selectors.feedback_list import (
    customers_to_speak_of,
    feedback_counts,
    feedback_page,
)
from surveys.services.feedback import (
    feedback_delete,
    feedback_edit,
    feedback_record,
    feedback_restore,
)

METHODS = ["GET", "HEAD", "POST"]
LONGEST_WORDS = 100
# What was deleted last, so that it can be brought back; it ends with the session.
DELETED = "surveys.feedback_deleted"


@require_safe
def feedback(request: PersonalRequest) -> HttpResponse:
    """This will list feedback with filters by source and a search."""
    source, words = request.GET.get("source", ""), _words(request)
    source = source if source in FeedbackSource.values else ""
    behind = place_from(request.GET.get("at", ""))
    counts = feedback_counts(request.user, words=words)
    page = feedback_page(request.user, source=source, words=words, behind=behind)
    content = {
        "page": page,
        "words": words,
        "source": source,
        "chips": _chips(counts, source, words),
        "any": bool(counts) or bool(words),
        "older_url": _url(source, words, page.older) if page.older else "",
        "newest_url": _url(source, words) if behind else "",
    }
    return render(request, "surveys/feedback.html", content)


@require_http_methods(METHODS)
def feedback_new(request: PersonalRequest) -> HttpResponse:
    """This will ask of which customer, then what was said, and keep it."""
    if not request.user.may_edit:
        raise PermissionDenied
    number = request.GET.get("customer", "")
    if not _is_number(number):
        words = _words(request)
        found = customers_to_speak_of(request.user, words)
        content: dict[str, Any] = {"words": words, "found": found}
        status = 422 if request.method == "POST" else 200
        return render(request, "surveys/feedback_whose.html", content, status=status)
    customer = editable_customer_for(request.user, int(number))
    initial = _of_ticket(request, customer)
    form = FeedbackForm(
        request.POST if request.method == "POST" else None,
        customer=customer,
        today=timezone.localdate(),
        initial=initial,
    )
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, customer)
    now = timezone.now()
    feedback_record(
        customer=customer, said=form.said(now), by=actor_of(request), now=now
    )
    messages.success(request, _("Kept: %(name)s") % {"name": customer.name})
    return HttpResponseRedirect(reverse("feedback"))


@require_http_methods(METHODS)
def feedback_change(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show and put right what was written down."""
    stored = _editable(request, pk)
    form = FeedbackForm(
        request.POST if request.method == "POST" else None,
        customer=stored.customer,
        today=timezone.localdate(),
        stored=stored,
    )
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, stored.customer, stored)
    now = timezone.now()
    feedback_edit(feedback=stored, said=form.said(now), now=now)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("feedback"))


@require_POST
def feedback_remove(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will delete a comment, with a way to take it back."""
    stored = _editable(request, pk)
    request.session[DELETED] = feedback_delete(
        feedback=stored, by=actor_of(request), now=timezone.now()
    )
    back = reverse("feedback")
    undo = reverse("feedback_restore")
    message_with_undo(request, _("Deleted."), url=undo, back=back)
    return HttpResponseRedirect(back)


@require_POST
def feedback_return(request: PersonalRequest) -> HttpResponse:
    """This will bring back what the person deleted last."""
    kept = request.session.pop(DELETED, None)
    if kept is None:
        messages.info(request, _("There is nothing to bring back."))
    else:
        customer = editable_customer_for(request.user, kept["customer_id"])
        feedback_restore(
            kept=kept, customer=customer, by=actor_of(request), now=timezone.now()
        )
        messages.success(request, _("It is back."))
    return HttpResponseRedirect(way_back(request, reverse("feedback")))


def _editable(request: PersonalRequest, pk: int) -> Feedback:
    user = request.user
    return editable_row_for(
        user, Feedback.objects.select_related("customer__owner"), pk
    )


def _form_page(
    request: PersonalRequest,
    form: FeedbackForm,
    customer: Customer,
    stored: Feedback | None = None,
) -> HttpResponse:
    content = {"form": form, "customer": customer, "stored": stored}
    status = 422 if form.is_bound else 200
    return render(request, "surveys/feedback_form.html", content, status=status)


def _of_ticket(request: PersonalRequest, customer: Customer) -> dict[str, Any]:
    """This will begin with the ticket that the person comes from, if it is one."""
    number = request.GET.get("ticket", "")
    if not _is_number(number):
        return {}
    tickets = SupportTicket.objects.filter(customer=customer, pk=int(number))
    ticket = tickets.first()
    if ticket is None:
        return {}
    return {
        "ticket": ticket.pk,
        "contact": ticket.contact_id,
        "source": FeedbackSource.TICKET,
        "said_on": timezone.localtime(ticket.opened_at).date(),
    }


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _words(request: PersonalRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]


def _chips(counts: dict[str, int], source: str, words: str) -> list[dict[str, object]]:
    chips: list[dict[str, object]] = [
        {
            "label": _("All"),
            "count": sum(counts.values()),
            "url": _url("", words),
            "current": not source,
        }
    ]
    chips += [
        {
            "label": one.label,
            "count": counts.get(one.value, 0),
            "url": _url(one.value, words),
            "current": source == one.value,
        }
        for one in FeedbackSource
        if counts.get(one.value) or source == one.value
    ]
    return chips


def _url(source: str, words: str, at: str = "") -> str:
    parts = {"source": source, "q": words, "at": at}
    query = urlencode({key: value for key, value in parts.items() if value})
    return f"{reverse('feedback')}?{query}" if query else reverse("feedback")
