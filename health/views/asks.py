"""Noting that a customer was asked, and what it said."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.undo import message_with_undo, way_back
from customers.access import editable_customer_for, editable_row_for
from health.enums import AskKind
from health.forms import AgreedForm, AskForm
from health.models import Ask
from health.services.asks import ask_answer, ask_record, ask_undo


@require_POST
def ask_note(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will note that a customer was asked, and go back to the list."""
    customer = editable_customer_for(request.user, pk)
    form = AskForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("This is nothing a customer is asked for."))
    ask = ask_record(
        customer=customer,
        kind=AskKind(form.cleaned_data["kind"]),
        note=form.cleaned_data["note"],
        by=actor_of(request),
        now=timezone.now(),
    )
    back = way_back(request, reverse("healthiest"))
    text = _("Noted that %(name)s was asked.") % {"name": customer.name}
    message_with_undo(request, text, url=reverse("ask_undo", args=[ask.pk]), back=back)
    return HttpResponseRedirect(back)


@require_POST
def ask_undone(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take the note back, and go back to the list."""
    ask = editable_row_for(request.user, Ask.objects.select_related("customer"), pk)
    text = _("%(name)s was not asked.") % {"name": ask.customer.name}
    ask_undo(ask=ask)
    messages.success(request, text)
    return HttpResponseRedirect(way_back(request, reverse("healthiest")))


@require_POST
def ask_agreed(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will note what the customer said, and go back to those asked."""
    ask = editable_row_for(request.user, Ask.objects.select_related("customer"), pk)
    form = AgreedForm(request.POST)
    form.is_valid()
    ask_answer(ask=ask, agreed=form.cleaned_data["agreed"])
    name = {"name": ask.customer.name}
    said = {
        True: _("Noted that %(name)s agreed."),
        False: _("Noted that %(name)s declined."),
        None: _("Noted that %(name)s has not answered yet."),
    }
    messages.success(request, said[ask.agreed] % name)
    return HttpResponseRedirect(way_back(request, reverse("healthiest_asked")))
