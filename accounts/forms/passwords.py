"""What people type to get, make or change a password."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User


def _rules() -> str:
    return " ".join(password_validators_help_texts())


class ResetAskForm(forms.Form):
    """Whose password is lost."""

    email = forms.EmailField(
        label=_("Email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class NewPasswordForm(forms.Form):
    """A new password of somebody (it may not resemble the person), typed twice."""

    new_password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=lazy(_rules, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    new_password_again = forms.CharField(
        label=_("New password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_new_password(self) -> str:
        """This will refuse passwords that are short, common or the person's own name."""
        password: str = self.cleaned_data["new_password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """This will see that both are the same."""
        data = super().clean() or {}
        again = data.get("new_password_again")
        if again and data.get("new_password") not in (None, again):
            text = _("The two passwords differ. Type the same twice.")
            self.add_error("new_password_again", ValidationError(text, "mismatch"))
        return data


class PasswordChangeForm(NewPasswordForm):
    """The old password, and a new one twice."""

    old_password = forms.CharField(
        label=_("Password until now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old_password", "new_password", "new_password_again")

    def clean_old_password(self) -> str:
        """This will check the old one; wrong ones are counted as at the door."""
        password: str = self.cleaned_data["old_password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise ValidationError(_("This is not your password."), "wrong")
        return password
