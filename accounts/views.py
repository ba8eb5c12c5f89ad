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
from django.views.generic import TemplateView

from accounts.backends import DEMO_PASSWORD
from accounts.forms import AppearanceForm, SignInForm
from accounts.http import PersonalRequest
from accounts.models import User


class SignInView(LoginView):  # type: ignore[misc]  # allauth is untyped
    """The door."""

    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """This will add the demo's people where somebody asked for the demo."""
        people = User.objects.filter(is_demo=True, is_active=True).order_by(
            "role", "pk"
        )
        return {
            **super().get_context_data(**kwargs),
            "demo_people": list(people[:6]) if settings.DEMO_ASKED_FOR else [],
            "demo_password": DEMO_PASSWORD,
            "nobody": not User.objects.exists(),
        }


@method_decorator(login_not_required, name="dispatch")
class PasswordHelpView(TemplateView):
    """Whom to ask for a new password, until mail can bring one."""

    template_name = "account/password_help.html"


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None,
    credentials: dict[str, Any] | None,
) -> HttpResponse:
    """This will say, after too many wrong passwords, when to try again."""
    name = (credentials or {}).get(settings.AXES_USERNAME_FORM_FIELD)
    attempts = AccessAttempt.objects.filter(
        username=name,
        ip_address=request.axes_ip_address,  # type: ignore[attr-defined]
    )
    now = timezone.now()
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
