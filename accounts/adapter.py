"""How django-allauth behaves here."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import actor_of
from accounts.address import client_address
from accounts.attempts import UnableToTry, counted_name, one_at_a_time
from accounts.models import User
from accounts.selectors import company
from accounts.selectors.second_factor import (
    second_factor_demanded,
    second_factors_of,
)
from accounts.services.sign_in import sign_in_record
from common.sealing import seal, unseal


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Lets nobody in who was not invited: an administrator adds people."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "The email address or the password is wrong."
        ),
        "incorrect_password": gettext_lazy("This is not your password."),
        "incorrect_code": gettext_lazy("This code does not work."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """This will always refuse."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """This will give allauth the address that everybody else is given."""
        return client_address(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """This will check a password while nobody else tries the same door."""
        try:
            with one_at_a_time(request, credentials["email"]):
                found: User | None = super().authenticate(request, **credentials)
        except UnableToTry:
            return None
        return found

    def reauthenticate(self, user: User, password: str) -> bool:
        """This will check the password of somebody inside; a wrong one is counted."""
        given = {"email": user.email, "password": password, **counted_name(user.email)}
        return self.authenticate(context.request, **given) == user

    def login(self, request: HttpRequest, user: User) -> None:
        """This will open the session, and write down who came in, how and from where."""
        super().login(request, user)
        used = [
            record["method"] for record in get_authentication_records(request, user)
        ]
        sign_in_record(
            user=user, methods=used, by=actor_of(request), now=timezone.now()
        )

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """This will not ask again who came in a moment ago."""
        request = context.request
        records = get_authentication_records(request, request.user)
        fresh = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > fresh for record in records)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """This will return the ways to confirm who one is, the usual one first."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """This will name the only page where a password is changed."""
        return reverse("me")

    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        """This will send nothing: no body is ever made here.

        What allauth would tell (a password or a second factor changed) our own services
        say, as a kind of mail that the outbox renders: accounts.mails.
        """

    def send_notification_mail(self, *arguments: Any, **options: Any) -> None:
        """This will send nothing, for the same reason."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Second factors: sealed in the database, named in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code does not work."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your role needs a second factor, and this is your last one. Add another"
            " first."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes are for people with a second factor. Set one up first."
        ),
    }

    def encrypt(self, text: str) -> str:
        """This will make a secret unreadable in the database and in its dumps."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """This will make it readable again."""
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        """This will return what an authenticator app shows above the code."""
        return f"Keepwell {company().name}".strip()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """This will name the installation as passkey managers show it."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": self.get_totp_issuer()}

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002
        """This will propose a name for a passkey."""
        number = len(second_factors_of(user).passkeys) + 1
        return _("Passkey %(number)d") % {"number": number}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """This will refuse to take the last factor where the role demands one."""
        user: User = authenticator.user
        if not second_factor_demanded(user, company()):
            return True
        return second_factors_of(user).count > 1
