"""Hiding customers from the at-risk list, and bringing them back."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import PersonalRequest
from common.formats import day_long
from common.undo import message_with_undo, way_back
from customers.access import editable_customer_for
from health.forms import SnoozeForm
from health.services.snoozes import customer_snooze, customer_unsnooze, snooze_day


@require_POST
def snooze(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will hide a customer from the list and go back to it."""
    customer = editable_customer_for(request.user, pk)
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("This is not a time to hide a customer for."))
    until = snooze_day(form.cleaned_data["period"], today=timezone.localdate())
    customer_snooze(
        customer=customer, until=until, author=request.user, now=timezone.now()
    )
    back = way_back(request, reverse("today"))
    words = {"name": customer.name, "day": day_long(until, request.LANGUAGE_CODE)}
    message_with_undo(
        request,
        _("%(name)s is hidden until %(day)s.") % words,
        url=reverse("unsnooze", args=[customer.pk]),
        back=back,
    )
    return HttpResponseRedirect(back)


@require_POST
def unsnooze(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will bring a hidden customer back and go back to the list."""
    customer = editable_customer_for(request.user, pk)
    customer_unsnooze(
        customer=customer,
        author=request.user,
        today=timezone.localdate(),
        now=timezone.now(),
    )
    text = _("%(name)s is on the list again.") % {"name": customer.name}
    messages.success(request, text)
    return HttpResponseRedirect(way_back(request, reverse("today")))
