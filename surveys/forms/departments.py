"""What people type about departments."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mail.calculations.addresses import address_flaw


class DepartmentForm(forms.Form):
    """A department's name."""

    name = forms.CharField(
        label=gettext_lazy("Name of the department"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MemberForm(forms.Form):
    """Somebody who gets the department's links."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES
    )

    def clean_email(self) -> str:
        """This will refuse an address that mail cannot go to."""
        email: str = self.cleaned_data["email"]
        if address_flaw(email):
            raise ValidationError(_("This is not an address that mail can go to."))
        return email
