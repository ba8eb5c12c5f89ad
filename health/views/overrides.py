"""Setting a score by hand, ending that, and taking either back."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.dates import local_day
from common.undo import message_with_undo, way_back
from customers.access import editable_customer_for
from health.forms import OverrideForm
from health.services.overrides import (
    UnableToOverride,
    UnableToReturnOverride,
    override_end,
    override_return,
    override_set,
)
from health.views.explained_page import health_page


@require_POST
def override_set_page(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will let another score count; 422 shows what is amiss."""
    customer, now = editable_customer_for(request.user, pk), timezone.now()
    form = OverrideForm(request.POST)
    if form.is_valid():
        try:
            override_set(
                customer=customer,
                score=form.cleaned_data["score"],
                reason=form.cleaned_data["reason"],
                expires_on=form.cleaned_data["expires_on"],
                by=actor_of(request),
                today=local_day(now, ZoneInfo(request.company.time_zone)),
                now=now,
            )
        except UnableToOverride as error:
            form.add_error("expires_on", str(error))
        else:
            back = way_back(request, reverse("customer_health", args=[pk]))
            words = {"name": customer.name, "score": form.cleaned_data["score"]}
            text = _("The score of %(name)s is now %(score)d.") % words
            url = reverse("override_end", args=[pk])
            message_with_undo(request, text, url=url, back=back)
            return HttpResponseRedirect(back)
    return health_page(request, customer, override_form=form, status=422)


@require_POST
def override_end_page(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will let the formula's score count again, with a way to take it back."""
    customer, now = editable_customer_for(request.user, pk), timezone.now()
    back = way_back(request, reverse("customer_health", args=[pk]))
    ended = override_end(customer=customer, by=actor_of(request), now=now)
    if ended is None:
        messages.success(request, _("The score is not set by hand any more."))
        return HttpResponseRedirect(back)
    message_with_undo(
        request,
        _("The score is not set by hand any more."),
        url=reverse("override_return", args=[pk]),
        back=back,
    )
    return HttpResponseRedirect(back)


@require_POST
def override_return_page(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will bring back the score by hand that was ended last."""
    customer, now = editable_customer_for(request.user, pk), timezone.now()
    try:
        found = override_return(
            customer=customer,
            by=actor_of(request),
            today=local_day(now, ZoneInfo(request.company.time_zone)),
            now=now,
        )
    except UnableToReturnOverride as error:
        messages.warning(request, str(error))
    else:
        words = {"name": customer.name, "score": found.score}
        text = _("The score of %(name)s is now %(score)d.") % words
        messages.success(request, text)
    back = reverse("customer_health", args=[pk])
    return HttpResponseRedirect(way_back(request, back))
