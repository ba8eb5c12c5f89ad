"""An address for the suppression list, as typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mail.enums import SuppressionScope


class SuppressionForm(forms.Form):
    """An address that is to get no more mail, how much of it, and why."""

    email = forms.EmailField(label=_("Email address"), max_length=254)
    scope = forms.ChoiceField(
        label=_("Gets no more"),
        choices=SuppressionScope.choices,
        initial=SuppressionScope.ALL,
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label=_("Why"),
        max_length=200,
        required=False,
        help_text=_("Such as: asked for it on the phone."),
    )
