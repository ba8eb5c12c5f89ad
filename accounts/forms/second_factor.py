"""What people type for a second factor. Wrong codes are counted like wrong passwords."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.attempts import (
    UnableToTry,
    attempt_failed,
    attempts_close,
    attempts_open,
    one_at_a_time,
)
from accounts.services.second_factor import code_take
from common.sealing import UnableToUnseal

LONGEST_NAME = 60
CODE_HELP = _(
    "The six digits that your authenticator app shows now, or one of your recovery codes."
)
UNREADABLE = _(
    "Your second factor can not be read any more, because the secret key of this"
    " installation has changed. Ask an administrator to take it away."
)

NOT_ACCEPTED = _("The passkey was not accepted. Try once more.")
# What allauth and fido2 raise on answers that no browser gives.
NONSENSE = (ValidationError, LookupError, ValueError, TypeError, AttributeError)


def code_field(form: Any, *, help_text: Any = "") -> None:
    """This will dress a form's code field: label above, digits on a phone."""
    field = form.fields["code"]
    field.label, field.help_text = _("Code"), help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(
        {"inputmode": "numeric", "autofocus": True, "autocomplete": "one-time-code"}
    )


class Counted(forms.Form):
    """Checks a code while nobody else tries one, and counts it when it is wrong."""

    user: Any
    authenticator: Authenticator

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        code_field(self, help_text=CODE_HELP)

    def clean_code(self) -> str:
        """This will refuse wrong codes, used ones, and any after too many wrong ones."""
        code: str = self.cleaned_data["code"]
        try:
            # Nothing may be raised in here: it would take the count back.
            with one_at_a_time(context.request, self.user.email):
                flaw = self._flaw(code)
        except UnableToTry:
            flaw = self._refusal()
        if flaw:
            raise flaw
        return code

    def _flaw(self, code: str) -> ValidationError | None:
        request, email = context.request, self.user.email
        if not attempts_open(request, email):
            attempts_close(request, email)
            return self._refusal()
        try:
            super().clean_code()  # type: ignore[misc]  # of allauth's form, beside us
            if self._counts(code):
                return None
            flaw = self._refusal()
        except UnableToUnseal:
            return ValidationError(UNREADABLE, "unreadable")
        except ValidationError as error:
            flaw = error
        attempt_failed(request, email)
        return flaw

    def _counts(self, code: str) -> bool:
        if self.authenticator.type != Authenticator.Type.TOTP:
            return True
        return code_take(authenticator=self.authenticator, code=code)

    def _refusal(self) -> ValidationError:
        return ValidationError(_("This code does not work."), "incorrect_code")


class CodeForm(Counted, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second step of signing in."""


class CodeAgainForm(Counted, CodeReauthenticateForm):  # type: ignore[misc]  # allauth
    """A code once more, before something that protects the account is changed."""


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The password once more, for the same."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["password"]
        field.label, field.help_text = _("Password"), ""
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["autofocus"] = True


class AppForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth is untyped
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        code_field(self, help_text=_("The six digits that the app shows now."))


class Proven(forms.Form):
    """Checks what a passkey signed; anything else is refused in words."""

    def clean_credential(self) -> Any:
        """This will return the passkey, or say that it was not accepted."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # allauth's, beside us
        except NONSENSE:
            raise ValidationError(NOT_ACCEPTED, "incorrect_code") from None


class PasskeyDoorForm(Proven, LoginWebAuthnForm):  # type: ignore[misc]  # allauth
    """A passkey in place of the password."""


class PasskeyStepForm(Proven, AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth
    """A passkey as the second step."""


class PasskeyAgainForm(Proven, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey once more, before something that protects the account is changed."""


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """A new passkey; the browser fills in the credential."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.label, name.max_length = _("Name"), LONGEST_NAME
        name.widget.attrs["maxlength"] = LONGEST_NAME
        name.help_text = _("So that you know later which one it is.")
        alone.label = _("Sign in with it alone, without the password")
        alone.help_text = _("The device then asks for a fingerprint, a face or a PIN.")
        alone.initial = True

    def clean(self) -> dict[str, Any]:
        """This will check the credential; what a browser does not send is refused too."""
        try:
            data: dict[str, Any] = super().clean()
        except NONSENSE:
            raise ValidationError(NOT_ACCEPTED, "incorrect_code") from None
        return data


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """Another name for a passkey."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        name = self.fields["name"]
        name.label, name.max_length = _("Name"), LONGEST_NAME
        name.widget.attrs["maxlength"] = LONGEST_NAME
