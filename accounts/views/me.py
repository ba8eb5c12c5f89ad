"""One's own account: profile, digest, password, second factor, sessions."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actor import actor_of
from accounts.forms.me import DigestForm, ProfileForm
from accounts.forms.passwords import PasswordChangeForm
from accounts.http import PersonalRequest
from accounts.models import User
from accounts.selectors.second_factor import (
    second_factor_demanded,
    second_factors_of,
)
from accounts.selectors.sign_ins import sign_ins_of
from accounts.services.passwords import password_change
from accounts.services.profiles import profile_change
from accounts.services.sign_in import sessions_end


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: PersonalRequest) -> HttpResponse:
    """This will show one's own account, and keep what was typed about oneself."""
    if request.method != "POST":
        return _page(request)
    form = ProfileForm(
        request.POST, instance=_copy(request), company_zone=request.company.time_zone
    )
    if not form.is_valid():
        return _page(request, status=422, profile=form)
    held = _keep(request, form)
    # The answer is read in the language that was just chosen.
    with translation.override(held.language or translation.get_language()):
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("me"))


@require_POST
def digest(request: PersonalRequest) -> HttpResponse:
    """This will keep when the digest comes."""
    form = DigestForm(request.POST, instance=_copy(request))
    if not form.is_valid():
        return _page(request, status=422, digest=form)
    _keep(request, form)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("me") + "#digest")


@sensitive_post_parameters()
@require_POST
def password(request: PersonalRequest) -> HttpResponse:
    """This will change the password and end all sessions but this one."""
    form = PasswordChangeForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, status=422, password=form)
    password_change(
        user=request.user,
        password=form.cleaned_data["new_password"],
        by=actor_of(request),
        now=timezone.now(),
    )
    update_session_auth_hash(request, request.user)
    messages.success(
        request,
        _("Your password is changed. All other devices are signed out."),
    )
    return HttpResponseRedirect(reverse("me"))


@require_POST
def sign_out_elsewhere(request: PersonalRequest) -> HttpResponse:
    """This will end all sessions but this one."""
    sessions_end(user=request.user, by=actor_of(request), now=timezone.now())
    update_session_auth_hash(request, request.user)
    messages.success(request, _("All other devices are signed out."))
    return HttpResponseRedirect(reverse("me"))


def _copy(request: PersonalRequest) -> User:
    """This will return a copy for a form to write into.

    The page around a refused form still shows who is signed in, not what was typed.
    """
    return User.objects.get(pk=request.user.pk)


def _keep(request: PersonalRequest, form: BaseForm) -> User:
    return profile_change(
        user=request.user,
        values=form.cleaned_data,
        by=actor_of(request),
        now=timezone.now(),
    )


def _page(request: PersonalRequest, status: int = 200, **forms: Any) -> HttpResponse:
    user = request.user
    zone = request.company.time_zone
    content = {
        "profile": ProfileForm(instance=user, company_zone=zone),
        "digest": DigestForm(instance=user),
        "password": PasswordChangeForm(user=user),
        "factors": second_factors_of(user),
        "demanded": second_factor_demanded(user, request.company),
        "sign_ins": sign_ins_of(user),
        **forms,
    }
    return render(request, "accounts/me.html", content, status=status)
