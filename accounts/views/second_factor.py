"""Second factors: allauth's steps, with our answers, entries in the log and mails."""

from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actor import actor_of
from accounts.adapter import SecondFactorAdapter
from accounts.http import PersonalRequest
from accounts.models import User
from accounts.selectors.second_factor import (
    HAS_SECOND_FACTOR,
    second_factor_demanded,
    second_factors_of,
)
from accounts.services.second_factor import REMOVALS, Change, second_factor_changed


@require_safe
def index(request: PersonalRequest) -> HttpResponse:
    """This will show what a person has set up; who has to set up first, begins here."""
    factors = second_factors_of(request.user)
    demanded = second_factor_demanded(request.user, request.company)
    content = {
        "factors": factors,
        "demanded": demanded,
        "must": demanded and not factors.count,
    }
    return render(request, "mfa/index.html", content)


class Told:
    """A step that is written down and told in the transaction that takes it."""

    change: Change
    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """This will take the step, while the person's other steps wait."""
        user: Any = self.request.user
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            second_factor_changed(
                user=user,
                change=self.change,
                by=actor_of(self.request),
                now=timezone.now(),
            )
        self.request.session.pop(HAS_SECOND_FACTOR, None)
        if self.change in REMOVALS:
            update_session_auth_hash(self.request, user)
        return answer


class AppAddView(Told, app.ActivateTOTPView):  # type: ignore[misc]  # allauth is untyped
    """Setting up an authenticator app."""

    change = Change.APP_ADDED


class AppRemoveView(Told, app.DeactivateTOTPView):  # type: ignore[misc]
    """Taking the app away; the form refuses where it is the last and demanded."""

    change = Change.APP_REMOVED


class CodesRenewView(Told, codes.GenerateRecoveryCodesView):  # type: ignore[misc]
    """New recovery codes; the old ones end."""

    change = Change.CODES_RENEWED


class PasskeyAddView(Told, passkey.AddWebAuthnView):  # type: ignore[misc]
    """Adding a passkey."""

    change = Change.PASSKEY_ADDED


class PasskeyRemoveView(Told, passkey.RemoveWebAuthnView):  # type: ignore[misc]
    """Taking a passkey away, unless it is the last factor and one is demanded."""

    change = Change.PASSKEY_REMOVED

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """This will say beforehand whether it may go."""
        may_go = SecondFactorAdapter().can_delete_authenticator(self.object)
        return {**super().get_context_data(**kwargs), "may_go": may_go}

    def form_valid(self, form: Any) -> HttpResponse:
        """This will refuse with the reason, or take it away."""
        with transaction.atomic():
            user: Any = self.request.user
            User.objects.select_for_update().get(pk=user.pk)
            adapter = SecondFactorAdapter()
            if not adapter.can_delete_authenticator(self.object):
                error = adapter.validation_error("cannot_delete_authenticator")
                messages.error(self.request, error.message)
                return HttpResponseRedirect(self.get_success_url())
            return super().form_valid(form)


class PasskeyAgainView(passkey.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Confirming with a passkey who one is."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """This will say so and ask once more."""
        messages.error(self.request, _("The passkey was not accepted. Try once more."))
        return HttpResponseRedirect(self.request.get_full_path())


@method_decorator(login_not_required, name="dispatch")
class PasskeySignInView(passkey.LoginWebAuthnView):  # type: ignore[misc]
    """Signing in with a passkey alone."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """This will say so on the sign-in page, whoever's passkey it was."""
        form.errors["credential"] = []
        messages.error(
            self.request,
            _("This passkey opens nothing here. Sign in with your password."),
        )
        answer: HttpResponse = super().form_invalid(form)
        return answer


authenticate = base.AuthenticateView.as_view()
reauthenticate = base.ReauthenticateView.as_view()
