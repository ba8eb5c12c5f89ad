"""Signing in and out, and one's own appearance."""

import datetime as dt
from typing import Any

from allauth.account.views import LoginView
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import actor_of
from accounts.backends import DEMO_PASSWORD
from accounts.forms.sign_in import AppearanceForm, SignInForm
from accounts.http import PersonalRequest
from accounts.models import User
from accounts.selectors.people import nobody_exists
from accounts.services.sign_in import lock_out_record


class SignInView(LoginView):  # type: ignore[misc]  # allauth is untyped
    """The door."""

    form_class = SignInForm

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """This will lead the first visitor of an empty installation to setting it up."""
        if nobody_exists():
            return HttpResponseRedirect(reverse("setup"))
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """This will add the demo's people where somebody asked for the demo."""
        people = User.objects.filter(is_demo=True, is_active=True).order_by(
            "role", "pk"
        )
        return {
            **super().get_context_data(**kwargs),
            "demo_people": list(people[:6]) if settings.DEMO_ASKED_FOR else [],
            "demo_password": DEMO_PASSWORD,
        }


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None,
    credentials: dict[str, Any] | None,
) -> HttpResponse:
    """This will say, after too many wrong passwords or codes, when to try again."""
    name = (credentials or {}).get(settings.AXES_USERNAME_FORM_FIELD) or ""
    attempts = AccessAttempt.objects.filter(
        username=name,
        ip_address=request.axes_ip_address,  # type: ignore[attr-defined]
    )
    now = timezone.now()
    if getattr(request, "axes_failures_since_start", None):
        # This very attempt was one too many; those after it are only turned away.
        lock_out_record(email=name, by=actor_of(request), now=now)
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or now
    wait = max(last + get_cool_off(request) - now, dt.timedelta())
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    page = render(request, "account/locked_out.html", {"minutes": minutes}, status=429)
    page.headers["Retry-After"] = str(minutes * 60)
    return page


@require_POST
def appearance(request: PersonalRequest) -> HttpResponse:
    """This will change the language and theme of the person who asks, and go back."""
    form = AppearanceForm(request.POST, instance=request.user)
    if form.is_valid():
        form.save()
    else:
        messages.error(request, _("This language or appearance does not exist."))
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else reverse("today"))
