"""What people type about themselves."""

from typing import TYPE_CHECKING, Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """Email and password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].label = _("Email address")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            # Words inside the field vanish while somebody types; the label stays.
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs["autofocus"] = True

    def user_credentials(self) -> dict[str, str]:
        """This will add the name under which django-axes counts failed attempts.

        Without it axes would count every person as the same nobody. Lower case, so that
        changing capitals does not give new attempts.
        """
        credentials: dict[str, str] = super().user_credentials()
        return {**credentials, "login": credentials["email"].lower()}


if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm


class AppearanceForm(UserForm):
    """How the pages look and speak to one person."""

    language = forms.ChoiceField(choices=lambda: settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["language", "theme"]
