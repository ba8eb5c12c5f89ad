"""A lost password: asking for a link, and using it."""

from allauth.account.internal.flows.password_reset import (
    perform_password_reset_login,
)
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import actor_of
from accounts.attempts import attempts_forget
from accounts.forms.passwords import NewPasswordForm, ResetAskForm
from accounts.selectors.passwords import person_by_link
from accounts.services.passwords import (
    UnableToResetPassword,
    password_reset,
    password_reset_ask,
)

forms_only = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@never_cache
@forms_only
def reset_ask(request: HttpRequest) -> HttpResponse:
    """This will take an address, and say the same whosever it is."""
    form = ResetAskForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "account/reset_ask.html", {"form": form}, status=status)
    password_reset_ask(
        email=form.cleaned_data["email"],
        language=translation.get_language() or "",
        now=timezone.now(),
    )
    return HttpResponseRedirect(reverse("password_reset_sent"))


@login_not_required
@never_cache
@require_safe
def reset_sent(request: HttpRequest) -> HttpResponse:
    """This will say what happens next; it knows no more than the visitor."""
    return render(request, "account/reset_sent.html")


@login_not_required
@never_cache
@sensitive_post_parameters()
@forms_only
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """This will set a new password by a mail's link and sign the person in.

    A second factor is still asked for. Opening the link changes nothing: mail scanners
    open every link.
    """
    person = person_by_link(token)
    if person is None:
        return render(request, "account/reset_expired.html", status=410)
    form = NewPasswordForm(request.POST or None, user=person)
    if request.method != "POST" or not form.is_valid():
        content = {"form": form, "person": person}
        status = 422 if form.is_bound else 200
        return render(request, "account/reset.html", content, status=status)
    try:
        person = password_reset(
            token=token,
            password=form.cleaned_data["new_password"],
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToResetPassword:
        return render(request, "account/reset_expired.html", status=410)
    attempts_forget(request, person.email)
    # Whoever sat here before has nothing to do with it.
    logout(request)
    messages.success(request, _("Your new password is set."))
    answer: HttpResponse = perform_password_reset_login(
        request, person, email=person.email
    )
    return answer
